import fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { type Announce, announcementClient, announcementRoutes, createAnnouncementAdmin } from './announcements.ts'
import { adminCall } from './call.ts'
import { UserRefusal } from './user-refusal.ts'

const open = () => {
  const sent: unknown[][] = []
  const announce: Announce = async (...given) => {
    sent.push(given)
    return { id: 'm1', recipients: 1, unreached: [] }
  }
  const app = fastify()
  app.setErrorHandler((error, _, reply) => {
    const { code, message } = error as UserRefusal
    return reply.code(400).send({ error: code, hint: message })
  })
  announcementRoutes(app, createAnnouncementAdmin(announce, ['example.com']))
  const inject: typeof fetch = async (url, init) => {
    const { statusCode, body } = await app.inject({
      method: 'POST',
      url: new URL(String(url)).pathname,
      payload: JSON.parse(String(init!.body)),
    })
    return new Response(body, { status: statusCode })
  }
  return { sent, client: announcementClient(adminCall({ url: 'http://admin', token: '', fetch: inject })) }
}

describe('Announcements, for operators', () => {
  it('go to those who are named, each once, under their full ids', async () => {
    const { sent, client } = open()
    const outcome = await client.send({
      to: ['alice', 'wv:ALICE@example.com'],
      text: ' Hello ',
      requireAnswer: true,
      options: ['Yes'],
      verification: { text: 'Type tree', key: 'tree' },
      validitySeconds: 90,
    })
    expect(outcome).toEqual({ id: 'm1', recipients: 1, unreached: [] })
    const verification = { text: 'Type tree', key: 'tree' }
    expect(sent).toEqual([
      [{ text: 'Hello', requiresResponse: true, options: ['Yes'], verification }, ['wv:alice@example.com'], 90],
    ])
  })

  it('go to all only if that is said', async () => {
    const { sent, client } = open()
    await client.send({ all: true, text: 'Hello' })
    expect(sent[0]?.[1]).toBeUndefined()
    await expect(client.send({ text: 'Hello' })).rejects.toThrow(/set "all" to true/)
    await expect(client.send({ to: [], text: 'Hello' })).rejects.toThrow(/set "all" to true/)
    await expect(client.send({ to: ['alice'], all: true, text: 'Hello' })).rejects.toThrow(/set "all" to true/)
  })

  it.each([
    { all: true, text: '' },
    { all: true, text: 'x'.repeat(513) },
    { all: true, text: 'Hello', options: Array.from({ length: 11 }, String) },
    { all: true, text: 'Hello', verification: { key: 'tree' } },
    { all: true, text: 'Hello', validitySeconds: 1 },
    { to: ['wv:alice@elsewhere.org'], text: 'Hello' },
  ])('%j is refused', async announcement => {
    const { sent, client } = open()
    await expect(client.send(announcement as never)).rejects.toBeInstanceOf(UserRefusal)
    expect(sent).toEqual([])
  })
})
