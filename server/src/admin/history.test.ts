import fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { account, alice, bob, bytes } from '../store/contract/fixtures.ts'
import { openStore, type Store } from '../store/store.ts'
import { createLog } from '../telemetry/log.ts'
import { adminCall } from './call.ts'
import { findOwnUser } from './find-own-user.ts'
import { createHistoryAdmin, type HistoryAdmin } from './history.ts'
import { historyClient, historyRoutes } from './history-routes.ts'

const now = Date.UTC(2026, 0, 2)

let store: Store
let lines: string[]
let history: HistoryAdmin
beforeEach(async () => {
  store = await openStore({ url: 'sqlite::memory:', now })
  lines = []
  await store.commit([...store.accounts.add(account(alice)), ...store.accounts.add(account(bob))])
  history = createHistoryAdmin({
    records: store.history,
    commit: unit => store.commit(unit),
    find: userId => findOwnUser(userId, store.accounts, ['example.com']),
    now: () => now,
    log: createLog({ level: 'info', to: { write: line => lines.push(line) } }),
  })
})
afterEach(() => store.close())

const keep = (messageId: string, info: object, content: Uint8Array | null, acceptedAt = now) =>
  store.commit(
    store.history.add({ messageId, info: JSON.stringify(info), content }, [
      { owner: alice, direction: 'sent', other: bob, acceptedAt, expiresAt: acceptedAt + 1000 },
    ]),
  )
const utf8 = (text: string) => new TextEncoder().encode(text)

describe('History, for operators', () => {
  it('shows text as text, all else as BASE64', async () => {
    await keep('m1', { contentType: 'text/plain' }, utf8('grüß dich CANARY'))
    await keep('m2', { contentType: 'image/png', contentName: 'me.png' }, bytes(0x89, 0x50, 0xff))
    await keep('m3', { contentType: 'image/png', contentEncoding: 'BASE64' }, utf8('iVD/'))
    await keep('m4', { messageUri: 'http://example.com/picture' }, null)
    const { entries } = await history.page('alice', {})
    const common = { direction: 'sent', with: bob, acceptedAt: '2026-01-02T00:00:00.000Z' }
    expect(entries[0]).toMatchObject({ ...common, keptUntil: '2026-01-02T00:00:01.000Z', text: 'grüß dich CANARY' })
    expect(entries[1]).toMatchObject({ type: 'image/png', name: 'me.png', size: 3, base64: 'iVD/' })
    expect(entries[2]).toMatchObject({ base64: 'iVD/' })
    expect(entries[3]).toMatchObject({ size: 0, uri: 'http://example.com/picture' })
    expect(entries[3]).not.toHaveProperty('text')
    expect(lines.map(line => JSON.parse(line))).toMatchObject([{ userId: alice }])
    expect(lines.join('')).not.toContain('CANARY')
  })

  it('is erased in portions, up to a time if one is told', async () => {
    for (let count = 0; count < 501; count++) await keep(`m${count}`, {}, null)
    await keep('old', {}, null, Date.UTC(2025, 11, 31))
    expect(await history.erase('alice', '2026-01-01')).toEqual({ erased: 1, more: false })
    expect(await history.erase('alice')).toEqual({ erased: 500, more: true })
    expect(await history.erase('alice')).toEqual({ erased: 1, more: false })
    expect(lines.map(line => JSON.parse(line))).toMatchObject([
      { count: 1 },
      { count: 500 },
      { userId: alice, count: 1 },
    ])
  })

  it('is of users of this server', async () => {
    await expect(history.page('wv:nobody', {})).rejects.toMatchObject({ code: 'NoSuchAccount' })
    await expect(history.erase('wv:alice@elsewhere.org')).rejects.toMatchObject({ code: 'ForeignDomain' })
  })

  it('comes over HTTP as it is', async () => {
    for (const id of ['m1', 'm2']) await keep(id, {}, utf8('x'))
    const app = fastify()
    historyRoutes(app, history)
    const inject: typeof fetch = async (url, init) => {
      const { pathname, search } = new URL(String(url))
      const { statusCode, body } = await app.inject({ method: init!.method as 'GET', url: pathname + search })
      return new Response(body, { status: statusCode })
    }
    const client = historyClient(adminCall({ url: 'http://admin', token: '', fetch: inject }))
    const first = await client.page('alice', { limit: 1 })
    expect(first).toMatchObject({ entries: [{ messageId: 'm1', text: 'x' }], next: expect.any(Number) })
    expect((await client.page('alice', { after: first.next! })).entries).toMatchObject([{ messageId: 'm2' }])
    expect(await client.erase('alice', '2026-01-02T12:00:00+01:00')).toEqual({ erased: 2, more: false })
    expect(await client.page('alice', {})).toEqual({ entries: [], next: null })
  })
})
