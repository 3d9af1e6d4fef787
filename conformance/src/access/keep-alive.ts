import { pause } from '../phone.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'

const slow = 3

/** A phone whose session ends soon when it is idle. */
const shortLived = async ({ phone, skip }: Stage) => {
  const romeo = phone()
  const login = await romeo.login({ timeToLive: 1 })
  const seconds = login.as('LoginResponse').keepAliveTime ?? Number.POSITIVE_INFINITY
  if (seconds > slow) skip(`the server grants no keep-alive time under ${slow} seconds, but ${seconds}`)
  return { romeo, milliseconds: seconds * 1000 }
}

/** Keep-alive (CSP 6.7) and what happens without (CSP 6.6). */
export const keepAlive: readonly Scenario[] = [
  scenario(
    'SAP-S-011',
    '6.7.1',
    'A KeepAlive-Request without anything in it is answered',
    async ({ phone, expect }) => {
      const romeo = await phone().online()
      const answer = await romeo.ask({ name: 'KeepAliveRequest', body: {} })
      answer.as('KeepAliveResponse')
      expect(answer.code, 'the status code').is(200)
    },
  ),

  scenario(
    'SAP-S-011 SESSION-S-007',
    '6.7.1',
    'A keep-alive with a time to live is answered with the keep-alive time',
    async ({ phone, expect }) => {
      const romeo = await phone().online()
      const answer = await romeo.ask({ name: 'KeepAliveRequest', body: { timeToLive: 900 } })
      expect(answer.code, 'the status code').isOneOf([200, 605])
      if (answer.code === 200) expect(answer.as('KeepAliveResponse').keepAliveTime, 'the keep-alive time').isPresent()
    },
  ),

  scenario('NOOP-S-001', '6.7.1', 'A keep-alive can change the keep-alive time', async ({ phone, expect, skip }) => {
    const romeo = await phone().online()
    const answer = await romeo.ask({ name: 'KeepAliveRequest', body: { timeToLive: 1200 } })
    if (answer.code === 605) skip('the server keeps the old keep-alive time (605)')
    expect(answer.as('KeepAliveResponse').keepAliveTime, 'the keep-alive time').is(1200)
  }),

  scenario(
    'SESSION-S-007',
    '6.4.6',
    'A login with a time to live is told the keep-alive time',
    async ({ phone, expect }) => {
      const body = (await phone().login({ timeToLive: 900 })).as('LoginResponse')
      expect(body.keepAliveTime, 'the keep-alive time').isPresent()
    },
  ),

  scenario(
    'SESSION-S-008',
    '6.4.6',
    'A login without a time to live is told a finite one',
    async ({ phone, expect }) => {
      const body = (await phone().login({ timeToLive: undefined })).as('LoginResponse')
      expect(body.keepAliveTime, 'the keep-alive time').isBetween(1, Number.MAX_SAFE_INTEGER)
    },
  ),

  scenario('SESSION-S-006', '6.7.1', 'An idle session lives as long as was agreed', async ({ phone, expect }) => {
    const romeo = phone()
    const { keepAliveTime = 0 } = (await romeo.login({ timeToLive: 2 })).as('LoginResponse')
    await pause(Math.min(1500, keepAliveTime * 800))
    expect((await romeo.ask({ name: 'KeepAliveRequest', body: {} })).code, 'the answer after a while').is(200)
  }),

  scenario('SESSION-S-006 SAP-S-011', '6.7.1', 'Every transaction starts the keep-alive time anew', async stage => {
    const { romeo, milliseconds } = await shortLived(stage)
    for (let i = 0; i < 3; i++) {
      await pause(milliseconds * 0.6)
      const reply = i % 2 === 0 ? await romeo.poll() : (await romeo.ask({ name: 'KeepAliveRequest', body: {} })).reply
      const [first] = reply.message?.transactions ?? []
      stage.expect(first?.primitive?.name, 'what came back').isOneOf([undefined, 'KeepAliveResponse'])
    }
  }),

  scenario('SAP-S-010 LOGOUT-S-001', '6.6.1', 'An idle session ends with a Disconnect', async stage => {
    const { expect } = stage
    const { romeo, milliseconds } = await shortLived(stage)
    await pause(milliseconds + 2500)
    const { message } = await romeo.poll()
    const [first] = message?.transactions ?? []
    expect(first?.primitive?.name, 'what the poll brings').is('Disconnect')
    expect(first?.mode, 'the mode of the Disconnect').is('Request')
    const body = first?.primitive?.body
    expect(body && 'result' in body ? body.result?.code : undefined, 'the reason').is(600)
    expect(message?.sessionId, 'the Session-ID it is told under').is(romeo.sessionId)
    const later = await romeo.ask({ name: 'KeepAliveRequest', body: {} })
    expect(later.code, 'the answer afterwards').is(604)
    romeo.sessionId = undefined
  }),

  scenario(
    'NOOP-S-001',
    '6.7.1',
    'A time to live that cannot be had is answered with another, or with 605',
    async ({ phone, expect }) => {
      const romeo = phone()
      await romeo.login()
      const answer = await romeo.ask({ name: 'KeepAliveRequest', body: { timeToLive: 0 } })
      expect(answer.code, 'the status code').isOneOf([200, 605])
      if (answer.code === 200) expect(answer.as('KeepAliveResponse').keepAliveTime, 'the time granted').isPresent()
      expect((await romeo.ask({ name: 'KeepAliveRequest', body: {} })).code, 'the answer afterwards').is(200)
    },
  ),
]
