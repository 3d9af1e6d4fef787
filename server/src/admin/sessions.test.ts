import fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { openVillage } from '../testing/village.ts'
import { type AdminCall, adminCall } from './call.ts'
import { sessionClient, sessionRoutes } from './session-routes.ts'
import { createSessionAdmin } from './sessions.ts'

const village = async () => {
  const it = await openVillage()
  const sessions = createSessionAdmin({
    records: it.store.sessions,
    domains: ['example.com'],
    end: (userId, client) => it.core.endSessions(userId, client),
  })
  return { it, sessions }
}

describe('Sessions, for operators', () => {
  it('are listed page by page, or user by user, without what opens them', async () => {
    const { it, sessions } = await village()
    for (const name of ['alice', 'bob', 'carol']) await it.ready(name)
    const first = await sessions.list({ limit: 2 })
    const second = await sessions.list({ limit: 2, after: first.next! })
    expect([...first.sessions, ...second.sessions].map(({ userId }) => userId).sort()).toEqual([
      'wv:alice@example.com',
      'wv:bob@example.com',
      'wv:carol@example.com',
    ])
    expect(second.next).toBeNull()
    expect((await sessions.list({ user: 'alice' })).sessions).toEqual([
      {
        userId: 'wv:alice@example.com',
        client: 'url:phone-of-alice',
        version: '1.2',
        syntax: 'xml',
        startedAt: '2026-01-01T00:00:00.000Z',
        lastActivityAt: '2026-01-01T00:00:00.000Z',
      },
    ])
  })

  it('are ended, and who has none is told so', async () => {
    const { it, sessions } = await village()
    await it.ready('alice')
    await it.ready('alice', { clientId: 'tablet' })
    expect(await sessions.end('alice', 'url:tablet')).toEqual({ ended: 1 })
    expect(await sessions.end('wv:alice@example.com')).toEqual({ ended: 1 })
    await expect(sessions.end('alice')).rejects.toMatchObject({ code: 'NoSuchSession' })
    await expect(sessions.end('wv:alice@elsewhere.org')).rejects.toMatchObject({ code: 'ForeignDomain' })
  })

  it('come over HTTP as they are', async () => {
    const { it, sessions } = await village()
    await it.ready('alice')
    const app = fastify()
    sessionRoutes(app, sessions)
    const inject: typeof fetch = async (url, init) => {
      const { pathname, search } = new URL(String(url))
      const method = init!.method as 'GET'
      const { statusCode, body } = await app.inject({ method, url: pathname + search })
      return new Response(body, { status: statusCode })
    }
    const call: AdminCall = adminCall({ url: 'http://admin', token: '', fetch: inject })
    const client = sessionClient(call)
    expect(await client.list({ user: 'alice' })).toEqual(await sessions.list({ user: 'alice' }))
    expect(await client.list({ limit: 1 })).toEqual(await sessions.list({ limit: 1 }))
    expect(await client.end('alice', 'url:phone-of-alice')).toEqual({ ended: 1 })
    expect((await client.list({})).sessions).toEqual([])
  })
})
