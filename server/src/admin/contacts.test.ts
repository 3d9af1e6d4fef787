import fastify from 'fastify'
import { beforeEach, describe, expect, it } from 'vitest'
import { createLog } from '../telemetry/log.ts'
import { heardOfLists, manage, withListNews } from '../testing/contacts.ts'
import { heard as notificationsOf, subscribed } from '../testing/notifications.ts'
import type { Phone } from '../testing/phone.ts'
import { authorize, heard, watch, withPresence } from '../testing/presence.ts'
import { openVillage, type Village } from '../testing/village.ts'
import { adminCall } from './call.ts'
import { contactClient, contactRoutes } from './contact-routes.ts'
import { type ContactAdmin, createContactAdmin } from './contacts.ts'
import { findOwnUser } from './find-own-user.ts'

const friends = 'wv:alice/friends@example.com'
const [alice, bob, carol] = ['wv:alice@example.com', 'wv:bob@example.com', 'wv:carol@example.com'] as const

let village: Village
let contacts: ContactAdmin
let lines: string[]
const open = async (config: Record<string, unknown> = {}) => {
  village = await openVillage({ config })
  lines = []
  contacts = createContactAdmin({
    records: village.store.contactLists,
    lists: village.core.operatorLists,
    domains: ['example.com'],
    find: userId => findOwnUser(userId, village.store.accounts, ['example.com']),
    log: createLog({ level: 'info', to: { write: line => lines.push(line) } }),
  })
}
beforeEach(() => open())

const names = async (list: string) => (await contacts.show('alice', list)).contacts.map(({ nickName }) => nickName)

describe('Contact lists, for operators', () => {
  it('are created, filled, read and deleted; the first is the default, and so is what is left', async () => {
    await contacts.create('alice', { list: 'Friends' })
    await contacts.create('alice', { list: 'wv:alice/work', displayName: 'At work', isDefault: true })
    const change = { add: [{ userId: 'bob', nickName: 'Bob' }, { userId: 'wv:x@elsewhere.org' }] }
    const list = 'wv:alice/Friends@example.com'
    const shown = { list, displayName: '', isDefault: false, doNotNotify: false, count: 2 }
    expect(await contacts.change('alice', 'friends', change)).toEqual({
      ...shown,
      contacts: [
        { userId: bob, nickName: 'Bob' },
        { userId: 'wv:x@elsewhere.org', nickName: 'wv:x@elsewhere.org' },
      ],
    })
    await contacts.delete('alice', 'work')
    expect(await contacts.list('alice')).toEqual({ lists: [{ ...shown, isDefault: true }] })
    expect(await contacts.list('bob')).toEqual({ lists: [] })
    expect(lines.map(line => JSON.parse(line).userId)).toEqual([alice, alice, alice, alice])
    expect(lines.join('')).not.toContain('Bob')
  })

  it('give who is there the new nickname, and do not miss who is not there to be removed', async () => {
    await contacts.create('alice', { list: 'friends' })
    await contacts.change('alice', 'friends', { add: [{ userId: bob, nickName: 'Bob' }, { userId: carol }] })
    const change = { add: [{ userId: bob, nickName: 'Robert' }], remove: [carol, 'wv:nobody', 'no address'] }
    await contacts.change('alice', 'friends', change)
    expect(await names('friends')).toEqual(['Robert'])
  })

  it('are told to clients that want to hear of them, and to no others as their own doing', async () => {
    const phone = await withListNews(village, 'alice')
    await contacts.create('alice', { list: 'friends' })
    await contacts.change('alice', 'friends', { add: [{ userId: bob, nickName: 'Bob' }] })
    expect(await heardOfLists(phone)).toEqual(['friends +Bob'])
    await contacts.delete('alice', 'friends')
    expect(await heardOfLists(phone)).toEqual(['friends -bob'])
  })

  it('are notified of as changes of other clients are (CSP 7.2), to all clients of the user and to who was added', async () => {
    const owner = await subscribed(village, 'alice', ['CLC', 'CLCR', 'CLD'])
    const added = await subscribed(village, 'bob', ['ATCL'])
    await contacts.create('alice', { list: 'friends' })
    await contacts.change('alice', 'friends', { add: [{ userId: bob }] })
    await contacts.delete('alice', 'friends')
    const types = (told: readonly { notificationType: string }[]) =>
      told.map(({ notificationType }) => notificationType)
    expect(types(await notificationsOf(owner))).toEqual(['CLCR', 'CLC', 'CLD'])
    expect(types(await notificationsOf(added))).toEqual(['ATCL'])
  })

  it('count for presence and for whom the user hears at once', async () => {
    const owner = await withPresence(village, 'alice', { version: '1.3' })
    const sender = await withPresence(village, 'bob')
    await contacts.create('alice', { list: 'friends' })
    await authorize(sender, 'OnlineStatus', { userIds: [alice] })
    await watch(owner, { contactLists: [friends] })
    await heard(owner)
    const grantList = { addList: { contactLists: [friends] } }
    await owner.ask({ name: 'BlockEntityRequest', body: { grantList, grantListInUse: true } })
    const write = async (from: Phone) => (await from.send(alice, 'hello')).primitive?.name
    expect(await write(sender)).toBe('Status')
    await contacts.change('alice', 'friends', { add: [{ userId: bob }] })
    expect(await heard(owner)).toEqual(['bob: onlineStatuses=T'])
    expect(await write(sender)).toBe('SendMessageResponse')
    await contacts.change('alice', 'friends', { remove: [bob] })
    expect(await village.store.mailboxes.count(alice, 'message')).toBe(0)
    await contacts.change('alice', 'friends', { add: [{ userId: bob }] })
    await contacts.delete('alice', 'friends')
    expect(await village.store.subscriptions.ofSession(village.core.sessions.ofUser(alice)[0]!.idDigest)).toEqual([])
  })
})

describe('Contact lists, for operators, are refused', () => {
  const code = (request: Promise<unknown>) =>
    request.then(
      () => undefined,
      ({ code }) => code,
    )
  const add = (...userIds: string[]) =>
    contacts.change('alice', 'friends', { add: userIds.map(userId => ({ userId })) })

  it('where there is no such user or list, and lists of somebody else', async () => {
    await contacts.create('alice', { list: 'friends' })
    expect(await code(contacts.list('nobody'))).toBe('NoSuchAccount')
    expect(await code(contacts.list('wv:alice@elsewhere.org'))).toBe('ForeignDomain')
    expect(await code(contacts.show('alice', 'work'))).toBe('NoSuchList')
    expect(await code(contacts.show('bob', friends))).toBe('NoSuchList')
    expect(await code(contacts.delete('alice', 'work'))).toBe('NoSuchList')
    expect(await code(contacts.change('alice', 'work', { remove: [bob] }))).toBe('NoSuchList')
    expect(await code(contacts.create('alice', { list: 'friends' }))).toBe('ListExists')
    expect(await code(contacts.create('alice', { list: 'two words' }))).toBe('BadRequest')
    expect(await code(contacts.create('alice', { list: 'work', displayName: 'a\nb' }))).toBe('BadRequest')
  })

  it('as a whole where one of those to be added does not exist or has no fit name', async () => {
    await contacts.create('alice', { list: 'friends' })
    await expect(add('bob', 'wv:nobody', 'no address')).rejects.toMatchObject({
      code: 'NoSuchAccount',
      message: expect.stringMatching(/^Nobody was added, for these do not exist: .*wv:nobody/),
    })
    const unfit = { add: [{ userId: bob, nickName: 'x'.repeat(201) }], remove: [carol] }
    await expect(contacts.change('alice', 'friends', unfit)).rejects.toThrow(bob)
    expect(await names('friends')).toEqual([])
  })

  it('beyond the limits for lists and contacts', async () => {
    await open({ 'contacts.maxLists': 1, 'contacts.maxContacts': 1 })
    await contacts.create('alice', { list: 'friends' })
    expect(await code(contacts.create('alice', { list: 'work' }))).toBe('TooManyLists')
    await add('bob')
    expect([await code(add('carol')), await code(add('bob', 'carol'))]).toEqual(['TooManyContacts', 'TooManyContacts'])
    expect(await names('friends')).toEqual([bob])
  })
})

it('Contact lists come over HTTP as they are, with whole addresses and without', async () => {
  const app = fastify()
  contactRoutes(app, contacts)
  const inject: typeof fetch = async (url, init) => {
    const method = init!.method as 'GET'
    const request = { method, url: new URL(String(url)).pathname, headers: init!.headers as Record<string, string> }
    const { statusCode, body } = await app.inject({ ...request, payload: init!.body as string })
    return new Response(statusCode === 204 ? null : body, { status: statusCode })
  }
  const client = contactClient(adminCall({ url: 'http://admin', token: '', fetch: inject }))
  const created = await client.create(alice, { list: 'friends', displayName: 'Freunde', isDefault: true })
  expect(created).toMatchObject({ list: friends, displayName: 'Freunde', isDefault: true, contacts: [] })
  const phone = await withListNews(village, 'alice')
  await client.change(alice, friends, { add: [{ userId: bob }, { userId: carol, nickName: 'C' }] })
  await client.change(alice, 'friends', { remove: [bob] })
  expect((await client.show(alice, friends)).contacts).toEqual([{ userId: carol, nickName: 'C' }])
  expect(await client.list(alice)).toMatchObject({ lists: [{ list: friends, count: 1 }] })
  expect((await manage(phone, friends)).nickList).toEqual([{ userId: carol, name: 'C' }])
  await client.delete(alice, friends)
  expect(await client.list(alice)).toEqual({ lists: [] })
  for (const payload of [{}, { list: 1 }, { list: 'a', more: 1 }]) {
    const refused = await app.inject({ method: 'POST', url: '/contacts/alice', payload })
    expect(refused.body).toContain('Expected: { \\"list\\"')
  }
})
