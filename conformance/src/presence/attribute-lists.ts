import type { Body } from '@village/protocol'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { namesIn } from './attributes.ts'
import { folded } from './list-owner.ts'
import { type PresenceClient, users } from './presence-client.ts'
import { presenceClient, withPresence } from './with-presence.ts'

type Told = Body<'GetAttributeListResponse'>

/** Whom what is authorised to, in short. */
const associations = ({ presences }: Told) =>
  presences
    .map(({ userId, contactList, presenceSubLists }) =>
      `${folded(userId ?? contactList)}: ${namesIn(presenceSubLists).join(' ')}`.trim(),
    )
    .sort()

const inShort = (whom: string, ...attributes: readonly string[]) => `${folded(whom)}: ${attributes.join(' ')}`.trim()

const defaultOf = ({ defaultAttributeList: list }: Told) =>
  list && namesIn(list.presenceSubList === undefined ? [] : [list.presenceSubList])

type Play = (stage: Stage, romeo: PresenceClient, juliet: PresenceClient, friends: string) => Promise<void>

/** Plays with a contact list of Juliet's that Romeo is on. */
const withFriends = (play: Play) =>
  withPresence(['ccli', 'mcls', 'dcli'], async (stage, romeo, juliet) =>
    play(stage, romeo, juliet, await juliet.befriend('friends', romeo)),
  )

/** Attribute lists are created, read and deleted (CSP 8.2.4). */
export const attributeLists: readonly Scenario[] = [
  scenario(
    'PRSE-S-005 PRSE-S-007',
    '8.2.4',
    'Attribute lists of users, contact lists and everybody are read as they were created',
    withFriends(async ({ expect }, romeo, juliet, friends) => {
      await juliet.show(['statusText'], users(romeo))
      await juliet.show(['onlineStatuses', 'alias'], { contactLists: [friends] })
      await juliet.show(['userAvailability'], { defaultList: true })
      const ofRomeo = await juliet.attributeLists(users(romeo))
      expect(associations(ofRomeo), 'the list of the user').is([inShort(romeo.userId, 'statusText')])
      expect(defaultOf(ofRomeo), 'the default list, which was not asked for').isAbsent()
      const ofFriends = await juliet.attributeLists({ contactLists: [friends], defaultList: true })
      expect(associations(ofFriends), 'that of the contact list').is([inShort(friends, 'onlineStatuses', 'alias')])
      expect(defaultOf(ofFriends), 'the default list').is(['userAvailability'])
    }),
  ),

  scenario(
    'PRSE-S-005 PRSE-S-007',
    '8.2.4',
    'One request can create attribute lists for users, contact lists and everybody',
    withFriends(async ({ expect }, romeo, juliet, friends) => {
      await juliet.show(['statusText'], { ...users(romeo), contactLists: [friends], defaultList: true })
      const told = await juliet.attributeLists({ ...users(romeo), contactLists: [friends], defaultList: true })
      const both = [friends, romeo.userId].map(whom => inShort(whom, 'statusText')).sort()
      expect(associations(told), 'the lists').is(both)
      expect(defaultOf(told), 'the default list').is(['statusText'])
    }),
  ),

  scenario(
    'PRSE-S-007',
    '8.2.4',
    'Who asks for no user and no contact list is told of all',
    withFriends(async ({ expect }, romeo, juliet, friends) => {
      await juliet.show(['statusText'], { ...users(romeo), contactLists: [friends] })
      const both = [friends, romeo.userId].map(whom => inShort(whom, 'statusText')).sort()
      expect(associations(await juliet.attributeLists()), 'the lists').is(both)
    }),
  ),

  scenario(
    'PRSE-S-005 PRSE-S-007',
    '8.2.4',
    'An attribute list takes the place of the one before',
    withPresence([], async ({ expect }, romeo, juliet) => {
      for (const attribute of ['statusText', 'alias'] as const)
        await juliet.show([attribute], { ...users(romeo), defaultList: true })
      const told = await juliet.attributeLists({ ...users(romeo), defaultList: true })
      expect(associations(told), 'the list').is([inShort(romeo.userId, 'alias')])
      expect(defaultOf(told), 'the default list').is(['alias'])
    }),
  ),

  scenario(
    'PRSE-S-005 PRSE-S-007',
    '8.2.4',
    'An attribute list with nothing in it is one',
    withPresence([], async ({ expect }, romeo, juliet) => {
      await juliet.show([], users(romeo))
      expect(associations(await juliet.attributeLists()), 'the lists').is([inShort(romeo.userId)])
    }),
  ),

  scenario(
    'PRSE-S-007 TRACT-S-007',
    '8.2.4',
    'The default attribute list is told to who asks for it, be it empty',
    withPresence([], async ({ expect }, _, juliet) => {
      expect(defaultOf(await juliet.attributeLists({ defaultList: true })), 'the list before there is one').is([])
      await juliet.show([], { defaultList: true })
      expect(defaultOf(await juliet.attributeLists({ defaultList: true })), 'the empty list').is([])
      expect(defaultOf(await juliet.attributeLists()), 'the list where it is not asked for').isAbsent()
    }),
  ),

  scenario(
    'PRSE-S-006 PRSE-S-007',
    '8.2.4',
    'Attribute lists that were deleted are gone, the others are not',
    withFriends(async ({ expect }, romeo, juliet, friends) => {
      await juliet.show(['alias'], { ...users(romeo, juliet), contactLists: [friends], defaultList: true })
      await juliet.hide({ ...users(juliet), contactLists: [friends] })
      const told = await juliet.attributeLists({ defaultList: true })
      expect(associations(told), 'the lists').is([inShort(romeo.userId, 'alias')])
      expect(defaultOf(told), 'the default list').is(['alias'])
      await juliet.hide({ defaultList: true })
      expect(defaultOf(await juliet.attributeLists({ defaultList: true })), 'the default list at last').is([])
    }),
  ),

  scenario(
    'PRSE-S-006',
    '8.2.4',
    'It is no error to delete an attribute list that there is not',
    withFriends(async (_, romeo, juliet, friends) => {
      for (let time = 0; time < 2; time++)
        await juliet.hide({ ...users(romeo), contactLists: [friends], defaultList: true })
    }),
  ),

  scenario(
    'PRSE-S-005 PRSE-S-007',
    '8.2.4',
    'Attribute lists outlive the session',
    withPresence([], async (stage, romeo, juliet) => {
      await juliet.show(['alias'], { ...users(romeo), defaultList: true })
      await juliet.phone.logout()
      const again = await presenceClient(stage, 'juliet')
      const told = await again.attributeLists({ defaultList: true })
      stage.expect(associations(told), 'the list').is([inShort(romeo.userId, 'alias')])
      stage.expect(defaultOf(told), 'the default list').is(['alias'])
    }),
  ),

  scenario(
    'PRSE-S-005 PRSE-S-004',
    '8.1.2',
    'AuthorizeAndGrant shows OnlineStatus to a contact list, beside what it is shown already',
    withFriends(async ({ expect }, _, juliet, friends) => {
      const associated = async () => {
        const body = { contactList: friends, receiveList: false, authorizeAndGrant: true }
        const { code } = await juliet.ask({ name: 'ListManageRequest', body })
        expect(code, 'the answer').is(200)
        const grantList = { removeList: { contactLists: [friends] } }
        await juliet.ask({ name: 'BlockEntityRequest', body: { grantList } })
        return associations(await juliet.attributeLists({ contactLists: [friends] }))
      }
      expect(await associated(), 'the list where there was none').is([inShort(friends, 'onlineStatuses')])
      await juliet.show(['alias'], { contactLists: [friends] })
      expect(await associated(), 'the list where there was one').is([inShort(friends, 'onlineStatuses', 'alias')])
    }),
    { since: '1.3' },
  ),
]
