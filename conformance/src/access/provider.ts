import { type Scenario, type Stage, scenario } from '../scenario.ts'

/** Asks who provides the service; a server need not tell. */
const ask = async (phone: ReturnType<Stage['phone']>, { skip }: Stage) => {
  const answer = await phone.ask({ name: 'GetSPInfoRequest', body: { clientId: phone.clientId } })
  if (answer.code === 405 || answer.code === 501) skip(`the server tells nothing about its provider (${answer.code})`)
  return answer
}

/** Information about the service provider (CSP 6.8). */
export const provider: readonly Scenario[] = [
  scenario('SAP-S-012', '6.8.1', 'A session that has agreed to it is told who provides the service', async stage => {
    const romeo = await stage.phone().online()
    const answer = await ask(romeo, stage)
    stage.expect(answer.as('GetSPInfoResponse').name, 'the name of the provider').isPresent()
    stage.expect(answer.reply.message?.sessionId, 'the Session-ID of the answer').is(romeo.sessionId)
  }),

  scenario('SAP-S-012', '6.8.1', 'Who has not agreed to it is not told who provides the service', async stage => {
    const romeo = stage.phone()
    await romeo.login()
    stage.expect((await ask(romeo, stage)).code, 'the status code').is(506)
  }),

  scenario('GETSPI-S-001', '6.8.1', 'Who has no session is told who provides the service', async stage => {
    const romeo = stage.phone()
    const answer = await ask(romeo, stage)
    const body = answer.as('GetSPInfoResponse')
    stage.expect(body.name, 'the name of the provider').isPresent()
    stage.expect(body.clientId, 'the Client-ID in the answer').is(romeo.clientId)
    stage.expect(answer.reply.message?.sessionId, 'the Session-ID of the answer').isAbsent()
  }),

  scenario('SAP-S-012', '6.8.3', 'A logo says what it is', async stage => {
    const { logo } = (await ask(stage.phone(), stage)).as('GetSPInfoResponse')
    if (logo === undefined) stage.skip('the provider has no logo')
    stage.expect(logo!.contentType, 'its type').matches(/^[^/]+\/[^/]+$/)
    if (logo!.contentEncoding !== 'BASE64') return
    stage.expect(String(logo!.contentData), 'its content').matches(/^[A-Za-z0-9+/\s]+=*\s*$/)
  }),
]
