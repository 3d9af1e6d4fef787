import type { BodyInput } from '@village/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { expectPrimitive, type Phone, type PhoneOptions } from '../../testing/phone.ts'
import { authorize, watch, withPresence } from '../../testing/presence.ts'
import { fetchWhole } from '../../testing/segments.ts'
import { dialects, openVillage, type Village } from '../../testing/village.ts'

const [aliceId, bobId, carolId] = ['alice', 'bob', 'carol'].map(name => `wv:${name}@example.com`) as [
  string,
  string,
  string,
]
const ofAlice = { userIds: [aliceId] }

type Request = BodyInput<'GetWatcherListRequest'>

const answerTo = async (phone: Phone, body: Request = {}) =>
  expectPrimitive((await phone.ask({ name: 'GetWatcherListRequest', body })).primitive, 'GetWatcherListResponse')

/** In short: `bob CURRENT`. */
const watchersOf = async (phone: Phone, body: Request = {}) =>
  (await answerTo(phone, body)).watchers.map(({ userId, watcherStatus }) =>
    [userId.replace(/^wv:|@.*$/g, ''), watcherStatus?.replace('_SUBSCRIBER', '')].filter(Boolean).join(' '),
  )

const getPresence = (phone: Phone) => phone.code({ name: 'GetPresenceRequest', body: ofAlice })

let village: Village
beforeEach(async () => {
  village = await openVillage()
  await village.world.pass(60)
})

describe.each(dialects)('CSP 8.3.2, GetWatcherList in $version $syntax', dialect => {
  const by = (user: string, options: PhoneOptions = {}) => withPresence(village, user, { ...dialect, ...options })
  const current = (name: string) => (dialect.version === '1.1' ? name : `${name} CURRENT`)

  it('tells who has subscribed, each user once', async () => {
    const [alice, bob, again, carol] = [
      await by('alice'),
      await by('bob'),
      await by('bob', { clientId: 'tablet' }),
      await by('carol'),
    ]
    expect(await watchersOf(alice)).toEqual([])
    for (const phone of [bob, again, carol]) expect(await watch(phone, ofAlice)).toBe(200)
    expect(await watchersOf(alice)).toEqual(['bob', 'carol'].map(current))
    expect((await answerTo(alice)).historyPeriod).toBeUndefined()
  })

  it('knows subscribers right after a restart', async () => {
    const [alice, bob] = [await by('alice'), await by('bob')]
    await watch(bob, ofAlice)
    village.restart()
    expect(await watchersOf(alice)).toEqual([current('bob')])
  })

  it('does not count the user', async () => {
    const alice = await by('alice')
    await watch(alice, ofAlice)
    await getPresence(alice)
    expect(await watchersOf(alice, { historyPeriod: 30 })).toEqual([])
  })
})

describe('CSP 8.3.2, the history of watchers', () => {
  let alice: Phone
  let bob: Phone
  beforeEach(async () => {
    alice = await withPresence(village, 'alice')
    bob = await withPresence(village, 'bob')
  })

  it('has those who unsubscribed, whose sessions ended, and who looked', async () => {
    await village.add('dave')
    const [carol, dave] = [await withPresence(village, 'carol'), await withPresence(village, 'dave')]
    await authorize(alice, 'StatusText', { userIds: ['wv:dave@example.com'] })
    for (const phone of [bob, carol]) await watch(phone, ofAlice)
    await bob.code({ name: 'UnsubscribePresenceRequest', body: ofAlice })
    await village.world.pass(1)
    await carol.code({ name: 'LogoutRequest', body: {} })
    expect(await getPresence(dave)).toBe(200)
    expect(await watchersOf(alice, { historyPeriod: 30 })).toEqual([
      'carol FORMER',
      'bob FORMER',
      'dave PRESENCE_ACCESS',
    ])
    expect(await watchersOf(alice)).toEqual([])
  })

  it('does not have those who look and may see nothing', async () => {
    await getPresence(bob)
    expect(await watchersOf(alice, { historyPeriod: 30 })).toEqual([])
  })

  it('has those who took the user off a list that they watch', async () => {
    const friends = 'wv:bob/friends@example.com'
    await bob.ask({ name: 'CreateListRequest', body: { contactList: friends, nickList: [{ userId: aliceId }] } })
    await watch(bob, { contactLists: [friends], autoSubscribe: true })
    expect(await watchersOf(alice, { historyPeriod: 30 })).toEqual(['bob CURRENT'])
    const removeNickList = [aliceId]
    await bob.ask({ name: 'ListManageRequest', body: { contactList: friends, receiveList: false, removeNickList } })
    expect(await watchersOf(alice, { historyPeriod: 30 })).toEqual(['bob FORMER'])
  })

  it('tells who still subscribes with another client as a subscriber', async () => {
    const tablet = await withPresence(village, 'bob', { clientId: 'tablet' })
    for (const phone of [bob, tablet]) await watch(phone, ofAlice)
    await bob.code({ name: 'UnsubscribePresenceRequest', body: ofAlice })
    expect(await watchersOf(alice, { historyPeriod: 30 })).toEqual(['bob CURRENT'])
    await tablet.code({ name: 'UnsubscribePresenceRequest', body: ofAlice })
    expect(await watchersOf(alice, { historyPeriod: 30 })).toEqual(['bob FORMER'])
  })

  it('has sessions of before a restart that ended without coming back', async () => {
    const carol = await withPresence(village, 'carol')
    for (const phone of [bob, carol]) await watch(phone, ofAlice)
    village.restart()
    await village.world.pass(10)
    await withPresence(village, 'bob')
    await village.core.endSessions(carolId)
    expect(await watchersOf(alice, { historyPeriod: 30 })).toEqual(['carol FORMER', 'bob FORMER'])
  })

  it('goes back as far as was asked, and no further than the server has been running', async () => {
    await watch(bob, ofAlice)
    await bob.code({ name: 'LogoutRequest', body: {} })
    await village.world.pass(40)
    expect(await answerTo(alice, { historyPeriod: 30 })).toMatchObject({ historyPeriod: 30, watchers: [] })
    expect(await answerTo(alice, { historyPeriod: 604_800 })).toMatchObject({
      historyPeriod: 100,
      watchers: [{ userId: bobId }],
    })
    village.restart()
    expect((await answerTo(alice, { historyPeriod: 30 })).historyPeriod).toBeUndefined()
  })

  it('is kept for as long as the operator says, and not for an account of the same name', async () => {
    village = await openVillage({ config: { 'presence.watcherHistoryHours': 1 } })
    ;[alice, bob] = [await withPresence(village, 'alice'), await withPresence(village, 'bob')]
    await village.world.pass(7000)
    await watch(bob, ofAlice)
    await bob.code({ name: 'LogoutRequest', body: {} })
    expect((await answerTo(alice, { historyPeriod: 604_800 })).historyPeriod).toBe(3600)
    await village.world.pass(1)
    await village.core.endSessions(aliceId)
    await village.store.commit(village.store.accounts.remove(aliceId))
    await village.add('alice')
    alice = await withPresence(village, 'alice')
    await village.world.pass(5)
    expect(await answerTo(alice, { historyPeriod: 604_800 })).toMatchObject({ historyPeriod: 5, watchers: [] })
  })

  it('has no period of 0 seconds', async () => {
    expect(await alice.code({ name: 'GetWatcherListRequest', body: { historyPeriod: 0 } })).toBe(402)
  })
})

describe('CSP 8.3.2, a watcher list that is too long', () => {
  it('is told as far as the client wants it, current subscribers first, with the number of all (since 1.3)', async () => {
    const options = { version: '1.3' } as const
    const [alice, bob, carol] = [
      await withPresence(village, 'alice', options),
      await withPresence(village, 'bob', options),
      await withPresence(village, 'carol', options),
    ]
    for (const phone of [bob, carol]) await watch(phone, ofAlice)
    await bob.code({ name: 'LogoutRequest', body: {} })
    const limited = (maxWatcherList: number) => answerTo(alice, { historyPeriod: 30, maxWatcherList })
    expect(await limited(2)).toMatchObject({ watchers: [{ userId: carolId }, { userId: bobId }] })
    expect((await limited(2)).watcherCount).toBeUndefined()
    expect(await limited(1)).toMatchObject({ watcherCount: 2, watchers: [{ userId: carolId }] })
    expect(await limited(0)).toMatchObject({ watcherCount: 2, watchers: [] })
  })

  it.each(['xml', 'wbxml'] as const)('comes in segments, where those were agreed (CSP 6.10), in %s', async syntax => {
    const names = Array.from({ length: 40 }, (_, n) => `w${String(n).padStart(2, '0')}`)
    for (const name of names) {
      await village.add(name)
      await watch(await withPresence(village, name), ofAlice)
    }
    const services = { fundamentalFeat: {}, presenceFeat: {} }
    const alice = await village.ready('alice', { version: '1.3', syntax, services, capabilities: { parserSize: 1000 } })
    const { whole, sizes } = await fetchWhole(alice, { name: 'GetWatcherListRequest', body: {} })
    expect(sizes.length).toBeGreaterThan(1)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000)
    const { watchers } = expectPrimitive(whole, 'GetWatcherListResponse')
    expect(watchers.map(({ userId }) => userId)).toEqual(names.map(name => `wv:${name}@example.com`))
  })
})
