import { describe, expect, it } from 'vitest'
import { cannotShow } from '../../store/announcements.ts'
import { codeOf, digestBytes, expectPrimitive, type Phone, pushed } from '../../testing/phone.ts'
import { openVillage, type Village } from '../../testing/village.ts'
import type { Announced } from './system-message.ts'

const alice = 'wv:alice@example.com'
const alive = { name: 'KeepAliveRequest', body: {} } as const
const services = { name: 'ServiceRequest', body: { allFunctionsRequest: true } } as const
const plain: Announced = { text: 'Tea at five', requiresResponse: false, options: [] }
const terms: Announced = { text: 'New terms', requiresResponse: true, options: ['I agree', 'I do not'] }
const quiz: Announced = { ...terms, options: [], verification: { text: 'Which town is this?', key: 'Village' } }

const announce = async (village: Village, announced: Announced, to = [alice]) =>
  (await village.core.announce(announced, to)).id

const answering = (systemMessageId: string, chosenOptionId?: number, verificationKey?: string) =>
  ({
    name: 'SystemMessageUser',
    body: { systemMessageResponses: [{ systemMessageId, chosenOptionId, verificationKey }] },
  }) as const

/** The system messages a poll brings, each acknowledged. */
const shown = async (phone: Phone) => {
  const asked = (await phone.poll()).message?.transactions[0]
  if (asked?.primitive?.name !== 'SystemMessageRequest') return []
  await phone.answer(asked.id, { name: 'Status', body: { result: { code: 200 } } })
  return asked.primitive.body.systemMessages
}

describe.each(['xml', 'wbxml'] as const)('CSP 7.1: System Messages in 1.3 %s', syntax => {
  const open = async () => {
    const village = await openVillage()
    return { village, phone: await village.ready('alice', { version: '1.3', syntax }) }
  }

  it('are shown by a poll, once where there is nothing to answer', async () => {
    const { village, phone } = await open()
    const id = await announce(village, plain)
    expect(await shown(phone)).toMatchObject([{ systemMessageId: id, systemMessageText: 'Tea at five' }])
    expect(await shown(phone)).toEqual([])
    village.restart()
    expect(await shown(phone)).toEqual([])
  })

  it('come with a 436 as many as the client can read, and the others when those are answered', async () => {
    const { village, phone } = await open()
    const capabilities = { capabilityList: { parserSize: 1500 } }
    await phone.ask({ name: 'ClientCapabilityRequest', body: capabilities })
    const text = 'n'.repeat(syntax === 'xml' ? 100 : 400)
    const ids = []
    for (let count = 0; count < 5; count++) ids.push(await announce(village, { ...terms, text }))
    const seen: string[] = []
    while ((await shown(phone)).length > 0);
    const polled = await phone.poll()
    expect(codeOf(polled.message?.transactions[0]?.primitive)).toBe(436)
    expect(polled.outbound.body.length).toBeLessThanOrEqual(1500)
    for (;;) {
      const { outbound, message } = await phone.exchange([{ mode: 'Request', id: phone.nextId(), primitive: services }])
      expect(outbound.body.length).toBeLessThanOrEqual(1500)
      const { primitive } = message!.transactions[0]!
      if (primitive?.name !== 'Status') break
      expect(primitive.body.result.code).toBe(436)
      const told = primitive.body.result.systemMessages?.map(({ systemMessageId }) => systemMessageId) ?? []
      if (seen.length === 0) expect([1, 2, 3]).toContain(told.length)
      expect(await phone.code(answering(told[0]!, 1))).toBe(200)
      seen.push(told[0]!)
    }
    expect(seen).toEqual(ids)
  })

  it('stand in the way of everything but keep-alive until they are answered', async () => {
    const { village, phone } = await open()
    const id = await announce(village, terms)
    const answer = expectPrimitive((await phone.send('bob', 'hello')).primitive, 'Status')
    expect(answer.result).toMatchObject({
      code: 436,
      systemMessages: [
        {
          systemMessageId: id,
          requiresResponse: true,
          answerOptions: {
            answerOptions: [
              { answerOptionId: 1, answerOptionText: 'I agree' },
              { answerOptionId: 2, answerOptionText: 'I do not' },
            ],
          },
        },
      ],
    })
    expect(await phone.code(alive)).toBe(200)
    expect(await phone.code({ name: 'ServiceRequest', body: { functions: pushed, allFunctionsRequest: false } })).toBe(
      436,
    )
    expect(await phone.code(answering(id, 2))).toBe(200)
    expect((await phone.send('bob', 'hello')).primitive?.name).toBe('SendMessageResponse')
    expect(await shown(phone)).toEqual([])
  })

  it('keep messages of others waiting', async () => {
    const { village, phone } = await open()
    const bob = await village.ready('bob')
    const id = await announce(village, terms)
    await bob.send('alice', 'hello')
    expect(await shown(phone)).toMatchObject([{ systemMessageId: id }])
    const again = (await phone.poll()).message?.transactions[0]
    expect(codeOf(again?.primitive)).toBe(436)
    await phone.code(answering(id, 1))
    expect(await phone.texts()).toEqual(['hello'])
  })

  it('are told in the answer to a login, which can bring the answers', async () => {
    const village = await openVillage()
    const id = await announce(village, quiz)
    const phone = village.phone('alice', { version: '1.3', syntax })
    const refused = await phone.login()
    expect(refused).toMatchObject({ sessionId: undefined, result: { code: 436 } })
    expect(refused.result.systemMessages).toMatchObject([{ verificationMechanism: { inText: 'Which town is this?' } }])
    const wrong = { systemMessageResponses: [{ systemMessageId: id, verificationKey: 'Prague' }] }
    expect((await phone.login(wrong)).result.code).toBe(436)
    const right = { systemMessageResponses: [{ systemMessageId: id, verificationKey: ' village ' }] }
    expect((await phone.login(right)).result.code).toBe(200)
    expect(await phone.code(alive)).toBe(200)
  })
})

describe('CSP 7.1: answers to System Messages', () => {
  const open = async (config = {}) => {
    const village = await openVillage({ config })
    return { village, phone: await village.ready('alice', { version: '1.3' }) }
  }

  it('437 for an unknown one, 438 for a wrong key; both say what still waits', async () => {
    const { village, phone } = await open()
    const id = await announce(village, quiz)
    expect(await phone.code(answering('nothing'))).toBe(437)
    const { result } = expectPrimitive((await phone.ask(answering(id, undefined, 'Prague'))).primitive, 'Status')
    expect(result).toMatchObject({ code: 438, systemMessages: [{ systemMessageId: id }] })
    expect(JSON.stringify(result)).not.toContain('Village')
    expect(await phone.code(answering(id, undefined, 'Village'))).toBe(200)
    expect(await phone.code(answering(id, undefined, 'Village'))).toBe(437)
  })

  it('436 again for no choice or a wrong one', async () => {
    const { village, phone } = await open()
    const id = await announce(village, terms)
    expect(await phone.code(answering(id))).toBe(436)
    expect(await phone.code(answering(id, 3))).toBe(436)
    expect(await phone.code(answering(id, 0))).toBe(436)
  })

  it('are kept for who asked, with the option that was chosen where there was a choice', async () => {
    const { village, phone } = await open()
    const answersTo = (id: string) => village.store.announcements.answers(id, '', 9)
    const [first, second] = [await announce(village, terms), await announce(village, quiz)]
    expect(await phone.code(answering(first, 3))).toBe(436)
    expect(await answersTo(first)).toEqual([])
    expect(await phone.code(answering(first, 2))).toBe(200)
    expect(await phone.code(answering(second, 7, 'Village'))).toBe(200)
    const answeredAt = village.world.now()
    expect(await answersTo(first)).toEqual([{ userId: alice, choice: 2, answeredAt }])
    expect(await answersTo(second)).toEqual([{ userId: alice, choice: null, answeredAt }])
    expect(await phone.code(answering(first, 1))).toBe(437)
    expect(await answersTo(first)).toMatchObject([{ choice: 2 }])
  })

  it('are not asked of a client that cannot show the question (439), which who asked is told', async () => {
    const { village, phone } = await open()
    const tablet = await village.ready('alice', { version: '1.3', clientId: 'tablet' })
    const id = await announce(village, quiz)
    const asked = (await tablet.poll()).message?.transactions[0]
    expect(asked?.primitive?.name).toBe('SystemMessageRequest')
    await tablet.answer(asked?.id, { name: 'Status', body: { result: { code: 439 } } })
    expect((await tablet.send('bob', 'hi')).primitive?.name).toBe('SendMessageResponse')
    expect((await tablet.poll()).message).toBeUndefined()
    expect(codeOf((await phone.send('bob', 'hi')).primitive)).toBe(436)
    const answers = () => village.store.announcements.answers(id, '', 9)
    expect(await answers()).toMatchObject([{ userId: alice, choice: cannotShow }])
    expect(await phone.code(answering(id, undefined, 'Village'))).toBe(200)
    expect(await answers()).toMatchObject([{ userId: alice, choice: null }])
  })

  it('607 after too many bad ones: the session ends, and logins are refused for a while', async () => {
    const config = { 'announcements.maxWrongAnswers': 2, 'announcements.lockOutSeconds': 60 }
    const { village, phone } = await open(config)
    const id = await announce(village, terms)
    expect(await phone.code(answering(id, 9))).toBe(436)
    const { result } = expectPrimitive((await phone.ask(answering(id, 9))).primitive, 'Status')
    expect(result).toMatchObject({ code: 607, tryAgainTimeout: 60 })
    expect(codeOf((await phone.poll()).message?.transactions[0]?.primitive)).toBe(607)
    expect((await village.phone('alice', { version: '1.3' }).login()).result).toMatchObject({ code: 607 })
    await village.world.pass(61)
    expect((await village.phone('alice', { version: '1.3' }).login()).result.code).toBe(436)
  })

  it('one of them sets all sessions of the user free', async () => {
    const { village, phone } = await open()
    const tablet = await village.ready('alice', { version: '1.3', clientId: 'tablet' })
    const id = await announce(village, terms)
    for (const each of [phone, tablet]) expect(codeOf((await each.send('bob', 'hi')).primitive)).toBe(436)
    await phone.ask(answering(id, 1))
    for (const each of [phone, tablet])
      expect((await each.send('bob', 'hi')).primitive?.name).toBe('SendMessageResponse')
  })

  it('a survey waits for its answer and holds nobody up', async () => {
    const { village, phone } = await open()
    const id = await announce(village, { ...terms, requiresResponse: false })
    expect(await shown(phone)).toHaveLength(1)
    expect(await shown(phone)).toEqual([])
    expect((await phone.send('bob', 'hi')).primitive?.name).toBe('SendMessageResponse')
    expect(await phone.code(answering(id, 1))).toBe(200)
  })

  it('a login by digest may repeat its proof with the answers', async () => {
    const village = await openVillage()
    const id = await announce(village, terms)
    const phone = village.phone('alice', { version: '1.3' })
    const { nonce } = await phone.loginStep({ digestSchemas: ['MD5'] })
    const proof = { digestBytes: digestBytes('MD5', nonce!, phone.password) }
    expect((await phone.loginStep(proof)).result.code).toBe(436)
    const systemMessageResponses = [{ systemMessageId: id, chosenOptionId: 1 }]
    expect((await phone.loginStep({ ...proof, systemMessageResponses })).result.code).toBe(200)
  })

  it('are not asked of clients that know nothing of them', async () => {
    const village = await openVillage()
    const phone = await village.ready('alice', { version: '1.2' })
    await announce(village, terms)
    expect((await phone.send('bob', 'hello')).primitive?.name).toBe('SendMessageResponse')
    expect((await phone.poll()).outbound.body).toBe('')
    const newer = village.phone('alice', { version: '1.3', clientId: 'newer' })
    expect((await newer.login()).result.code).toBe(436)
  })

  it('are not asked for when their time is over', async () => {
    const { village, phone } = await open()
    await village.core.announce(terms, undefined, 60)
    expect(codeOf((await phone.send('bob', 'hi')).primitive)).toBe(436)
    await village.world.pass(61)
    expect((await phone.send('bob', 'hi')).primitive?.name).toBe('SendMessageResponse')
  })

  it('an announcement tells whom it reached', async () => {
    const { village } = await open()
    expect(await village.core.announce(plain, undefined)).toMatchObject({ recipients: 3, unreached: [] })
    expect(await village.core.announce(plain, [alice, 'wv:nobody@example.com'])).toMatchObject({
      recipients: 1,
      unreached: ['wv:nobody@example.com'],
    })
  })
})
