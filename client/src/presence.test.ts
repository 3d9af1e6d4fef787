import type { ServiceTree } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { type Dialect, dialects, openSession } from '../test/open-session.ts'
import { failure, ScriptedServer } from '../test/scripted-server.ts'
import { readNames } from './presence-attributes.ts'

const [bob, carol] = ['wv:bob@village.local', 'wv:carol@village.local']
const friends = 'wv:alice/friends@village.local'
const holds = (presenceValue: string) => ({ qualifier: true, presenceValue })

async function ready(dialect: Dialect = ['1.3', 'wbxml']) {
  const server = new ScriptedServer()
  for (const name of ['SubscribePresenceRequest', 'UnsubscribePresenceRequest', 'UpdatePresenceRequest'] as const)
    server.on(name, () => failure(200))
  const session = await openSession(server, dialect)
  const asked = () => server.seen.at(-1)?.primitive?.body as { presenceSubList?: Parameters<typeof readNames>[0] }
  const named = () => readNames(asked().presenceSubList)
  return { server, session, presence: session.presence, asked, named }
}

describe.each(dialects)('presence in %s %s (CSP 8.3)', (version, syntax) => {
  it('is subscribed to, of users and lists, whole or in part', async () => {
    const { presence, asked, named } = await ready([version, syntax])
    expect(await presence.subscribe(bob)).toEqual({ failed: [] })
    expect(asked()).toMatchObject({ userIds: [bob] })
    expect(asked().presenceSubList).toBeUndefined()
    await presence.subscribe(
      { userIds: [bob, carol], contactLists: [friends] },
      { attributes: ['onlineStatus', 'statusText'], autoSubscribe: true },
    )
    expect(asked()).toMatchObject({
      userIds: [bob, carol],
      contactLists: [friends],
      autoSubscribe: version === '1.2' ? true : undefined,
    })
    expect(named()).toEqual(['onlineStatus', 'statusText'])
    await presence.unsubscribe([bob])
    expect(asked()).toMatchObject({ userIds: [bob] })
  })

  it('is fetched', async () => {
    const { server, presence, asked, named } = await ready([version, syntax])
    const lists = [{ onlineStatuses: [holds('T')], statusText: holds('In the garden') }]
    server.on('GetPresenceRequest', () => ({
      name: 'GetPresenceResponse',
      body: { result: { code: 200 }, presences: [{ userId: bob, presenceSubLists: lists }] },
    }))
    const [found] = await presence.get(bob, ['onlineStatus', 'statusText'])
    expect(asked()).toMatchObject({ userIds: [bob] })
    expect(named()).toEqual(['onlineStatus', 'statusText'])
    expect(found).toMatchObject({ userId: bob, status: { isOnline: true, text: 'In the garden', mood: undefined } })
    expect(found?.attributes.statusText).toEqual(holds('In the garden'))
  })

  it('is one of a user who is told of in several places', async () => {
    const { server, presence } = await ready([version, syntax])
    const telling = (userId: string, list: object) => ({ userId, presenceSubLists: [list] })
    const presences = [
      telling(bob, { statusText: holds('In the garden') }),
      telling(carol, { alias: holds('Carol') }),
      telling(bob, { onlineStatuses: [holds('T')], alias: holds('Bob') }),
    ]
    server.on('GetPresenceRequest', () => ({
      name: 'GetPresenceResponse',
      body: { result: { code: 200 }, presences },
    }))
    const found = await presence.get([bob, carol])
    expect(found.map(({ userId }) => userId)).toEqual([bob, carol])
    expect(found[0]).toMatchObject({ status: { isOnline: true, text: 'In the garden' } })
    expect(found[0]?.attributes.alias).toEqual(holds('Bob'))
  })

  it('is published', async () => {
    const { presence, asked } = await ready([version, syntax])
    await presence.setStatus({ availability: 'discreet', text: 'Überall', mood: null })
    expect(asked()).toMatchObject({
      presenceSubList: {
        userAvailability: holds('DISCREET'),
        statusText: holds('Überall'),
        statusMood: { qualifier: false },
      },
    })
    await presence.update({ timeZones: [{ qualifier: true, zone: '+02:00' }] })
    expect(asked()).toMatchObject({ presenceSubList: { timeZones: [{ qualifier: true, zone: '+02:00' }] } })
  })

  it('is told of as it changes, and confirmed with a Status', async () => {
    const { server, presence } = await ready([version, syntax])
    const notifications = presence.notifications()
    const presences = [
      { userId: bob, presenceSubLists: [{ onlineStatuses: [holds('F')] }] },
      { userId: carol, presenceSubLists: [] },
    ]
    server.push({ name: 'PresenceNotificationRequest', body: { presences } }, 's1')
    const { value } = await notifications.next()
    expect(value).toMatchObject([
      { userId: bob, status: { isOnline: false } },
      { userId: carol, status: { isOnline: undefined } },
    ])
    void notifications.next()
    await expect.poll(() => server.seen.at(-1)).toMatchObject({ mode: 'Response', id: 's1' })
    expect(server.seen.at(-1)?.primitive).toMatchObject({ name: 'Status', body: { result: { code: 200 } } })
  })

  it('has watchers', async () => {
    const { server, presence, asked } = await ready([version, syntax])
    const watchers = [
      { userId: bob, watcherStatus: 'CURRENT_SUBSCRIBER' },
      { userId: carol, watcherStatus: 'PRESENCE_ACCESS' },
    ]
    server.on('GetWatcherListRequest', () => ({
      name: 'GetWatcherListResponse',
      body: { watchers, watcherCount: 7, historyPeriod: 600 },
    }))
    const found = await presence.watchers({ historySeconds: 3600, most: 2 })
    expect(found.watchers.map(({ userId }) => userId)).toEqual([bob, carol])
    if (version === '1.1') return expect(found.total).toBe(2)
    expect(asked()).toMatchObject({ historyPeriod: 3600, maxWatcherList: 2 })
    expect(found.watchers.map(({ kind }) => kind)).toEqual(['subscribed', 'has looked'])
    expect(found).toMatchObject({ total: version === '1.3' ? 7 : 2, historySeconds: 600 })
  })
})

it('who cannot be subscribed to is named', async () => {
  const { server, presence } = await ready()
  server.on('SubscribePresenceRequest', () => ({
    name: 'Status',
    body: { result: { code: 201, details: [{ code: 531, userIds: [carol] }] } },
  }))
  expect(await presence.subscribe([bob, carol])).toMatchObject({ failed: [{ to: carol, name: 'UnknownUser' }] })
})

describe('services of presence', () => {
  const asked = (server: ScriptedServer) =>
    server.seen.find(({ primitive }) => primitive?.name === 'ServiceRequest')?.primitive?.body

  it.each(dialects)(
    'are asked for in %s %s, those that speak by themselves only by who listens',
    async (...dialect) => {
      const [version] = dialect
      const quiet = new ScriptedServer()
      await openSession(quiet, dialect, {})
      const live = new ScriptedServer()
      await openSession(live, dialect)
      const tree = { presenceFeat: { contListFunc: { gcli: true }, presenceDeliverFunc: { updpr: true } } }
      expect(asked(quiet)).toMatchObject({ functions: tree })
      expect(asked(quiet)).not.toMatchObject({ functions: { presenceFeat: { contListFunc: { ncls: true } } } })
      expect(asked(quiet)).not.toMatchObject({ functions: { presenceFeat: { presenceAuthFunc: { react: true } } } })
      const spoken = version === '1.3' ? { contListFunc: { ncls: true } } : { presenceAuthFunc: { react: true } }
      expect(asked(live)).toMatchObject({ functions: { presenceFeat: spoken } })
    },
  )

  it.each<[ServiceTree, boolean]>([
    [{}, true],
    [{ presenceFeat: {} }, false],
    [{ presenceFeat: { mp: true } }, false],
    [{ presenceFeat: { presenceAuthFunc: {} } }, true],
  ])('without %j: presence is there: %s', async (functions, isThere) => {
    const server = new ScriptedServer()
    server.on('ServiceRequest', () => ({ name: 'ServiceResponse', body: { functions } }))
    const session = await openSession(server)
    expect(session.isAgreed('presenceFeat', 'mp')).toBe(isThere)
  })
})
