import { type Scenario, scenario } from '../scenario.ts'

/** CSP 6.6. */
export const logout: readonly Scenario[] = [
  scenario('SAP-S-009 SAP-S-002', '6.6.1', 'A logout is answered by a Status', async ({ phone, expect }) => {
    const answer = await (await phone().online()).logout()
    answer.as('Status')
    expect(answer.code, 'the status code').is(200)
  }),

  scenario('SAP-S-009', '6.6.1', 'After the logout the session is gone', async ({ phone, expect }) => {
    const romeo = await phone().online()
    const { sessionId } = romeo
    await romeo.logout()
    romeo.sessionId = sessionId
    const answer = await romeo.ask({ name: 'KeepAliveRequest', body: {} })
    romeo.sessionId = undefined
    expect(answer.code, 'the status code').is(604)
  }),

  scenario('SAP-S-009', '6.6.1', 'After the logout the Client-ID is free again', async ({ phone, expect }) => {
    const romeo = await phone().online()
    await romeo.logout()
    expect((await romeo.login()).code, 'the status code').is(200)
  }),

  scenario('SAP-S-010', '6.6.1', 'A client whose session an operator ends is told so', async stage => {
    const { phone, expect } = stage
    const operator = stage.operator()
    const romeo = await phone().online()
    await operator.endSessions(romeo.account.userId)
    const { message } = await romeo.poll()
    const [first] = message?.transactions ?? []
    expect(first?.primitive?.name, 'what the poll brings').is('Disconnect')
    const body = first?.primitive?.body
    expect(body && 'result' in body ? body.result?.code : undefined, 'the reason').is(601)
    expect((await romeo.ask({ name: 'KeepAliveRequest', body: {} })).code, 'the answer afterwards').is(604)
    romeo.sessionId = undefined
  }),
]
