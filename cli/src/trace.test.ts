import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connect } from '@village/client'
import { loadConfig, type RunningServer, startServer } from '@village/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startVillage, village } from '../test/village.ts'

const folder = mkdtempSync(join(tmpdir(), 'village-trace-'))
const password = 'correct-horse-battery'
const alice = 'wv:alice@village.local'

let server: RunningServer
let settings: readonly string[]
beforeAll(async () => {
  const data = join(folder, 'data')
  const admin = String(await freePort())
  settings = ['--data', data, '--set', `admin.port=${admin}`]
  const flags = { data, 'http.port': '0', 'admin.port': admin, 'log.level': 'silent' }
  server = await startServer(loadConfig({ flags }).config)
  await server.users.add({ userId: alice, password })
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

/** The command line has to be told where the server is, so it cannot be on any port. */
const freePort = async (): Promise<number> => {
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise(resolve => probe.close(resolve))
  return port
}

const trace = (...args: string[]) => village(['trace', ...args, ...settings])

const logIn = (given: string) => connect({ url: server.url }).login({ userId: alice, password: given })

const until = async (isTrue: () => boolean) => {
  for (let tries = 0; !isTrue(); tries++) {
    if (tries > 100) throw new Error('it did not happen')
    await delay(100)
  }
}

describe('village trace', { timeout: 60_000 }, () => {
  it('shows what is said as it comes, and stops tracing with Ctrl-C', async () => {
    const following = startVillage(['trace', alice, ...settings])
    await until(() => following.stderr.includes(`${alice} is traced until `))
    await logIn('canary-guess').catch(() => {})
    await until(() => following.stdout.includes('Response 1, LoginResponse, 409 InvalidPassword\n'))
    const head =
      /^\S+Z in {2}no session, url:\S+, from 127.0.0.1, CSP 1.3 WBXML, \d+ octets\n {2}Request 1, LoginRequest\n/
    expect(following.stdout).toMatch(head)
    expect(following.stdout).toContain(`      UserID: "${alice}"\n`)
    expect((await trace()).stdout).toMatch(new RegExp(`^${alice}\t.*Z\t.*Z\n$`))
    following.interrupt()
    expect(await following.code).toBe(0)
    expect(following.stderr).toContain(`${alice} is not traced any more.`)
    expect(following.stdout).not.toContain('canary')
  })

  it('is left on, looked into, and stopped', async () => {
    expect(await trace(alice, '--start')).toMatchObject({ code: 0, stdout: '' })
    const session = await logIn(password)
    await session.logout()
    const { stdout, code } = await trace(alice, '--last')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^\S+ out session \S{6}, url:.* after \d+ ms\n {2}Response \S+, LoginResponse, 200 Successful$/m,
    )
    expect(stdout).toContain('LogoutRequest')
    expect(await trace(alice, '--stop')).toMatchObject({ code: 0 })
    const { stderr, code: refused } = await trace(alice, '--last')
    expect([stderr, refused]).toEqual([
      `village: ${alice} is not traced, or no longer. Start with: village trace ${alice}\n`,
      1,
    ])
  })

  it('says what does not go together', async () => {
    expect((await trace('--stop')).stderr).toBe('village: Say which user is meant.\n')
    expect((await trace(alice, '--start', '--last')).stderr).toContain("'--start' cannot be used with option '--last'")
  })
})
