import { contentTypeOf, syntaxOfContentType, versions } from '@village/protocol'
import { messageTo } from '../messaging/send.ts'
import { sessionTypeOf } from '../raw.ts'
import { type Scenario, scenario } from '../scenario.ts'

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
    const romeo = await stage.phone().online()
    const other = versions.find(version => version !== stage.version)!
    const stray = stage.phone('romeo', { version: other })
    const body = stray.write(
      [{ mode: 'Request', id: '1', primitive: { name: 'KeepAliveRequest', body: {} } }],
      romeo.sessionId,
    )
    const { message } = await stray.post(body, { 'Content-Type': contentTypeOf(stage.syntax, other) })
    const answer = message?.transactions[0]?.primitive?.body
    stage
      .expect(answer && 'result' in answer ? answer.result?.code : undefined, 'the answer in another version')
      .isNot(200)
    const alive = await romeo.ask({ name: 'KeepAliveRequest', body: {} })
    stage.expect(alive.code, 'the answer in the right version afterwards').is(200)
  }),
]
