import type { Body } from '@village/protocol'
import { type Scenario, scenario } from '../scenario.ts'
import { folded } from './list-owner.ts'
import { type PresenceClient, users } from './presence-client.ts'
import { type PresenceService, presenceClient, withPresence, withTrust } from './with-presence.ts'

type WatcherList = Body<'GetWatcherListResponse'>

const watchersOf = async (
  juliet: PresenceClient,
  body: { historyPeriod?: number; maxWatcherList?: number } = {},
): Promise<WatcherList> => (await juliet.ask({ name: 'GetWatcherListRequest', body })).as('GetWatcherListResponse')

/** Who is on a watcher list and as what, in no order; 1.1 does not say as what. */
const inShort = ({ watchers }: WatcherList) =>
  watchers.map(({ userId, watcherStatus }) => [folded(userId), watcherStatus].filter(Boolean).join(' ')).sort()

const needs: readonly PresenceService[] = ['getwl']
const listNeeds: readonly PresenceService[] = ['getwl', 'ccli', 'mcls', 'dcli']
const since12 = { since: '1.2' } as const
const hour = 3600

/** Users see who watches them (CSP 8.3.2.1). */
export const watcherList: readonly Scenario[] = [
  scenario(
    'PRSE-S-011',
    '8.3.2.1',
    'Who watches is on the watcher list, once, until nothing is watched any more',
    withPresence(needs, async (stage, romeo, juliet) => {
      const { expect, version } = stage
      const current = `${folded(romeo.userId)}${version === '1.1' ? '' : ' CURRENT_SUBSCRIBER'}`
      expect(inShort(await watchersOf(juliet)), 'the watchers before').is([])
      const other = await presenceClient(stage)
      await romeo.watch(users(juliet), ['statusText'])
      await other.watch(users(juliet))
      expect(inShort(await watchersOf(juliet)), 'the watchers').is([current])
      await romeo.unwatch(users(juliet))
      expect(inShort(await watchersOf(juliet)), 'the watchers when one client has stopped').is([current])
      await other.unwatch(users(juliet))
      expect(inShort(await watchersOf(juliet)), 'the watchers when both have').is([])
    }),
  ),

  scenario(
    'PRSE-S-011',
    '8.3.2.1',
    'Who watches a contact list is on the watcher list of who is on it',
    withPresence(listNeeds, async ({ expect }, romeo, juliet) => {
      const contactLists = [await romeo.befriend('friends', juliet)]
      await romeo.watch({ contactLists })
      expect((await watchersOf(juliet)).watchers.length, 'the number of watchers').is(1)
      await romeo.unwatch({ contactLists })
      expect((await watchersOf(juliet)).watchers.length, 'that when the list is not watched any more').is(0)
    }),
  ),

  scenario(
    'PRSE-S-011',
    '8.3.2.1',
    'Who has logged out is not on the watcher list',
    withPresence(needs, async ({ expect }, romeo, juliet) => {
      await romeo.watch(users(juliet))
      await romeo.phone.logout()
      expect(inShort(await watchersOf(juliet)), 'the watchers').is([])
    }),
  ),

  scenario(
    'PRSE-S-011',
    '8.3.2.1',
    'Who may see nothing and watches all the same is on the watcher list',
    withPresence(needs, async ({ expect }, romeo, juliet) => {
      await juliet.show([], users(romeo))
      await romeo.watch(users(juliet))
      expect((await watchersOf(juliet)).watchers.length, 'the number of watchers').is(1)
    }),
  ),

  scenario(
    'PRSE-S-011 TRACT-S-007',
    '8.3.2.1',
    'A watcher list is no longer than was asked for, and says where there are more',
    withPresence(needs, async (stage, romeo, juliet) => {
      const { expect } = stage
      await romeo.watch(users(juliet))
      const all = await watchersOf(juliet, { maxWatcherList: 1 })
      expect(all.watchers.length, 'the number of watchers').is(1)
      expect(all.watcherCount, 'WatcherCount, where there are no more').isAbsent()
      const nurse = await presenceClient(stage, 'romeo', { options: { name: 'nurse', account: stage.third() } })
      await nurse.watch(users(juliet))
      const some = await watchersOf(juliet, { maxWatcherList: 1 })
      expect(some.watchers.length, 'the number of watchers told of two').is(1)
      if (stage.version === '1.3') expect(some.watcherCount, 'WatcherCount').is(2)
      expect((await watchersOf(juliet)).watchers.length, 'that where no most was asked for').is(2)
    }),
    since12,
  ),

  scenario(
    'PRSE-S-011 GETWL-S-001',
    '8.3.2.3',
    'A watcher list covers no longer a period than was asked for, and none that was not',
    withPresence(needs, async ({ expect, skip }, romeo, juliet) => {
      await romeo.watch(users(juliet))
      expect((await watchersOf(juliet)).historyPeriod, 'the period that was not asked for').isAbsent()
      const { historyPeriod } = await watchersOf(juliet, { historyPeriod: hour })
      if (historyPeriod === undefined) return skip('the server keeps no history of watchers, as CSP 8.3.2.3 allows')
      expect(historyPeriod, 'the period').isBetween(1, hour)
    }),
    since12,
  ),

  scenario(
    'PRSE-S-011 GETWL-S-001',
    '8.3.2.3',
    'Where a history is told, it has who watched and who looked',
    withTrust(['getwl', 'getpr'], async (stage, romeo, juliet) => {
      const { expect, skip } = stage
      await romeo.look(users(juliet))
      const looked = await watchersOf(juliet, { historyPeriod: hour })
      if (looked.historyPeriod === undefined)
        return skip('the server keeps no history of watchers, as CSP 8.3.2.3 allows')
      const last = (list: WatcherList) => list.watchers.find(({ userId }) => folded(userId) === folded(romeo.userId))
      await romeo.watch(users(juliet))
      const watching = last(await watchersOf(juliet, { historyPeriod: hour }))
      expect(watching?.watcherStatus, 'what he is while he watches').is('CURRENT_SUBSCRIBER')
      await romeo.unwatch(users(juliet))
      const after = last(await watchersOf(juliet, { historyPeriod: hour }))
      expect(after?.watcherStatus, 'what he is afterwards').is('FORMER_SUBSCRIBER')
      expect(last(looked)?.watcherStatus, 'what he was when he had looked').isOneOf([
        'PRESENCE_ACCESS',
        // By an earlier scenario.
        'FORMER_SUBSCRIBER',
      ])
      expect(inShort(await watchersOf(juliet)), 'the watchers where no history is asked for').is([])
    }),
    since12,
  ),

  scenario(
    'PRSE-S-011',
    '8.3.2.3',
    'A period of 0 is none that can be asked for',
    withPresence(needs, async ({ expect }, _, juliet) => {
      const { code } = await juliet.ask({ name: 'GetWatcherListRequest', body: { historyPeriod: 0 } })
      expect(code, 'the answer').isOneOf([400, 402, undefined])
    }),
    since12,
  ),
]
