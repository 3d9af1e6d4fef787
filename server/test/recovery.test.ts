import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { HttpPhone } from './process/http-phone.ts'
import { addUsers, freePort, password, ServerProcess, type ServerSettings } from './process/server-process.ts'

const romeo = 'wv:romeo@example.com'

/** A login under the Session-ID that the phone has: its code, and whether it says that a session begins. */
async function takeUp(phone: HttpPhone, clientUrl: string) {
  const login = { userId: romeo, clientId: { url: clientUrl }, password, timeToLive: 7200, sessionCookie: 'cookie' }
  const answer = await phone.ask({ name: 'LoginRequest', body: login })
  if (answer.name !== 'LoginResponse') throw new Error(JSON.stringify(answer))
  const { result, sessionId } = answer.body
  return [result.code, sessionId !== undefined]
}

it('606 where the way to tell who is away is gone since the session was agreed, until it is there again (CSP 5.1.2)', {
  timeout: 90_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'village-recovery-'))
  const without: ServerSettings = { data: join(folder, 'data'), port: await freePort() }
  const notices = { 'notices.webhook.url': `http://127.0.0.1:${await freePort()}/` }
  const withNotices: ServerSettings = { ...without, settings: notices }
  await addUsers(without, [romeo])
  let server = await ServerProcess.start(withNotices)
  const restart = async (settings: ServerSettings) => {
    await server.end('SIGTERM')
    server = await ServerProcess.start(settings)
  }
  const phoneOf = (clientUrl: string, syntax: 'xml' | 'wbxml') =>
    new HttpPhone(romeo, without.port, '1.3', syntax, { clientUrl })
  const [phone, tablet, after] = [phoneOf('phone', 'xml'), phoneOf('tablet', 'wbxml'), phoneOf('phone', 'xml')]
  const logout = { name: 'LogoutRequest', body: {} } as const
  try {
    for (const one of [phone, tablet]) await one.logIn()
    await phone.ask(logout)
    expect(await takeUp(phone, 'phone')).toEqual([200, true])
    await phone.ask(logout)

    // The one has logged out, the other has not.
    await restart(without)
    expect(await takeUp(phone, 'phone')).toEqual([606, false])
    expect(await takeUp(tablet, 'tablet')).toEqual([606, false])
    await after.logIn()
    expect((await after.send(romeo, 'anew')).name).toBe('SendMessageResponse')
    await after.ask(logout)

    await restart(withNotices)
    expect(await takeUp(phone, 'phone')).toEqual([200, true])
    expect(await takeUp(tablet, 'tablet')).toEqual([200, true])
  } finally {
    for (const one of [phone, tablet, after]) one.close()
    await server.end('SIGKILL')
    rmSync(folder, { recursive: true })
  }
})
