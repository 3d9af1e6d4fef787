import fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { openVillage } from '../testing/village.ts'
import { announcementClient, announcementRoutes } from './announcement-routes.ts'
import { type Announce, createAnnouncementAdmin } from './announcements.ts'
import { adminCall } from './call.ts'
import { UserRefusal } from './user-refusal.ts'

/** The routes alone, on a whole server. */
const open = async (config = {}) => {
  const village = await openVillage({ config })
  const sent: unknown[][] = []
  const announce: Announce = async (...given) => {
    sent.push(given)
    return village.core.announce(...given)
  }
  const app = fastify()
  app.setErrorHandler((error, _, reply) => {
    const { code, message } = error as UserRefusal
    return reply.code(400).send({ error: code, hint: message })
  })
  const options = { records: village.store.announcements, now: () => village.world.now() }
  announcementRoutes(app, createAnnouncementAdmin({ announce, domains: ['example.com'], ...options }))
  const inject: typeof fetch = async (url, init) => {
    const { pathname, search } = new URL(String(url))
    const method = init!.method as 'GET' | 'POST'
    const payload = init!.body && JSON.parse(String(init!.body))
    const { statusCode, body } = await app.inject({ method, url: pathname + search, payload })
    return new Response(body, { status: statusCode })
  }
  return { village, sent, client: announcementClient(adminCall({ url: 'http://admin', token: '', fetch: inject })) }
}

describe('Announcements, for operators', () => {
  it('go to those who are named, each once, under their full ids', async () => {
    const { sent, client } = await open()
    const outcome = await client.send({
      to: ['alice', 'wv:ALICE@example.com'],
      text: ' Hello ',
      requireAnswer: true,
      options: ['Yes'],
      verification: { text: 'Type tree', key: 'tree' },
      validitySeconds: 90,
    })
    expect(outcome).toEqual({ id: expect.any(String), recipients: 1, unreached: [] })
    const verification = { text: 'Type tree', key: 'tree' }
    expect(sent).toEqual([
      [{ text: 'Hello', requiresResponse: true, options: ['Yes'], verification }, ['wv:alice@example.com'], 90],
    ])
  })

  it('go to all only if that is said', async () => {
    const { sent, client } = await open()
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
    const { sent, client } = await open()
    await expect(client.send(announcement as never)).rejects.toBeInstanceOf(UserRefusal)
    expect(sent).toEqual([])
  })

  it('are listed with how many answered, and shown with who answered what', async () => {
    const { village, client } = await open()
    const options = ['Yes', 'No']
    const { id } = await client.send({ all: true, text: 'Tea?', options })
    await client.send({ to: ['bob'], text: 'Hello' })
    for (const [name, chosenOptionId] of [
      ['alice', 2],
      ['bob', 1],
      ['carol', undefined],
    ] as const) {
      const phone = await village.ready(name, { version: '1.3' })
      const systemMessageResponses = [{ systemMessageId: id, chosenOptionId }]
      expect(await phone.code({ name: 'SystemMessageUser', body: { systemMessageResponses } })).toBe(200)
    }
    const at = '2026-01-01T00:00:00.000Z'
    const listed = {
      ...{ id, text: 'Tea?', sentAt: at, validUntil: '2026-01-08T00:00:00.000Z' },
      ...{ requireAnswer: false, options, recipients: 3, answered: 3 },
    }
    const first = await client.list({ limit: 1 })
    expect(first.announcements).toMatchObject([{ text: 'Hello', recipients: 1, answered: 0 }])
    expect(await client.list({ after: first.next! })).toEqual({ announcements: [listed], next: null })
    const answers = [
      { userId: 'wv:alice@example.com', option: 'No', answeredAt: at, isUnshown: false },
      { userId: 'wv:bob@example.com', option: 'Yes', answeredAt: at, isUnshown: false },
      { userId: 'wv:carol@example.com', option: null, answeredAt: at, isUnshown: false },
    ]
    expect(await client.show(id, {})).toEqual({ ...listed, chosen: [1, 1], unshown: 0, answers, next: null })
    const page = await client.show(id, { limit: 2 })
    expect(page.answers).toEqual(answers.slice(0, 2))
    expect((await client.show(id, { after: page.next! })).answers).toEqual(answers.slice(2))
    await expect(client.show('nothing', {})).rejects.toMatchObject({ code: 'NoSuchAnnouncement' })
    await expect(client.list({ after: Number.NaN })).rejects.toMatchObject({ code: 'BadRequest' })
  })

  it('tell apart who has a client that cannot show them', async () => {
    const { village, client } = await open()
    const verification = { text: 'Which tree is this?', key: 'oak' }
    const { id } = await client.send({ to: ['bob'], text: 'Look', verification })
    const phone = await village.ready('bob', { version: '1.3' })
    const asked = (await phone.poll()).message?.transactions[0]
    await phone.answer(asked?.id, { name: 'Status', body: { result: { code: 439 } } })
    const answers = [{ userId: 'wv:bob@example.com', option: null, isUnshown: true }]
    expect(await client.show(id, {})).toMatchObject({ answered: 0, unshown: 1, answers })
  })

  it('are forgotten when their validity and the time to look at them are over', async () => {
    const { village, client } = await open({ 'announcements.retentionSeconds': 90 })
    village.core.housekeeping.start()
    const { id } = await client.send({ all: true, text: 'Tea?', validitySeconds: 60 })
    await village.world.pass(60 + 90 - 1)
    expect((await client.show(id, {})).recipients).toBe(3)
    await village.world.pass(1)
    expect((await client.list({})).announcements).toEqual([])
    await village.world.pass(30)
    expect(await village.store.announcements.find(id, 0)).toBeUndefined()
  })
})
