import { describe, expect, it } from 'vitest'
import { newContact, newList } from '../../testing/contacts.ts'
import type { Unit } from '../database.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { sqlContactLists } from '../sql/contact-lists.ts'
import { sqlSessionRecords } from '../sql/session-records.ts'
import { sqlSubscriptions } from '../sql/subscriptions.ts'
import type { Subscription } from '../subscriptions.ts'
import { account, alice, bob, type Current, outcome, session } from './fixtures.ts'

const friends = 'wv:alice/friends@example.com'
const work = 'wv:alice/work@example.com'
const carol = 'wv:carol@example.com'
const to = (publisher: string, listId = '', attributes = 'OnlineStatus'): Subscription => ({
  publisher,
  listId,
  attributes,
})

export const describeSubscriptions = (current: Current): void => {
  describe('subscriptions', () => {
    const subscriptions = () => sqlSubscriptions(current())
    const commit = (unit: Unit) => outcome(current().commit(unit))
    const subscribe = (idDigest: string, entries: Subscription[], { mostPerSession = 9, mostWatchers = 9 } = {}) =>
      commit(subscriptions().subscribe(idDigest, entries, { mostPerSession, mostWatchers }))
    const unsubscribe = (idDigest: string, entries: Subscription[]) =>
      commit(subscriptions().unsubscribe(idDigest, entries))
    const watchers = async (publisher: string) =>
      (await subscriptions().watchersOf(publisher)).map(({ address }) => address)
    /** Alice with two sessions and two lists that have Carol on them, and Bob with a session. */
    const open = () =>
      commit([
        ...sqlAccounts(current()).add(account(alice, { address: 'wv:Alice@example.com' })),
        ...sqlAccounts(current()).add(account(bob)),
        ...[friends, work].flatMap(listId => [
          ...sqlContactLists(current()).create(alice, newList(listId), 9),
          ...sqlContactLists(current()).addMembers(alice, listId, [newContact(carol)], 9, null),
        ]),
        ...sqlSessionRecords(current()).open(session('phone'), 9),
        ...sqlSessionRecords(current()).open(session('laptop', { clientKey: 'laptop' }), 9),
        ...sqlSessionRecords(current()).open(session('bob', { userId: bob }), 9),
      ])

    it('belong to one session, and the last word on the same subject counts', async () => {
      await open()
      expect(await subscribe('phone', [to(bob), to('', friends), to(carol, friends)])).toBe('done')
      expect(await subscribe('phone', [to(bob, '', 'Alias StatusText'), to(bob, work)])).toBe('done')
      expect(await subscriptions().ofSession('phone')).toEqual([
        to('', friends),
        to(bob, '', 'Alias StatusText'),
        to(bob, work),
        to(carol, friends),
      ])
      expect(await subscriptions().ofSession('laptop')).toEqual([])
      expect(await subscribe('nothing', [to(bob)])).toBe('NoSuchSession')
    })

    it('are as many as are allowed, and then nothing of a unit is taken', async () => {
      await open()
      expect(await subscribe('phone', [to(bob), to(carol)], { mostPerSession: 2 })).toBe('done')
      expect(await subscribe('phone', [to(bob), to('', work)], { mostPerSession: 2 })).toBe('TooManySubscriptions')
      expect(await subscriptions().ofSession('phone')).toHaveLength(2)
      expect(await subscribe('laptop', [to(bob), to(carol)], { mostPerSession: 2 })).toBe('done')
    })

    it('of one publisher by User-ID are limited too; sessions that have ended and lists do not count', async () => {
      await open()
      const limit = { mostWatchers: 1 }
      expect(await subscribe('phone', [to(carol), to(carol, friends), to('', friends)], limit)).toBe('done')
      expect(await subscribe('laptop', [to(carol, friends)], limit)).toBe('done')
      const unit = subscriptions().subscribe('laptop', [to(bob), to(carol)], { mostPerSession: 9, ...limit })
      await expect(current().commit(unit)).rejects.toMatchObject({ conflict: 'TooManyWatchers', subject: carol })
      await commit(sqlSessionRecords(current()).end('phone', 2000, 200))
      expect(await subscribe('laptop', [to(carol)], limit)).toBe('done')
    })

    it('end by user or by list, the one without the other, in one session', async () => {
      await open()
      const all = [to(bob), to(bob, friends), to('', friends), to('', work), to(carol)]
      for (const idDigest of ['phone', 'laptop']) await subscribe(idDigest, all)
      await unsubscribe('phone', [to(bob), to('wv:stranger')])
      expect(await subscriptions().ofSession('phone')).toEqual([
        to('', friends),
        to('', work),
        to(bob, friends),
        to(carol),
      ])
      await unsubscribe('phone', [to('', friends)])
      expect(await subscriptions().ofSession('phone')).toEqual([to('', work), to(carol)])
      expect(await subscriptions().ofSession('laptop')).toHaveLength(5)
    })

    it('end in all sessions with the list they were made by', async () => {
      await open()
      for (const idDigest of ['phone', 'laptop'])
        await subscribe(idDigest, [to('', friends), to(carol, friends), to(carol), to('', work)])
      await commit(subscriptions().unsubscribeList(friends))
      for (const idDigest of ['phone', 'laptop'])
        expect(await subscriptions().ofSession(idDigest)).toEqual([to('', work), to(carol)])
    })

    it('tell who watches somebody: each user once, by User-ID or by who is on a list now', async () => {
      await open()
      for (const idDigest of ['phone', 'laptop']) await subscribe(idDigest, [to('', friends), to('', work), to(bob)])
      await subscribe('bob', [to(carol)])
      expect(await subscriptions().watchersOf(carol)).toEqual([
        { userId: alice, address: 'wv:Alice@example.com' },
        { userId: bob, address: bob },
      ])
      expect(await watchers(bob)).toEqual(['wv:Alice@example.com'])
      expect(await watchers('wv:stranger')).toEqual([])
      for (const listId of [friends, work])
        await commit(sqlContactLists(current()).removeMembers(alice, listId, [carol], null))
      expect(await watchers(carol)).toEqual([bob])
      await subscribe('phone', [to(carol, friends)])
      expect(await watchers(carol)).toEqual(['wv:Alice@example.com', bob])
    })

    it('tell what is wanted of somebody, by whom, in sessions that are open', async () => {
      await open()
      const wanted = async (publisher: string) =>
        (await subscriptions().wantedFrom(publisher)).map(({ userId, attributes }) => [userId, attributes])
      await subscribe('phone', [to('', friends, 'Alias'), to('', work, 'Alias'), to(bob)])
      await subscribe('laptop', [to(carol, friends, 'StatusText')])
      await subscribe('bob', [to(carol, '', 'Alias')])
      const byAlice = [
        [alice, 'Alias'],
        [alice, 'StatusText'],
      ]
      expect(await wanted(carol)).toEqual([...byAlice, [bob, 'Alias']])
      expect([await wanted(bob), await wanted('wv:stranger')]).toEqual([[[alice, 'OnlineStatus']], []])
      await commit(sqlSessionRecords(current()).end('bob', 2000, 200))
      await commit(sqlContactLists(current()).removeMembers(alice, friends, [carol], null))
      expect(await wanted(carol)).toEqual(byAlice)
    })

    it('by a list of one who is on it are not about the others', async () => {
      await open()
      await subscribe('phone', [to(bob, friends)])
      expect([await watchers(bob), await watchers(carol)]).toEqual([['wv:Alice@example.com'], []])
    })

    it('wait while their session has ended, are there again with it, and go with its record', async () => {
      await open()
      await subscribe('bob', [to(carol)])
      await commit(sqlSessionRecords(current()).end('bob', 2000, 200))
      expect(await watchers(carol)).toEqual([])
      const again = session('bob', { userId: bob, claimEpoch: 2 })
      expect(await commit(sqlSessionRecords(current()).open(again, 9, 1))).toBe('done')
      expect(await subscriptions().ofSession('bob')).toEqual([to(carol)])
      expect(await watchers(carol)).toEqual([bob])
      await commit(sqlSessionRecords(current()).end('bob', 3000, 200))
      await commit(sqlSessionRecords(current()).purgeEnded(4000))
      expect(await subscriptions().ofSession('bob')).toEqual([])
    })
  })
}
