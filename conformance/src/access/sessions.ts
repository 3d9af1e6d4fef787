import { messageTo } from '../messaging/send.ts'
import { textOf } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'

const aliveCode = async (phone: ReturnType<Stage['phone']>) =>
  (await phone.ask({ name: 'KeepAliveRequest', body: {} })).code

/** Several sessions of one user (CSP 5.1.3), and sessions that come back (CSP 5.1.2, 6.4.4). */
export const sessions: readonly Scenario[] = [
  scenario('SAP-S-005', '5.1.3', 'A user can have two sessions at a time', async ({ phone, expect }) => {
    const one = await phone().online()
    const other = await phone().online()
    expect(one.sessionId, 'the Session-ID of the second').isNot(other.sessionId)
    expect(await aliveCode(one), 'the answer in the first session').is(200)
    expect(await aliveCode(other), 'the answer in the second session').is(200)
  }),

  scenario('SAP-S-005', '5.1.3', 'Ending one session of a user leaves the other alone', async ({ phone, expect }) => {
    const one = await phone().online()
    const other = await phone().online()
    await one.logout()
    expect(await aliveCode(other), 'the answer in the session that is left').is(200)
  }),

  scenario('SAP-S-005', '5.1.3', 'What one session negotiates does not change the other', async ({ phone, expect }) => {
    const one = await phone().online()
    const other = phone()
    await other.login()
    const request = messageTo([one.account.userId], one, 'x')
    expect((await other.ask(request)).code, 'the answer where nothing was negotiated').is(506)
    expect((await one.ask(request)).code, 'the answer where it was').is(200)
  }),

  scenario(
    'SAP-S-005 SESSION-S-010',
    '5.1.3',
    'Three phones of one user, of 1.1, 1.2 and 1.3, hold sessions side by side, each in its own language',
    async stage => {
      const { expect } = stage
      const languages = [
        { version: '1.1', syntax: 'wbxml' },
        { version: '1.2', syntax: 'xml' },
        { version: '1.3', syntax: 'wbxml' },
      ] as const
      const romeo = await stage.phone('romeo', languages[1]).online()
      const phones = []
      for (const language of languages) phones.push(await stage.phone('juliet', language).online())
      for (const phone of phones) await phone.fetchAll()
      while (phones.length > 0) {
        const texts = phones.map(({ version }) => stage.unique(`For ${version}, of ${phones.length}`))
        for (const [index, { account, clientId }] of phones.entries()) {
          const recipient = { users: [{ userId: account.userId, clientId }] }
          expect((await romeo.ask(messageTo([], romeo, texts[index]!, { info: { recipient } }))).code, 'the answer').is(
            200,
          )
        }
        for (const [index, phone] of phones.entries()) {
          const { message } = (await phone.receiveMessage(texts[index]!)).reply
          expect([message?.version, message?.syntax], 'the language of the message').is([phone.version, phone.syntax])
          expect(phone.inbox.map(textOf).filter(Boolean), 'what else has come').is([])
        }
        await phones.shift()?.logout()
      }
    },
    { once: true },
  ),

  scenario(
    '',
    '5.1.3 as clients before 1.3 need it, which do not know 608',
    'A phone that has lost its session logs in again, and the lost one ends',
    async ({ phone, expect }) => {
      const before = await phone().online()
      const after = phone('romeo', { clientId: before.clientId })
      expect((await after.login({ password: 'not the password' })).code, 'the answer to a wrong password').is(409)
      expect(await aliveCode(before), 'the answer in the old session until then').is(200)
      expect((await after.login()).code, 'the answer to the login').is(200)
      expect(after.sessionId, 'the Session-ID').isNot(before.sessionId)
      expect(await aliveCode(before), 'the answer in the old session').is(604)
      before.sessionId = undefined
    },
    { until: '1.2' },
  ),

  scenario(
    'SAP-S-001',
    '6.4.4',
    'A login with the Session-ID takes the session up again',
    async ({ phone, expect }) => {
      const before = await phone().online()
      const after = phone('romeo', { clientId: before.clientId })
      // The AOSP client puts the old id into the session descriptor and starts its Transaction-IDs over.
      after.sessionId = before.sessionId
      const answer = await after.login()
      expect(answer.code, 'the status code').is(200)
      expect(answer.as('LoginResponse').sessionId, 'the Session-ID').isPresent()
      before.sessionId = undefined
      const sent = await after.ask(messageTo([after.account.userId], after, 'x'))
      expect(sent.code, 'the answer to a message sent without negotiating anew').is(200)
    },
  ),

  scenario('SAP-S-001', '6.4.4', 'A session is taken up by a digest login as well', async ({ phone, expect }) => {
    const before = await phone().online()
    const after = phone('romeo', { clientId: before.clientId })
    after.sessionId = before.sessionId
    const first = await after.login({ password: undefined, digestSchemas: ['MD5'] })
    expect(first.code, 'the status code of the first step').is(200)
    const nonce = expect(first.as('LoginResponse').nonce, 'the nonce').isPresent()
    const second = await after.login({ password: undefined, digestBytes: after.digest(nonce, 'MD5') })
    expect(second.code, 'the status code of the second step').is(200)
    before.sessionId = undefined
  }),

  scenario(
    'SAP-S-001',
    '6.4.4',
    'The Session-ID may stand in the Login-Request itself',
    async ({ phone, expect }) => {
      const before = await phone().online()
      const after = phone('romeo', { clientId: before.clientId })
      const answer = await after.login({ sessionId: before.sessionId })
      expect(answer.code, 'the status code').is(200)
      before.sessionId = undefined
    },
    { since: '1.3' },
  ),

  scenario(
    'SAP-S-001',
    '6.4.4',
    'A session that cannot be taken up gets 502, and no other',
    async ({ phone, expect }) => {
      const romeo = phone()
      romeo.sessionId = 'never-was-a-session'
      const answer = await romeo.login()
      romeo.sessionId = undefined
      expect(answer.code, 'the status code').is(502)
      expect(answer.as('LoginResponse').sessionId, 'the Session-ID').isAbsent()
    },
  ),

  scenario(
    'SAP-S-001',
    '5.1.2',
    'A session is taken up again after a logout, with what was agreed',
    async ({ phone, expect, skip }) => {
      const romeo = await phone().online()
      const { sessionId } = romeo
      await romeo.logout()
      romeo.sessionId = sessionId
      const answer = await romeo.login()
      if (answer.code === 502) {
        romeo.sessionId = undefined
        skip('the server keeps no context of sessions that have ended, as CSP 5.1.1 allows')
      }
      expect(answer.code, 'the status code').is(200)
      expect(romeo.sessionId, 'the Session-ID').is(sessionId)
      const sent = await romeo.ask(messageTo([romeo.account.userId], romeo, 'x'))
      expect(sent.code, 'the answer to a message sent without negotiating anew').is(200)
      await romeo.fetchAll()
    },
  ),

  scenario('SAP-S-001', '6.4.5', 'Nobody takes up the session of another client', async ({ phone, expect }) => {
    const one = await phone().online()
    const other = phone()
    other.sessionId = one.sessionId
    const answer = await other.login()
    other.sessionId = undefined
    expect(answer.code, 'the status code').isOneOf([422, 502])
    expect(answer.as('LoginResponse').sessionId, 'the Session-ID').isAbsent()
    expect(await aliveCode(one), 'the answer in the session that was asked for').is(200)
  }),

  scenario('SAP-S-001', '6.4.5', 'Nobody takes up the session of somebody else', async ({ phone, expect }) => {
    const juliet = await phone('juliet').online()
    const romeo = phone()
    romeo.sessionId = juliet.sessionId
    const answer = await romeo.login()
    romeo.sessionId = undefined
    expect(answer.code, 'the status code').isOneOf([422, 502])
    expect(answer.as('LoginResponse').sessionId, 'the Session-ID').isAbsent()
    expect(await aliveCode(juliet), 'the answer in the session of the other').is(200)
  }),
]
