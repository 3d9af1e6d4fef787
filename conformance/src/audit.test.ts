import type { Message, Primitive, TransactionInput } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { Audit } from './audit.ts'

const message = (primitive: unknown, more: object = {}): Message =>
  ({
    version: '1.3',
    transactions: [{ mode: 'Response', id: '1', primitive: primitive as Primitive, ...more }],
  }) as unknown as Message

const faultsIn = (primitive: unknown, asked: readonly TransactionInput[] = []) => {
  const audit = new Audit()
  audit.look(message(primitive), asked)
  return [...audit.faults('mandatory'), ...audit.faults('conditional')]
}

const info = { messageId: 'm', contentSize: 1, dateTime: new Date(0), sender: {}, recipient: {} }
const login = { result: { code: 200 }, sessionId: 's', keepAliveTime: 60, capabilityRequest: true }

describe('an audit', () => {
  it('finds nothing wrong with what is as it must be', () => {
    expect(faultsIn({ name: 'NewMessage', body: { messageInfo: info, contentData: 'x' } })).toEqual([])
    expect(faultsIn({ name: 'LoginResponse', body: login })).toEqual([])
    expect(faultsIn({ name: 'LoginResponse', body: { result: { code: 409 } } })).toEqual([])
    expect(
      faultsIn({ name: 'LoginResponse', body: { result: { code: 200 }, nonce: 'n', digestSchema: 'MD5' } }),
    ).toEqual([])
  })

  it('says what is missing, and what a condition forbids', () => {
    expect(faultsIn({ name: 'NewMessage', body: { messageInfo: { ...info, dateTime: undefined } } })).toEqual([
      'NewMessage of 1.3: dateTime is missing from Message-Info',
    ])
    expect(faultsIn({ name: 'LoginResponse', body: { ...login, keepAliveTime: undefined } })).toEqual([
      'LoginResponse of 1.3: keepAliveTime is missing when the login is successful',
    ])
    expect(faultsIn({ name: 'LoginResponse', body: { ...login, result: { code: 409 } } })).toHaveLength(3)
    expect(faultsIn({ name: 'Status', body: { result: { code: 201, details: [] } } })).toEqual([
      'Status of 1.3: a 201 has no details',
    ])
  })

  it('goes by what was asked, where that is known', () => {
    const primitive = { name: 'ServiceRequest', body: { allFunctionsRequest: true } } as const
    const answer = { name: 'ServiceResponse', body: {} }
    expect(faultsIn(answer)).toEqual([])
    expect(faultsIn(answer, [{ mode: 'Request', id: '1', primitive }])).toEqual([
      'ServiceResponse of 1.3: allFunctions is missing when all were asked for',
    ])
  })

  it('knows what of presence has to be said', () => {
    const told = (statusText: object, code = 200) => {
      const presences = [{ userId: 'wv:juliet', presenceSubLists: [{ statusText }] }]
      return faultsIn({ name: 'GetPresenceResponse', body: { result: { code }, presences } })
    }
    expect(told({ qualifier: true, presenceValue: 'x' })).toEqual([])
    expect(told({ qualifier: false })).toEqual([])
    expect(told({ qualifier: true })).toEqual(['GetPresenceResponse of 1.3: an empty value has no Qualifier F'])
    expect(told({ qualifier: false }, 531)).toEqual(['GetPresenceResponse of 1.3: presences are there without success'])
  })

  it('counts what cannot be read as a part that is missing, and each fault once', () => {
    const audit = new Audit()
    const unread = message(undefined, { refusal: { description: 'MessageID is missing' } })
    for (let count = 0; count < 2; count++) audit.look(unread, [])
    expect(audit.faults('mandatory')).toEqual(['a primitive of 1.3: MessageID is missing'])
  })
})
