import { describe, expect, it } from 'vitest'
import { ContactServer } from '../test/contact-server.ts'
import { type Dialect, dialects, openSession } from '../test/open-session.ts'
import { failure } from '../test/scripted-server.ts'
import type { ContactChange } from './contact-changes.ts'
import { readNames } from './presence-attributes.ts'

const [bob, carol, dave] = ['wv:bob@village.local', 'wv:carol@village.local', 'wv:dave@village.local']
const [friends, work] = ['wv:alice/friends@village.local', 'wv:alice/work@village.local']
const holds = (presenceValue: string) => ({ qualifier: true, presenceValue })
const online = (value: 'T' | 'F') => ({ onlineStatuses: [holds(value)] })

type Setting = Readonly<Record<string, readonly { readonly userId: string; readonly name?: string }[]>>
const usual: Setting = {
  [friends]: [{ userId: bob, name: 'Bob' }, { userId: carol }],
  [work]: [{ userId: carol, name: 'C.' }],
}

async function opened(
  setting = usual,
  dialect: Dialect = ['1.3', 'wbxml'],
  prepare: (it: ContactServer) => void = () => {},
) {
  const server = new ContactServer(setting)
  prepare(server)
  const session = await openSession(server, dialect)
  const { contacts } = session
  await contacts.open()
  const asked = (name: string) =>
    server.seen.flatMap(({ mode, primitive }) =>
      mode === 'Request' && primitive?.name === name
        ? [primitive.body as { userIds?: string[]; contactLists?: string[] }]
        : [],
    )
  return { server, session, contacts, asked, names: () => contacts.all.map(({ nickname }) => nickname) }
}

describe.each(dialects)('contacts in %s %s', (...dialect) => {
  it('are read and subscribed to by list', async () => {
    const { contacts, asked } = await opened(usual, dialect)
    expect(contacts.lists).toMatchObject([
      { address: friends, name: 'Friends', isDefault: true, contacts: [{ nickname: 'Bob' }, { nickname: carol }] },
      { address: work, name: 'Work', isDefault: false, contacts: [{ userId: carol, nickname: 'C.' }] },
    ])
    expect(contacts.all).toMatchObject([
      { userId: bob, lists: [friends], isKnown: false, isOnline: undefined },
      { userId: carol, lists: [friends, work] },
    ])
    const [first, second, ...others] = asked('SubscribePresenceRequest')
    expect([first?.contactLists, second?.contactLists, others]).toEqual([[friends], [work], []])
    const { presenceSubList, autoSubscribe } = first as never
    expect(readNames(presenceSubList)).toEqual([
      'onlineStatus',
      'userAvailability',
      'statusText',
      'statusMood',
      'alias',
    ])
    expect(autoSubscribe).toBe(dialect[0] === '1.2' ? true : undefined)
  })

  it('come, tell something and go', async () => {
    const { server, contacts } = await opened(usual, dialect)
    const changes = contacts.changes()
    server.tell('wv:BOB@village.local', { ...online('T'), statusText: holds('In the garden') })
    expect((await changes.next()).value).toMatchObject({
      before: { isKnown: false },
      now: { userId: bob, isKnown: true, isOnline: true, text: 'In the garden' },
    })
    server.tell(bob, { statusText: { qualifier: false } })
    expect((await changes.next()).value).toMatchObject({
      before: { text: 'In the garden' },
      now: { isOnline: true, text: undefined },
    })
    server.tell(bob, online('F'))
    expect((await changes.next()).value.now.isOnline).toBe(false)
    expect(contacts.find('bob')).toMatchObject({ userId: bob, isOnline: false })
    server.tell(carol, {})
    expect((await changes.next()).value.now).toMatchObject({ userId: carol, isKnown: true, isOnline: undefined })
  })

  it('are added to the default list, and taken off all', async () => {
    const { contacts, asked, names } = await opened(usual, dialect)
    expect(await contacts.add(dave, { nickname: 'Dave' })).toMatchObject({
      userId: dave,
      nickname: 'Dave',
      lists: [friends],
    })
    await contacts.add(bob, { nickname: 'Bobby', list: work })
    expect(contacts.find(bob)).toMatchObject({ lists: [friends, work], nickname: 'Bob' })
    const one = asked('SubscribePresenceRequest').slice(2)
    // In 1.1 a list that is subscribed to is the list as it was then.
    expect(one.map(({ userIds }) => userIds)).toEqual(dialect[0] === '1.1' ? [[dave], [bob]] : [])
    await contacts.remove(carol)
    expect(asked('ListManageRequest').slice(-2)).toMatchObject([{ contactList: friends }, { contactList: work }])
    expect(names()).toEqual(['Bob', 'Dave'])
  })
})

describe('where lists cannot be subscribed to (760)', () => {
  const byUser = (server: ContactServer) =>
    server.on('SubscribePresenceRequest', ({ contactLists, userIds = [] }) =>
      failure(contactLists ? 760 : userIds.includes(carol) ? 531 : 200),
    )

  it('those on them are, one by one where one does not exist', async () => {
    const { contacts, asked } = await opened(usual, undefined, byUser)
    const users = () => asked('SubscribePresenceRequest').flatMap(({ userIds }) => (userIds ? [userIds] : []))
    expect(users()).toEqual([[bob, carol], [bob], [carol], [carol]])
    await contacts.add(dave)
    expect(users().at(-1)).toEqual([dave])
    await contacts.remove(dave)
    expect(asked('UnsubscribePresenceRequest')).toMatchObject([{ userIds: [dave] }])
    await contacts.remove(carol, { list: work })
    expect(asked('UnsubscribePresenceRequest')).toHaveLength(1)
    await contacts.close()
    expect(asked('UnsubscribePresenceRequest').at(-1)?.userIds).toEqual([bob, carol])
  })

  it('or the answer names the list', async () => {
    const details = [{ code: 760, contactLists: [friends] }]
    const { asked } = await opened({ [friends]: [{ userId: bob }] }, undefined, server =>
      server.on('SubscribePresenceRequest', ({ contactLists }) =>
        contactLists ? { name: 'Status', body: { result: { code: 201, details } } } : failure(200),
      ),
    )
    expect(asked('SubscribePresenceRequest')[1]?.userIds).toEqual([bob])
  })
})

describe('without presence', () => {
  it.each([405, 501, 506])('the lists are there all the same: %i', async code => {
    const { contacts, asked, names } = await opened(usual, undefined, server =>
      server.on('SubscribePresenceRequest', () => failure(code)),
    )
    expect(names()).toEqual(['Bob', carol])
    expect(asked('SubscribePresenceRequest')).toHaveLength(2)
    await contacts.close()
  })

  it('nothing is subscribed to that was not agreed', async () => {
    const { asked, names } = await opened(usual, undefined, server =>
      server.on('ServiceRequest', () => ({
        name: 'ServiceResponse',
        body: { functions: { presenceFeat: { mp: true } } },
      })),
    )
    expect(names()).toEqual(['Bob', carol])
    expect(asked('SubscribePresenceRequest')).toEqual([])
  })

  it('and without lists, opening fails, and can be tried again', async () => {
    const server = new ContactServer(usual)
    const usually = server.scriptFor('GetListRequest')
    server.on('GetListRequest', () => failure(503))
    const { contacts } = await openSession(server)
    const changes = contacts.changes()
    await expect(contacts.open()).rejects.toMatchObject({ code: 503 })
    server.on('GetListRequest', usually)
    await contacts.open()
    expect(contacts.all).toHaveLength(2)
    expect((await changes.next()).value).toMatchObject({ before: undefined, now: { userId: bob } })
  })
})

describe('what is changed elsewhere', () => {
  const told = async (changes: AsyncIterableIterator<ContactChange>) => (await changes.next()).value as ContactChange

  it.each(['xml', 'wbxml'] as const)('is told by ListManageNotification, and confirmed; %s', async syntax => {
    const { server, contacts } = await opened(usual, ['1.3', syntax])
    const changes = contacts.changes()
    const addNickList = [{ userId: dave, name: 'Dave' }]
    server.push({ name: 'ListManageNotificationRequest', body: { contactList: friends, addNickList } }, 's1')
    expect(await told(changes)).toMatchObject({ before: undefined, now: { nickname: 'Dave', lists: [friends] } })
    await expect
      .poll(() => server.seen.find(({ mode, id }) => mode === 'Response' && id === 's1')?.primitive)
      .toMatchObject({ name: 'Status', body: { result: { code: 200 } } })
    server.tell(dave, online('T'))
    expect((await told(changes)).now?.isOnline).toBe(true)
    const removeNickList = [dave]
    server.push({ name: 'ListManageNotificationRequest', body: { contactList: friends, removeNickList } })
    expect(await told(changes)).toMatchObject({ before: { isOnline: true }, now: undefined })
    expect(contacts.find(dave)).toBeUndefined()
  })

  it('is read anew as a general notification tells of it', async () => {
    const { server, contacts, asked } = await opened()
    expect(asked('SubscribeNotificationRequest')).toEqual([{ notificationTypes: ['CLCR', 'CLC', 'CLD'] }])
    const changes = contacts.changes()
    server.lists.set(friends, [{ userId: carol, name: 'Carol' }])
    server.note('CLC', friends)
    const both = [await told(changes), await told(changes)]
    expect(both.map(({ now }) => now?.nickname)).toEqual([undefined, 'Carol'])
    server.lists.set('wv:alice/new@village.local', [{ userId: dave }])
    server.note('CLCR', 'wv:alice/new@village.local')
    expect((await told(changes)).now?.userId).toBe(dave)
    expect(asked('SubscribePresenceRequest').at(-1)?.contactLists).toEqual(['wv:alice/new@village.local'])
    server.note('CLD', 'wv:alice/new@village.local')
    expect((await told(changes)).now).toBeUndefined()
    expect(contacts.lists.map(({ address }) => address)).toEqual([friends, work])
  })

  it('is read with what comes next, where it could not be at once', async () => {
    const { server, contacts, asked } = await opened()
    const changes = contacts.changes()
    const usually = server.scriptFor('ListManageRequest')
    server.on('ListManageRequest', () => failure(500))
    server.lists.set(work, [{ userId: dave }])
    server.note('CLC', work)
    await expect.poll(() => asked('ListManageRequest')).toHaveLength(3)
    server.on('ListManageRequest', usually)
    server.tell(bob, online('T'))
    const both = [await told(changes), await told(changes), await told(changes)]
    expect(both.map(({ now }) => now?.userId).sort()).toEqual([bob, carol, dave])
    expect(contacts.find(carol)?.lists).toEqual([friends])
  })

  it('and by oneself, is read when one says so', async () => {
    const { server, contacts, names } = await opened()
    server.lists.delete(work)
    server.lists.set(friends, [{ userId: dave, name: 'Dave' }])
    await contacts.refresh()
    expect(names()).toEqual(['Dave'])
  })
})

describe('listeners', () => {
  it('hear of what changed twice once, and each for itself', async () => {
    const { server, contacts } = await opened()
    const [one, other] = [contacts.changes(), contacts.changes()]
    for (const value of ['T', 'F', 'T'] as const) server.tell(bob, online(value))
    server.tell(carol, online('F'))
    await expect.poll(() => contacts.find(carol)?.isOnline).toBe(false)
    for (const changes of [one, other]) {
      expect((await changes.next()).value).toMatchObject({ before: { isOnline: undefined }, now: { isOnline: true } })
      expect((await changes.next()).value.now.userId).toBe(carol)
    }
    await one.return?.()
    expect(await one.next()).toEqual({ done: true, value: undefined })
  })

  it('are left when the contacts are closed, and told when the server ends the session', async () => {
    const { server, contacts } = await opened()
    const first = contacts.changes().next()
    await contacts.close()
    expect(await first).toEqual({ done: true, value: undefined })
    await contacts.open()
    const second = contacts.changes().next()
    server.push({ name: 'Disconnect', body: { result: { code: 601 } } })
    await expect(second).rejects.toMatchObject({ name: 'SessionEnded', code: 601 })
  })

  it('are left when the session is, be the contacts open or not', async () => {
    const session = await openSession(new ContactServer(usual))
    const first = session.contacts.changes().next()
    session.close()
    expect(await first).toEqual({ done: true, value: undefined })
  })
})

describe('presence of others', () => {
  it('is left to who asked for it, and nothing of it is kept', async () => {
    const { server, session, contacts } = await opened()
    const notifications = session.presence.notifications()
    server.tell(dave, online('T'))
    expect((await notifications.next()).value).toMatchObject([{ userId: dave, status: { isOnline: true } }])
    expect(contacts.find(dave)).toBeUndefined()
  })

  it('that is here before the answer to adding them, counts', async () => {
    const { server, contacts } = await opened()
    const usually = server.scriptFor('ListManageRequest')
    server.on('ListManageRequest', async (...request) => {
      server.tell(dave, online('T'))
      await new Promise(resolve => setTimeout(resolve, 100))
      return usually(...request)
    })
    await contacts.add(dave)
    await expect.poll(() => contacts.find(dave)?.isOnline).toBe(true)
  })
})

it('who has no list gets one with the first contact', async () => {
  const { contacts, asked } = await opened({})
  expect(contacts.lists).toEqual([])
  await contacts.add(bob, { nickname: 'Bob' })
  expect(asked('CreateListRequest')).toMatchObject([{ contactList: friends }])
  expect(asked('SubscribePresenceRequest')).toMatchObject([{ contactLists: [friends] }])
  expect(contacts.lists).toMatchObject([{ name: 'Friends', isDefault: true, contacts: [{ nickname: 'Bob' }] }])
})
