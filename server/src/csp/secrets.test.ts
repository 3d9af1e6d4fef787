import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStore } from '../store/store.ts'
import { createLog } from '../telemetry/log.ts'
import { digestBytes } from '../testing/phone.ts'
import { openVillage } from '../testing/village.ts'

/** A conversation with everything in it that must not be found elsewhere; secrets are named by what they are. */
const converse = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'village-secrets-'))
  let log = ''
  let commits = 0
  const store = await openStore({ url: `sqlite:${join(folder, 'village.db')}`, now: 0 })
  const village = await openVillage({
    store,
    users: [],
    log: createLog({ level: 'trace', to: { write: (line: string) => void (log += line) } }),
    // Some things go wrong, for it is then that logs become talkative.
    around: inner => ({
      ...inner,
      commit: (...unit) => {
        if (++commits % 7 === 0) throw new Error(`failed with ${JSON.stringify(unit)}`)
        return inner.commit(...unit)
      },
    }),
  })
  await village.add('alice', { password: 'canary-password-one' })
  await village.add('bob', { password: 'canary-password-two', mode: 'hash' })
  for (const name of ['alice', 'bob']) village.core.traces.start(`wv:${name}@example.com`)
  const alice = village.phone('alice', { password: 'canary-password-one', version: '1.3' })
  const bob = village.phone('bob', { password: 'canary-password-two', isSecure: true })
  const insist = async (run: () => Promise<unknown>) => {
    for (let tries = 0; tries < 3; tries++) await run().catch(() => {})
  }
  const cookie = 'canary-cookie'
  const { nonce } = await alice.loginStep({ digestSchemas: ['SHA'], sessionCookie: cookie })
  const digest = digestBytes('SHA', nonce!, alice.password)
  await insist(async () => {
    if (alice.sessionId === undefined)
      alice.sessionId = (await alice.loginStep({ digestBytes: digest, sessionCookie: cookie })).sessionId
  })
  await insist(() => alice.login({ sessionCookie: cookie }))
  await insist(() => bob.login({ sessionCookie: cookie }))
  await insist(() => alice.negotiate())
  await insist(() => bob.negotiate())
  await insist(() => alice.send('bob', 'canary-text', { report: true }))
  await insist(() => bob.collect())
  await insist(() => alice.collect())
  await insist(() => village.phone('alice', { password: 'canary-guess' }).login())
  await insist(() => alice.post('<WV-CSP-Message>canary-text'))
  await insist(() => alice.code({ name: 'LogoutRequest', body: {} }))
  const trace = village.core.traces.all().flatMap(kept => kept.after(0))
  await village.world.pass(700)
  await store.close()
  const files = readdirSync(folder).map(name => readFileSync(join(folder, name), 'latin1'))
  rmSync(folder, { recursive: true })
  const sessions = [alice.sessionId, bob.sessionId]
  const secrets = ['canary-password', 'canary-guess', nonce!, digest, ...sessions]
  return { log, trace, disk: files.join('\n'), secrets, sessions }
}

describe('Secrets', () => {
  it('are in no line of the log, whatever is said and goes wrong', async () => {
    const { log, secrets } = await converse()
    expect(log).toContain('A request failed unexpectedly')
    for (const secret of [...secrets, 'canary-text', 'canary-cookie']) {
      expect(secret).toMatch(/.{8}/)
      expect(log).not.toContain(secret)
    }
  })

  it('are in no trace, whatever is said and goes wrong', async () => {
    const { trace, secrets } = await converse()
    const text = JSON.stringify(trace)
    for (const name of ['LoginRequest', 'LoginResponse', 'SendMessageRequest', 'NewMessage', 'LogoutRequest'])
      expect(text).toContain(`"primitive":"${name}"`)
    expect(trace.some(({ fault }) => fault !== undefined)).toBe(true)
    for (const secret of [...secrets, 'canary-text', 'canary-cookie']) expect(text).not.toContain(secret)
  })

  it('are not on disk: neither passwords nor Session-IDs, nonces and digests', async () => {
    const { disk, secrets, sessions } = await converse()
    // What is there by design is found, so that this looks in the right place.
    expect(disk).toContain('canary-cookie')
    expect(sessions.every(id => id !== undefined)).toBe(true)
    for (const secret of secrets) expect(disk).not.toContain(secret)
  })
})
