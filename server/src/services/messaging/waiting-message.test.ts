import { describe, expect, it } from 'vitest'
import { expectPrimitive, type Phone, type PhoneOptions } from '../../testing/phone.ts'
import { openVillage } from '../../testing/village.ts'

const bobs = 'wv:bob@example.com'

const open = async (first: PhoneOptions = {}) => {
  const village = await openVillage()
  const alice = await village.ready('alice', { version: '1.3' })
  const ready = (clientId: string, more: PhoneOptions = {}) =>
    village.ready('bob', { version: '1.3', clientId, services: { imFeat: {} }, ...more })
  const [b1, b2] = [await ready('b1', first), await ready('b2')]
  const send = async (way: object) => {
    const { primitive } = await alice.send([], 'hello', { recipient: { users: [{ userId: 'wv:bob', ...way }] } })
    return expectPrimitive(primitive, 'SendMessageResponse').messageId!
  }
  return { village, b1, b2, send }
}

const get = (phone: Phone, messageId: string) => phone.code({ name: 'GetMessageRequest', body: { messageId } })
const delivered = (phone: Phone, messageId: string) => phone.code({ name: 'MessageDelivered', body: { messageId } })
const reject = (phone: Phone, messageId: string) =>
  phone.code({ name: 'RejectMessageRequest', body: { messageIds: [messageId] } })
const forward = (phone: Phone, messageId: string) => {
  const body = { messageId, sender: { user: { userId: 'wv:bob' } }, recipient: { users: [{ userId: 'wv:carol' }] } }
  return phone.code({ name: 'ForwardMessageRequest', body })
}
const all = async (phone: Phone, messageId: string) => {
  const codes: (number | undefined)[] = []
  for (const ask of [get, delivered, reject, forward]) codes.push(await ask(phone, messageId))
  return codes
}
const isFetched = async (phone: Phone, messageId: string) =>
  (await phone.ask({ name: 'GetMessageRequest', body: { messageId } })).primitive?.name === 'GetMessageResponse'

describe('CSP 5.5.2.1: a message for one client', () => {
  it.each([{ clientId: { url: 'b1' } }, { applicationId: 'chess' }])('is nothing to another: %j', async way => {
    const { village, b1, b2, send } = await open({ applicationId: 'chess' })
    const messageId = await send(way)
    expect(await all(b2, messageId)).toEqual([426, 426, 426, 426])
    expect(await village.store.mailboxes.count(bobs, 'message')).toBe(1)
    expect(await isFetched(b1, messageId)).toBe(true)
    expect(await delivered(b1, messageId)).toBe(200)
    // That it is gone is what was wanted, whoever says so.
    expect([await delivered(b1, messageId), await get(b1, messageId)]).toEqual([200, 426])
  })

  it('is for another where it leaves that to others, and has gone', async () => {
    for (const [wish, codes] of [
      ['PRIORITYSTORE', true],
      ['SENDREJECT', true],
      ['REJECT', false],
    ] as const) {
      const { village, b1, b2, send } = await open({ capabilities: { offlineEtemHandling: wish } })
      const messageId = await send({ clientId: { url: 'b1' } })
      await b1.code({ name: 'LogoutRequest', body: {} })
      village.restart()
      expect(await isFetched(b2, messageId)).toBe(codes)
      expect(await delivered(b2, messageId)).toBe(codes ? 200 : 426)
    }
  })

  it('stays with one that got it in its place, when it comes back before that is confirmed', async () => {
    const { village, b1, b2, send } = await open()
    await b1.code({ name: 'LogoutRequest', body: {} })
    const messageId = await send({ clientId: { url: 'b1' } })
    await b2.poll()
    await village.ready('bob', { version: '1.3', clientId: 'b1' })
    expect(await delivered(b2, messageId)).toBe(200)
    expect(await village.store.mailboxes.count(bobs, 'message')).toBe(0)
  })
})

describe('FORKALL, CSP 9.1.4.1', () => {
  it('what one client has had it cannot fetch again; what it rejects goes from the server, for all', async () => {
    const { b1, b2, send } = await open({ capabilities: { onlineEtemHandling: 'FORKALL' } })
    const [first, second] = [await send({}), await send({})]
    expect(await delivered(b1, first)).toBe(200)
    expect([await get(b1, first), await isFetched(b2, first)]).toEqual([426, true])
    expect(await reject(b1, second)).toBe(200)
    expect(await b2.texts()).toEqual(['hello'])
    expect(await get(b2, second)).toBe(426)
  })
})
