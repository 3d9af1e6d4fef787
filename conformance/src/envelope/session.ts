import { syntaxOfContentType, versions } from '@village/protocol'
import { theAnswer } from '../answer.ts'
import { messageTo } from '../messaging/send.ts'
import type { Phone } from '../phone.ts'
import { sessionTypeOf } from '../raw.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'

/** What stands around primitives (CSP 5.1). */
export const session: readonly Scenario[] = [
  scenario(
    'SESSION-S-001 SESSION-S-002 SESSION-S-005',
    '5.1',
    'Inside a session answers are Inband and name it',
    async ({ phone, expect }) => {
      const romeo = await phone().online()
      const { reply } = await romeo.ask({ name: 'KeepAliveRequest', body: {} })
      expect(sessionTypeOf(reply), 'the session type').is('Inband')
      expect(reply.message?.sessionId, 'the Session-ID').is(romeo.sessionId)
    },
  ),

  scenario(
    'SESSION-S-001 SESSION-S-002',
    '5.1',
    'What the server begins is Inband and names the session',
    async stage => {
      const romeo = await stage.phone().online()
      const text = stage.unique('To myself')
      await romeo.ask(messageTo([romeo.account.userId], romeo, text))
      const { reply } = await romeo.receiveMessage(text)
      stage.expect(sessionTypeOf(reply), 'the session type').is('Inband')
      stage.expect(reply.message?.sessionId, 'the Session-ID').is(romeo.sessionId)
    },
  ),

  scenario(
    'SESSION-S-003 SESSION-S-004',
    '5.1',
    'Outside of sessions answers are Outband and name none',
    async stage => {
      const { reply } = await stage.phone().login({ password: 'not the password' })
      stage.expect(sessionTypeOf(reply), 'the session type').is('Outband')
      stage.expect(reply.message?.sessionId, 'the Session-ID').isAbsent()
    },
  ),

  scenario('SESSION-S-003 SESSION-S-004', '5.1', 'The answer to a successful login is Outband as well', async stage => {
    const { reply } = await stage.phone().login()
    stage.expect(sessionTypeOf(reply), 'the session type').is('Outband')
    stage.expect(reply.message?.sessionId, 'the Session-ID in the descriptor').isAbsent()
  }),

  scenario('SESSION-S-009', '5.1', 'Every answer of a session is in the syntax of its login', async stage => {
    const romeo = await stage.phone().online()
    const { userId } = romeo.account
    const replies = [
      (await romeo.ask({ name: 'KeepAliveRequest', body: {} })).reply,
      (await romeo.ask({ name: 'ServiceRequest', body: { allFunctionsRequest: true } })).reply,
      (await romeo.ask(messageTo([`${userId}.unknown`], romeo, 'x'))).reply,
      (await romeo.logout()).reply,
    ]
    for (const { message, http } of replies) {
      stage.expect(message?.syntax, 'the syntax').is(stage.syntax)
      stage
        .expect(syntaxOfContentType(http.headers['content-type'] ?? ''), 'the syntax of the media type')
        .is(stage.syntax)
    }
  }),

  scenario(
    'SESSION-S-010',
    '5.1',
    'A login in a version is answered in that version',
    async ({ phone, version, expect }) => {
      const answer = await phone().login()
      expect(answer.code, 'the status code').is(200)
      expect(answer.reply.message?.version, 'the version of the answer').is(version)
    },
  ),

  scenario('SESSION-S-010', '5.1', 'The version of the login is the version of the session', async stage => {
    for (const version of versions.filter(version => version !== stage.version)) await isStray(stage, { version })
  }),

  scenario('SESSION-S-009', '5.1', 'The syntax of the login is the syntax of the session', stage =>
    isStray(stage, { syntax: stage.syntax === 'xml' ? 'wbxml' : 'xml' }),
  ),

  scenario(
    'SAP-S-002',
    '6.9.2',
    'A request that names another client than the one that logged in is refused with 422',
    async stage => {
      const { skip } = stage
      const romeo = await stage.phone().online()
      const clientId = { url: stage.unique('http://another.phone.example/') }
      const answer = await romeo.ask({ name: 'GetSPInfoRequest', body: { clientId } })
      if (answer.code === 405 || answer.code === 501)
        skip(`the server tells nothing about its provider (${answer.code})`)
      stage.expect(answer.code, 'the status code').is(422)
      if (stage.version !== '1.1') return
      // Since 1.2 no other request has one.
      const functions = { fundamentalFeat: {}, imFeat: {} }
      const named = await romeo.ask({
        name: 'ServiceRequest',
        body: { clientId, functions, allFunctionsRequest: false },
      })
      stage.expect(named.code, 'the answer to a negotiation').is(422)
    },
  ),
]

/**
 * A message that speaks otherwise than the login may be somebody's guess: it is told what a guess is told, 604 and
 * nothing that would show that there is a session, or mail in it. The session itself is none the worse for it.
 */
async function isStray(stage: Stage, changes: Partial<Pick<Phone, 'version' | 'syntax'>>) {
  const { expect } = stage
  const romeo = await stage.phone().online()
  await romeo.ask(messageTo([romeo.account.userId], romeo, stage.unique('Something waits')))
  const stray = stage.phone('romeo', changes)
  const ask = async (sessionId = '') =>
    theAnswer(await stray.send([{ mode: 'Request', id: '1', primitive: keepAlive }], sessionId))
  const [answer, guess] = [await ask(romeo.sessionId), await ask(stage.unique('never-was'))]
  const how = Object.values(changes).join(' ')
  expect(answer.code, `the answer in ${how}`).is(604)
  expect(answer.reply.message?.poll, `the Poll flag in ${how}`).isOneOf([undefined, false])
  const { description } = answer.as('Status').result
  expect(description, 'what is said about it').is(guess.as('Status').result.description)
  expect((await romeo.ask(keepAlive)).code, 'the answer in the right language afterwards').is(200)
  await romeo.fetchAll()
}

const keepAlive = { name: 'KeepAliveRequest', body: {} } as const
