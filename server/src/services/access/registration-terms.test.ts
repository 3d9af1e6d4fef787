import { describe, expect, it } from 'vitest'
import { openVillage, type Village } from '../../testing/village.ts'

const terms = { 'login.register.terms': 'Be kind', 'login.register.agreement': 'I will' }
const invited = { 'login.register.invitation': 'Seven Swans' }
const dora = 'wv:dora@example.com'

const open = (config: Readonly<Record<string, unknown>>) =>
  openVillage({ config: { 'login.register.byPassword': true, ...config } })
const phoneOf = (village: Village, address = '192.0.2.1') =>
  village.phone('dora', { version: '1.3', isSecure: true, address })

/** The login is refused with a System Message; resolves to that. */
const asked = async (phone: ReturnType<typeof phoneOf>) => {
  const { result, sessionId } = await phone.login()
  expect({ code: result.code, sessionId }).toEqual({ code: 903, sessionId: undefined })
  expect(result.systemMessages).toHaveLength(1)
  return result.systemMessages![0]!
}

describe.each(['xml', 'wbxml'] as const)('CSP 6.5: terms in 1.3 %s', syntax => {
  it('are to be agreed to before there is an account', async () => {
    const village = await open(terms)
    const phone = village.phone('dora', { version: '1.3', isSecure: true, syntax })
    const message = await asked(phone)
    expect(message).toMatchObject({
      requiresResponse: true,
      systemMessageText: 'Be kind',
      answerOptions: { answerOptions: [{ answerOptionId: 1, answerOptionText: 'I will' }] },
    })
    expect(await village.store.accounts.find(dora)).toBeUndefined()
    const { systemMessageId } = message
    const answer = await phone.login({ systemMessageResponses: [{ systemMessageId, chosenOptionId: 1 }] })
    expect(answer).toMatchObject({ result: { code: 200 }, userId: dora })
    expect((await village.phone('dora', { clientId: 'other' }).login()).result.code).toBe(200)
  })
})

describe('Terms', () => {
  it('come again for another answer, for none, and for an answer to something else', async () => {
    const village = await open(terms)
    const phone = phoneOf(village)
    const { systemMessageId } = await asked(phone)
    for (const response of [
      { systemMessageId, chosenOptionId: 2 },
      { systemMessageId },
      { systemMessageId: 'other', chosenOptionId: 1 },
    ]) {
      const { result } = await phone.login({ systemMessageResponses: [response] })
      expect(result).toMatchObject({ code: 903, systemMessages: [{ systemMessageId }] })
    }
    expect(await village.store.accounts.find(dora)).toBeUndefined()
  })

  it('are the same after a restart, and other terms are another question', async () => {
    const village = await open(terms)
    const { systemMessageId } = await asked(phoneOf(village))
    village.restart()
    expect((await asked(phoneOf(village))).systemMessageId).toBe(systemMessageId)
    const other = await open({ ...terms, 'login.register.terms': 'Be kinder' })
    expect((await asked(phoneOf(other))).systemMessageId).not.toBe(systemMessageId)
  })

  it('are asked on the word of the network too, in the first step', async () => {
    const village = await open({ ...terms, 'login.register.byNetwork': true })
    const msisdn = '+358401234567'
    const phone = village.phone(msisdn, { version: '1.3', msisdn })
    const { result } = await phone.loginStep({ digestSchemas: ['MD5'] })
    expect(result.code).toBe(903)
    const [message] = result.systemMessages!
    const systemMessageResponses = [{ systemMessageId: message!.systemMessageId, chosenOptionId: 1 }]
    expect((await phone.loginStep({ digestSchemas: ['MD5'], systemMessageResponses })).result.code).toBe(200)
  })
})

describe('An invitation', () => {
  it('is to be given, and never told', async () => {
    const village = await open(invited)
    const phone = phoneOf(village)
    const message = await asked(phone)
    expect(JSON.stringify(message).toLowerCase()).not.toContain('swan')
    expect(message.verificationMechanism?.inText).toBeDefined()
    const { systemMessageId } = message
    const give = async (verificationKey: string) =>
      (await phone.login({ systemMessageResponses: [{ systemMessageId, verificationKey }] })).result.code
    expect([await give('six geese'), await give('seven swans ')]).toEqual([903, 200])
  })

  it('is not what its question is known by', async () => {
    const [one, other] = [await open(invited), await open({ 'login.register.invitation': 'eight swans' })]
    expect((await asked(phoneOf(one))).systemMessageId).toBe((await asked(phoneOf(other))).systemMessageId)
  })

  it('stands beside terms', async () => {
    const village = await open({ ...terms, ...invited })
    const phone = phoneOf(village)
    const { systemMessageId } = await asked(phone)
    const answer = async (chosenOptionId?: number, verificationKey?: string) =>
      (await phone.login({ systemMessageResponses: [{ systemMessageId, chosenOptionId, verificationKey }] })).result
        .code
    expect([await answer(1), await answer(undefined, 'seven swans'), await answer(1, 'seven swans')]).toEqual([
      903, 903, 200,
    ])
  })

  it('is guessed a few times only from one source, whatever the name: 607', async () => {
    const village = await open({
      ...invited,
      'announcements.maxWrongAnswers': 3,
      'announcements.lockOutSeconds': 300,
    })
    const { systemMessageId } = await asked(phoneOf(village))
    const guess = async (name: string, verificationKey: string, address = '192.0.2.1') =>
      (
        await village
          .phone(name, { version: '1.3', isSecure: true, address })
          .login({ systemMessageResponses: [{ systemMessageId, verificationKey }] })
      ).result
    expect((await guess('d1', 'one')).code).toBe(903)
    expect((await guess('d2', 'two')).code).toBe(903)
    expect(await guess('d3', 'three')).toMatchObject({ code: 607, tryAgainTimeout: 300 })
    expect(await guess('d4', 'seven swans')).toMatchObject({ code: 607 })
    expect((await guess('d4', 'seven swans', '192.0.2.2')).code).toBe(200)
    await village.world.pass(301)
    expect((await guess('d5', 'seven swans')).code).toBe(200)
  })
})
