import type { Body } from '@village/protocol'
import { receive, subscribe, typesOfOthers } from '../access/notified-client.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { namesIn } from './attributes.ts'
import { folded } from './list-owner.ts'
import { type PresenceClient, users } from './presence-client.ts'
import { presenceClient, withPresence } from './with-presence.ts'

type Notification = Body<'NotificationRequest'>
type Play = (stage: Stage, romeo: PresenceClient, juliet: PresenceClient) => Promise<void>

/** Plays with a Juliet who hears of authorisations. */
const about = (clause: string, title: string, types: readonly string[], play: Play) =>
  scenario(
    'SAP-S-018 PRSE-S-005',
    clause,
    title,
    withPresence(['ccli', 'mcls', 'dcli'], async (stage, romeo, juliet) => {
      const code = await subscribe(juliet.phone, types)
      if (code === 405) stage.skip('the server does not offer general notifications')
      stage.expect(code, 'the answer to the subscription to notifications').is(200)
      await play(stage, romeo, juliet)
    }),
    { since: '1.3' },
  )

const attributesOf = ({ presenceSubList }: Notification) =>
  namesIn(presenceSubList === undefined ? [] : [presenceSubList])

/** Table 31 has a list of User-IDs, table 35 one of users. */
const usersOf = ({ userIds, userList }: Notification) =>
  (userIds ?? userList?.users.map(({ userId }) => userId) ?? []).map(folded)

const needed = ['ANU', 'ANC', 'AND'] as const

/** Who is told of authorisations that have changed, and of those that somebody needs (CSP 7.2.1, 8.2.3). */
export const authorizationNeeded: readonly Scenario[] = [
  about(
    '8.2.4',
    'A change of attribute lists is notified to the other clients',
    ['AC'],
    async (stage, romeo, juliet) => {
      const { expect } = stage
      const doer = await presenceClient(stage, 'juliet')
      const friends = await juliet.befriend('friends')
      await doer.show(['alias', 'statusText'], users(romeo))
      const ofUser = await receive(juliet.phone, 'AC')
      expect(usersOf(ofUser), 'the user').is([folded(romeo.userId)])
      expect(attributesOf(ofUser), 'the attributes').is(['statusText', 'alias'])
      await doer.show(['alias'], { contactLists: [friends] })
      expect((await receive(juliet.phone, 'AC')).contactLists?.map(folded), 'the contact list').is([folded(friends)])
      await doer.show(['alias'], { defaultList: true })
      expect((await receive(juliet.phone, 'AC')).defaultList, 'whether it is about the default list').is(true)
      await doer.hide(users(romeo))
      expect(usersOf(await receive(juliet.phone, 'AC')), 'the user whose list was deleted').is([folded(romeo.userId)])
      await juliet.show(['alias'], users(romeo))
      expect(await typesOfOthers(juliet.phone), 'what comes to the client that changes something').is([])
    },
  ),

  about(
    '8.2.3',
    'A user is notified of who wants more than was authorised to him, where she wished to be',
    needed,
    async ({ expect }, romeo, juliet) => {
      await juliet.show(['alias'], { ...users(romeo), userNotify: true })
      await romeo.watch(users(juliet), ['alias', 'statusText'])
      const asked = await receive(juliet.phone, 'ANU')
      expect(usersOf(asked), 'who wants more').is([folded(romeo.userId)])
      expect(attributesOf(asked), 'the attributes that are missing').is(['statusText'])
      expect(await typesOfOthers(juliet.phone), 'what else comes').is([])
    },
  ),

  about(
    '8.2.3',
    'A user is notified of who wants more than was authorised to a contact list, where she wished to be',
    needed,
    async ({ expect }, romeo, juliet) => {
      const contactLists = [await juliet.befriend('friends', romeo)]
      await juliet.show(['alias'], { contactLists, contactListNotify: true })
      await romeo.watch(users(juliet), ['alias', 'statusText'])
      const asked = await receive(juliet.phone, 'ANC')
      expect(usersOf(asked), 'who wants more').is([folded(romeo.userId)])
      expect(asked.contactLists?.map(folded), 'the contact lists').is(contactLists.map(folded))
      expect(attributesOf(asked), 'the attributes that are missing').is(['statusText'])
    },
  ),

  about(
    '8.2.3',
    'A user is notified of who wants more than is authorised by default, where she wished to be',
    needed,
    async ({ expect }, romeo, juliet) => {
      await juliet.show(['alias'], { defaultList: true, defaultNotify: true })
      await romeo.watch(users(juliet), ['alias', 'statusText'])
      const asked = await receive(juliet.phone, 'AND')
      expect(usersOf(asked), 'who wants more').is([folded(romeo.userId)])
      expect(asked.defaultList, 'whether it is about the default list').is(true)
      expect(attributesOf(asked), 'the attributes that are missing').is(['statusText'])
    },
  ),

  about(
    '8.2.3',
    'A user who is asked for presence can authorise it, and then it is told',
    needed,
    async (_, romeo, juliet) => {
      await juliet.show([], { ...users(romeo), userNotify: true })
      await romeo.watch(users(juliet), ['onlineStatuses'])
      const asked = await receive(juliet.phone, 'ANU')
      await juliet.show(attributesOf(asked), { userIds: usersOf(asked).map(userId => `wv:${userId}`) })
      await romeo.seesOnline(juliet, true)
    },
  ),

  about(
    '8.2.3',
    'Nobody is notified of who wants what is authorised, or whom she did not want to hear of',
    needed,
    async ({ expect }, romeo, juliet) => {
      await juliet.show(['alias'], { ...users(romeo), userNotify: true })
      await romeo.watch(users(juliet), ['alias'])
      expect(await typesOfOthers(juliet.phone), 'what comes of what is authorised').is([])
      await juliet.show(['alias'], { ...users(romeo), userNotify: false })
      await romeo.watch(users(juliet), ['statusText'])
      expect(await typesOfOthers(juliet.phone), 'what comes without the wish').is([])
    },
  ),
]
