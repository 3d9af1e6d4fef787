import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { naming } from './attributes.ts'
import { type PresenceClient, users } from './presence-client.ts'
import { withPresence, withTrust } from './with-presence.ts'

type Play = (stage: Stage, romeo: PresenceClient, juliet: PresenceClient, friends: string) => Promise<void>

/** Plays with a contact list of Romeo's with nobody on it, and Juliet, who shows him what she tells. */
const withFriends = (play: Play) =>
  withTrust(['updpr', 'ccli', 'mcls', 'dcli'], async (stage, romeo, juliet) => {
    await juliet.say({ statusText: 'one' })
    await play(stage, romeo, juliet, await romeo.befriend('friends'))
  })

/** Watches a contact list and whoever joins it; 1.2 says so, and there it can be left out (760). */
async function follow(romeo: PresenceClient, contactList: string, { expect, skip }: Stage) {
  const body = { contactLists: [contactList], presenceSubList: naming(['statusText']), autoSubscribe: true }
  const { code } = await romeo.ask({ name: 'SubscribePresenceRequest', body })
  if (code === 760) skip('the server does not subscribe by itself, as CSP 8.3.2.2 allows')
  expect(code, 'the answer to the subscription').is(200)
}

/** Since 1.2 a subscription can follow its list; since 1.3 it always does (CSP 8.1.2). */
const since12 = { since: '1.2' } as const

/** Subscriptions to contact lists (CSP 8.3.2.1, 8.1.2). */
export const listSubscriptions: readonly Scenario[] = [
  scenario(
    'PRSE-S-008 PRSE-S-012',
    '8.3.2.1',
    'Who subscribes to a contact list watches everybody on it, by User-ID',
    withFriends(async ({ expect }, romeo, juliet, friends) => {
      await romeo.add(friends, juliet, romeo)
      await romeo.say({ statusText: 'Ay me' })
      await romeo.watch({ contactLists: [friends] })
      await romeo.sees(juliet, 'statusText', 'one')
      await romeo.sees(romeo, 'statusText', 'Ay me')
      await juliet.say({ statusText: 'two' })
      await romeo.sees(juliet, 'statusText', 'two')
      expect(romeo.sight.users.length, 'the number of users he is told of').is(2)
    }),
  ),

  scenario(
    'PRSE-S-009',
    '8.1.2',
    'Who joins a contact list that is watched is watched from then on',
    withFriends(async (stage, romeo, juliet, friends) => {
      await follow(romeo, friends, stage)
      await romeo.add(friends, juliet)
      await romeo.sees(juliet, 'statusText', 'one')
      await juliet.say({ statusText: 'two', alias: 'Jule' })
      await romeo.sees(juliet, 'statusText', 'two')
      await romeo.hearAll()
      stage.expect(romeo.sight.attributesOf(juliet), 'the attributes he is told').is(['statusText'])
    }),
    since12,
  ),

  scenario(
    'PRSE-S-009',
    '8.1.2',
    'Who is taken off a contact list that is watched is not watched any more',
    withFriends(async (stage, romeo, juliet, friends) => {
      await romeo.add(friends, juliet)
      await follow(romeo, friends, stage)
      await romeo.sees(juliet, 'statusText', 'one')
      await romeo.remove(friends, juliet)
      await romeo.hearAll()
      await juliet.say({ statusText: 'two' })
      stage.expect(await romeo.hearAll(), 'what he is told').is([])
    }),
    since12,
  ),

  scenario(
    'PRSE-S-009',
    '8.1.2',
    'Who is taken off a contact list is still watched where there is another subscription',
    withFriends(async (stage, romeo, juliet, friends) => {
      const neighbours = await romeo.befriend('neighbours', juliet)
      await romeo.add(friends, juliet)
      await follow(romeo, friends, stage)
      await follow(romeo, neighbours, stage)
      await romeo.watch(users(juliet), ['alias'])
      await romeo.remove(friends, juliet)
      await juliet.say({ statusText: 'two', alias: 'Jule' })
      await romeo.sees(juliet, 'statusText', 'two')
      await romeo.sees(juliet, 'alias', 'Jule')
      await romeo.remove(neighbours, juliet)
      await juliet.say({ alias: 'Julietta' })
      await romeo.sees(juliet, 'alias', 'Julietta')
    }),
    since12,
  ),

  scenario(
    'PRSE-S-003 PRSE-S-010',
    '8.1.2',
    'With a contact list its subscription is gone, and no other',
    withFriends(async ({ expect }, romeo, juliet, friends) => {
      await romeo.add(friends, juliet)
      await romeo.watch({ contactLists: [friends] })
      await romeo.watch(users(juliet), ['alias'])
      await romeo.sees(juliet, 'statusText', 'one')
      await romeo.delete(friends)
      await romeo.hearAll()
      await juliet.say({ statusText: 'two' })
      expect(await romeo.hearAll(), 'what he is told').is([])
      await juliet.say({ alias: 'Jule' })
      await romeo.sees(juliet, 'alias', 'Jule')
    }),
  ),

  scenario(
    'PRSE-S-009',
    '8.3.2.1',
    'Without AutoSubscribe the users are watched who were on the contact list',
    withFriends(async ({ expect }, romeo, juliet, friends) => {
      await romeo.add(friends, romeo)
      await romeo.watch({ contactLists: [friends] }, ['statusText'], false)
      await romeo.hear()
      await romeo.add(friends, juliet)
      await juliet.say({ statusText: 'two' })
      expect(await romeo.hearAll(), 'what he is told of who has joined').is([])
      await romeo.remove(friends, romeo)
      await romeo.say({ statusText: 'Ay me' })
      await romeo.sees(romeo, 'statusText', 'Ay me')
    }),
    { since: '1.2', until: '1.2' },
  ),

  scenario(
    'PRSE-S-008 PRSE-S-012',
    '8.3.2.1',
    'Who subscribes to a contact list with nobody on it is told that there is nothing to be seen',
    withPresence(['ccli', 'mcls', 'dcli'], async ({ expect }, romeo) => {
      const friends = await romeo.befriend('friends')
      await romeo.watch({ contactLists: [friends] })
      const told = await romeo.hear('an empty presence notification')
      expect(
        told.map(({ userId }) => userId),
        'the users he is told of',
      ).is([undefined])
    }),
    { since: '1.3' },
  ),
]
