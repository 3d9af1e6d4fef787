import { theAnswer } from '../answer.ts'
import { messageTo } from '../messaging/send.ts'
import { escapeXml, rawMessage } from '../raw.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'

/** The first step of a 4-way login: the answer's nonce and schema. */
const challenge = async (stage: Stage, schemas: readonly string[], id?: string) => {
  const phone = stage.phone()
  const answer = await phone.login({ password: undefined, timeToLive: undefined, digestSchemas: schemas }, id)
  return { phone, answer, body: answer.as('LoginResponse') }
}

const digestLogin = (schema: string) => async (stage: Stage) => {
  const { expect } = stage
  const { phone, answer, body } = await challenge(stage, [schema])
  expect(answer.code, 'the status code of the first step').is(200)
  expect(body.digestSchema, 'the schema the server chose').is(schema)
  const digestBytes = phone.digest(expect(body.nonce, 'the nonce').isPresent(), schema)
  const second = await phone.login({ password: undefined, digestBytes })
  expect(second.code, 'the status code of the second step').is(200)
  expect(second.as('LoginResponse').sessionId, 'the Session-ID').isPresent()
}

export const login: readonly Scenario[] = [
  scenario('SAP-S-006', '6.4.1', 'A login with the password opens a session', async ({ phone, expect }) => {
    const romeo = phone()
    const answer = await romeo.login()
    expect(answer.code, 'the status code').is(200)
    const body = answer.as('LoginResponse')
    expect(body.sessionId, 'the Session-ID').isPresent()
    expect(body.clientId, 'the Client-ID').is(romeo.clientId)
    expect((await romeo.ask({ name: 'KeepAliveRequest', body: {} })).code, 'the answer in the new session').is(200)
  }),

  scenario('SAP-S-006', '6.4.1', 'A wrong password opens no session', async ({ phone, expect }) => {
    const answer = await phone().login({ password: 'not the password' })
    expect(answer.code, 'the status code').is(409)
    const { sessionId, keepAliveTime } = answer.as('LoginResponse')
    expect(sessionId, 'the Session-ID').isAbsent()
    expect(keepAliveTime, 'the keep-alive time').isAbsent()
  }),

  scenario(
    'SAP-S-006',
    '6.4.5',
    'Nobody logs in as a user that does not exist',
    async ({ phone, accounts, expect, skip }) => {
      const userId = accounts.romeo.userId.replace(/^wv:/, 'wv:nobody-')
      const nobody = phone()
      const answer = await nobody.login({ userId })
      if (answer.code === 503) skip('the server takes no more failed logins from here for now; try again in a minute')
      if (answer.code === 903) skip('the server registers unknown users as they log in')
      if (answer.code === 200) {
        // Registered, or let in without being asked for anything?
        await nobody.logout()
        expect((await nobody.login({ userId, password: 'other' })).code, 'the answer to another password then').is(409)
        skip('the server registers unknown users as they log in')
      }
      // Servers may prefer not to tell strangers who exists.
      expect(answer.code, 'the status code').isOneOf([531, 409])
      expect(answer.as('LoginResponse').sessionId, 'the Session-ID').isAbsent()
    },
  ),

  scenario('SAP-S-007', '6.4.2', 'A digest login with MD5 opens a session', digestLogin('MD5')),
  scenario('SAP-S-007', '6.4.2', 'A digest login with SHA opens a session', digestLogin('SHA')),

  scenario('SAP-S-007', '6.4.2', 'Both steps of a digest login may have one Transaction-ID', async stage => {
    const { phone, body } = await challenge(stage, ['MD5', 'SHA'], 'login1')
    const digestBytes = phone.digest(body.nonce ?? '', body.digestSchema ?? 'MD5')
    const second = await phone.login({ password: undefined, digestBytes }, 'login1')
    stage.expect(second.code, 'the status code of the second step').is(200)
    stage.expect(second.id, 'the Transaction-ID of the answer').is('login1')
  }),

  scenario('SAP-S-007', '6.4.2.1', 'The first step of a digest login opens no session', async stage => {
    const { body } = await challenge(stage, ['MD5'])
    stage.expect(body.sessionId, 'the Session-ID').isAbsent()
    stage.expect(body.nonce, 'the nonce').isPresent()
  }),

  scenario('SAP-S-007', '6.4.2.1', 'Every digest login gets a nonce of its own', async stage => {
    const [one, other] = [await challenge(stage, ['MD5']), await challenge(stage, ['MD5'])]
    stage.expect(one.body.nonce, 'the second nonce').isNot(other.body.nonce)
  }),

  scenario('SAP-S-007', '6.4.2.1', 'A login without a digest both sides know gets 543', async stage => {
    const { answer, body } = await challenge(stage, ['MD6'])
    stage.expect(answer.code, 'the status code').is(543)
    stage.expect(body.sessionId, 'the Session-ID').isAbsent()
  }),

  scenario('SAP-S-007', '6.4.2.2', 'A digest over the wrong password opens no session', async stage => {
    const { phone, body } = await challenge(stage, ['MD5'])
    const digestBytes = phone.digest(body.nonce ?? '', 'MD5', 'not the password')
    const second = await phone.login({ password: undefined, digestBytes })
    stage.expect(second.code, 'the status code').is(409)
    stage.expect(second.as('LoginResponse').sessionId, 'the Session-ID').isAbsent()
  }),

  scenario('SAP-S-007', '6.4.2.2', 'A digest that was used once opens no second session', async stage => {
    const { phone, body } = await challenge(stage, ['MD5'])
    const digestBytes = phone.digest(body.nonce ?? '', 'MD5')
    const once = await phone.login({ password: undefined, digestBytes })
    stage.expect(once.code, 'the status code of the first use').is(200)
    await phone.logout()
    const again = await phone.login({ password: undefined, digestBytes })
    stage.expect(again.as('LoginResponse').sessionId, 'the Session-ID of the second use').isAbsent()
  }),

  scenario(
    'SAP-S-006 SAP-S-013 SAP-S-015',
    '6.4',
    'A login may carry the negotiation of services and capabilities',
    async ({ phone, expect }) => {
      const capabilityList = {
        clientType: 'MOBILE_PHONE',
        multiTrans: 1,
        parserSize: 65_536,
        supportedBearers: ['HTTP'],
      }
      const romeo = phone()
      const answer = await romeo.login({ capabilityList, functions: { fundamentalFeat: {}, imFeat: {} } })
      expect(answer.code, 'the status code').is(200)
      const body = answer.as('LoginResponse')
      expect(body.capabilityRequest, 'the request for capabilities').is(false)
      const sent = await romeo.ask(messageTo([romeo.account.userId], romeo, 'x'))
      expect(sent.code, 'the status code of a message sent at once').is(200)
    },
    { since: '1.3' },
  ),

  scenario(
    'SAP-S-006',
    '6.4',
    'A Client-ID that is in use gets 608',
    async ({ phone, expect }) => {
      const first = await phone().online()
      const second = await phone('romeo', { clientId: first.clientId }).login()
      expect(second.code, 'the status code').is(608)
      expect((await first.ask({ name: 'KeepAliveRequest', body: {} })).code, 'the answer in the first session').is(200)
    },
    { since: '1.3' },
  ),

  scenario(
    'SAP-S-006',
    '6.4.1 as AOSP clients write it',
    'The parts of a Login-Request may come in another order than the DTD has',
    async ({ phone, expect }) => {
      const romeo = phone()
      const { userId, password } = romeo.account
      const content =
        `<Login-Request><UserID>${escapeXml(userId)}</UserID><ClientID><URL>${romeo.clientId.url}</URL></ClientID>` +
        `<TimeToLive>7205</TimeToLive><SessionCookie>im12345</SessionCookie>` +
        `<Password>${escapeXml(password)}</Password></Login-Request>`
      const answer = theAnswer(await romeo.post(rawMessage(romeo, content)))
      expect(answer.code, 'the status code').is(200)
      romeo.sessionId = answer.as('LoginResponse').sessionId
    },
    { syntax: 'xml' },
  ),

  scenario(
    'SAP-S-007',
    '6.4.2.1 as CSP 1.1 clients write it',
    'Digest schemas may come as one text with commas',
    async ({ phone, expect }) => {
      const romeo = phone()
      const content =
        `<Login-Request><UserID>${escapeXml(romeo.account.userId)}</UserID>` +
        `<ClientID><URL>${romeo.clientId.url}</URL></ClientID><DigestSchema>PWD,SHA,MD5</DigestSchema>` +
        `<TimeToLive>600</TimeToLive><SessionCookie>im12345</SessionCookie></Login-Request>`
      const answer = theAnswer(await romeo.post(rawMessage(romeo, content)))
      expect(answer.code, 'the status code').is(200)
      expect(answer.as('LoginResponse').digestSchema, 'the schema the server chose').isOneOf(['SHA', 'MD5'])
    },
    { syntax: 'xml' },
  ),
]
