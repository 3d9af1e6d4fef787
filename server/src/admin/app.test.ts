import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TooBusy } from '../credentials/gate.ts'
import { createLog } from '../telemetry/log.ts'
import { createAdminApp } from './app.ts'
import { AdminUnreachable } from './call.ts'
import { createAdminClient } from './client.ts'
import { adminToken, isAuthorized, readAdminToken } from './token.ts'
import { UserRefusal } from './user-refusal.ts'
import type { UserAdmin } from './users.ts'

const token = 'T'.repeat(43)
const headers = { authorization: `Bearer ${token}` }

/** Keeps users in a Set; `wv:crash` and `wv:busy` fail. */
const fakeUsers = (): UserAdmin => {
  const ids = new Set<string>()
  const known = (userId: string) => {
    if (!ids.has(userId)) throw new UserRefusal('NoSuchAccount', 'There is no such user.')
  }
  return {
    add: async ({ userId, password }) => {
      if (userId === 'wv:crash') throw new Error(`CANARY ${password}`)
      if (userId === 'wv:busy') throw new TooBusy()
      if (ids.has(userId)) throw new UserRefusal('AccountExists', 'It exists.')
      ids.add(userId)
      return { userId, ...(password === undefined && { password: 'generated' }) }
    },
    list: async ({ after = '', limit = 100 }) => {
      const users = [...ids].filter(id => id > after).slice(0, limit)
      const rest = { mode: 'sealed' as const, createdAt: '2020-01-01T00:00:00.000Z' }
      return { users: users.map(userId => ({ userId, address: userId, ...rest })), next: null }
    },
    remove: async userId => {
      known(userId)
      ids.delete(userId)
    },
    setPassword: async (userId, { password }) => {
      known(userId)
      return { userId, warning: `took ${password?.length}` }
    },
  }
}

let app: FastifyInstance
let lines: string[]
let healthy: boolean
beforeEach(async () => {
  lines = []
  healthy = true
  app = await createAdminApp({
    users: fakeUsers(),
    metrics: { text: async () => 'village_up 1\n', contentType: 'text/plain; version=0.0.4' },
    health: async () => ({ ok: healthy, store: healthy ? 'reachable' : 'unreachable', version: '1' }),
    token,
    log: createLog({ level: 'info', to: { write: line => lines.push(line) } }),
  })
})
afterEach(() => app.close())

describe('access', () => {
  it.each(['/healthz', '/metrics'])('%s is open on this machine and closed to others', async url => {
    for (const remoteAddress of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      expect((await app.inject({ url, remoteAddress })).statusCode).toBe(200)
    }
    for (const remoteAddress of ['10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1']) {
      expect((await app.inject({ url, remoteAddress })).statusCode).toBe(401)
      expect((await app.inject({ url, remoteAddress, headers })).statusCode).toBe(200)
    }
  })

  it.each([
    ['GET', '/users'],
    ['POST', '/users'],
    ['DELETE', '/users/wv:a'],
    ['PUT', '/users/wv:a/password'],
    ['GET', '/elsewhere'],
  ] as const)('%s %s needs the token', async (method, url) => {
    for (const authorization of [undefined, 'Bearer ', `Bearer ${token}x`, `Basic ${token}`, token]) {
      const answer = await app.inject({ method, url, headers: authorization === undefined ? {} : { authorization } })
      expect(answer.statusCode).toBe(401)
      expect(answer.json()).toMatchObject({ error: 'Unauthorized', hint: expect.stringContaining('admin-token') })
    }
  })

  it('is forwarded by no header', async () => {
    const forged = { 'x-forwarded-for': '127.0.0.1' }
    expect((await app.inject({ url: '/metrics', remoteAddress: '10.0.0.1', headers: forged })).statusCode).toBe(401)
  })

  it('answers with the headers that guard browsers', async () => {
    const answer = await app.inject({ url: '/healthz' })
    expect(answer.headers).toMatchObject({ 'x-frame-options': 'SAMEORIGIN', 'x-content-type-options': 'nosniff' })
    expect(answer.headers['content-security-policy']).toContain("script-src 'self'")
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('health', () => {
  it('is 503 when the store is gone', async () => {
    healthy = false
    const answer = await app.inject({ url: '/healthz' })
    expect([answer.statusCode, answer.json()]).toEqual([503, { ok: false, store: 'unreachable', version: '1' }])
  })
})

describe('users', () => {
  const post = (payload: object | string) =>
    app.inject({ method: 'POST', url: '/users', headers: { ...headers, 'content-type': 'application/json' }, payload })

  it('are made with 201, the generated password told once', async () => {
    const made = await post({ userId: 'wv:a@b' })
    expect([made.statusCode, made.json()]).toEqual([201, { userId: 'wv:a@b', password: 'generated' }])
    expect((await post({ userId: 'wv:a@b' })).statusCode).toBe(409)
    const listed = await app.inject({ url: '/users?limit=5', headers })
    expect(listed.json().users).toMatchObject([{ userId: 'wv:a@b' }])
  })

  it.each([
    [{}, /^userId is missing\. Expected: \{ "userId"/],
    [{ userId: 7, mode: 'clear' }, /^userId must be text; mode must be "sealed" or "hash"\./],
    [{ userId: 'wv:a', pasword: 'CANARY' }, /^pasword is not known here\. /],
    ['[]', /^This is no JSON object\. /],
    ['{"userId": "CANARY', /valid JSON/],
    [{ userId: 'x'.repeat(20_000) }, /longer than 16384 bytes/],
  ])('say what is wrong with %j', async (payload, hint) => {
    const answer = await post(payload)
    expect([400, 413]).toContain(answer.statusCode)
    expect(answer.json()).toEqual({ error: 'BadRequest', hint: expect.stringMatching(hint) })
    expect(answer.body).not.toContain('CANARY')
  })

  it.each(['limit=0', 'limit=501', 'limit=x', 'order=up'])('refuse %s', async query => {
    const answer = await app.inject({ url: `/users?${query}`, headers })
    expect(answer.statusCode).toBe(400)
    expect(answer.json().hint).toMatch(/^(limit must be a whole number from 1 to 500|order is not known here)\. /)
  })

  it('tell of an unexpected failure by an incident id and nothing else', async () => {
    const answer = await post({ userId: 'wv:crash', password: 'CANARY' })
    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toMatchObject({ error: 'Unexpected', incidentId: expect.any(String) })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ incidentId: answer.json().incidentId, path: '/users' })
    expect(answer.body + lines.join('')).not.toContain('CANARY')
    expect((await post({ userId: 'wv:busy' })).statusCode).toBe(503)
  })
})

describe('the client', () => {
  it('does over HTTP what the server does', async () => {
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const users = createAdminClient({ url, token })
    // As long as an id may be, and with characters that a path must not have as they are.
    const long = `wv:${'%2b'.repeat(180)}@b.example`
    for (const userId of ['wv:+358 /?#%25@b', long]) {
      expect(await users.add({ userId, password: 'given password' })).toEqual({ userId })
      expect(await users.setPassword(userId, { password: '12345' })).toEqual({ userId, warning: 'took 5' })
      expect((await users.list({ limit: 1, after: '' })).users.map(user => user.userId)).toEqual([userId])
      await users.remove(userId)
    }
    expect((await users.list({})).users).toEqual([])
    const missing = users.remove('wv:nobody')
    await expect(missing).rejects.toBeInstanceOf(UserRefusal)
    await expect(missing).rejects.toMatchObject({ code: 'NoSuchAccount', message: 'There is no such user.' })
    await expect(users.add({ userId: 'wv:crash' })).rejects.toThrow(/server log.*\(/)
    const stranger = createAdminClient({ url, token: 'wrong' })
    await expect(stranger.list({})).rejects.toMatchObject({ code: 'Unauthorized' })
    await app.close()
    await expect(users.list({})).rejects.toBeInstanceOf(AdminUnreachable)
  })

  it('notices that something else answers', async () => {
    const fetch = async () => new Response('<html>', { status: 404 })
    const users = createAdminClient({ url: 'http://x', token, fetch })
    await expect(users.list({})).rejects.toThrow('is no admin API (status 404)')
  })
})

describe('the token', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'village-token-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is made once, for its owner only', async () => {
    expect(await readAdminToken(folder)).toBeUndefined()
    const made = await adminToken(folder)
    const path = join(folder, 'admin-token')
    expect(made).toMatch(/^[\w-]{43}$/)
    expect(readFileSync(path, 'utf8')).toBe(`${made}\n`)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await adminToken(folder)).toBe(made)
    expect(isAuthorized(`bearer ${made}`, made)).toBe(true)
    chmodSync(path, 0o644)
    await expect(adminToken(folder)).rejects.toThrow('chmod 600')
  })

  it('is refused when damaged, for an empty one would let everybody in', async () => {
    writeFileSync(join(folder, 'admin-token'), '', { mode: 0o600 })
    await expect(adminToken(folder)).rejects.toThrow('is damaged. Delete it')
  })
})
