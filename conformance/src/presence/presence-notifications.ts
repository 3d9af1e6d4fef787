import { answersIn } from '../answer.ts'
import { type Scenario, scenario } from '../scenario.ts'
import { occurrences, unsetting } from './attributes.ts'
import { folded } from './list-owner.ts'
import { users } from './presence-client.ts'
import { takeUp, usual, withPresence, withTrust } from './with-presence.ts'

/** Subscribers are told of changes (CSP 8.3.2.1). */
export const presenceNotifications: readonly Scenario[] = [
  scenario(
    'PRSE-S-012 TRACT-S-006',
    '8.3.2.1',
    'A subscriber is told of a change, as a request that is answered once',
    withTrust(['updpr'], async ({ expect }, romeo, juliet) => {
      await romeo.watch(users(juliet))
      await romeo.hearAll()
      await juliet.say({ statusText: 'one' })
      const [asked] = answersIn(await romeo.phone.poll(), 'Request')
      const told = expect(asked, 'what the poll brings').isPresent()
      expect(told.id, 'its Transaction-ID').isPresent()
      expect(told.as('PresenceNotificationRequest').presences.length, 'the number of users').is(1)
      const reply = await romeo.phone.acknowledge(told)
      expect(reply?.http.status, 'the HTTP status of the reply to the Status').is(200)
      expect(await romeo.hearAll(), 'what comes afterwards').is([])
    }),
  ),

  scenario(
    'PRSE-S-012',
    '8.3.2.1',
    'After several changes the last is what a subscriber knows',
    withTrust(['updpr'], async ({ expect }, romeo, juliet) => {
      await romeo.watch(users(juliet))
      for (const statusText of ['one', 'two', 'three', 'four']) await juliet.say({ statusText })
      await juliet.say({ alias: 'Jule' })
      await romeo.sees(juliet, 'statusText', 'four')
      await romeo.sees(juliet, 'alias', 'Jule')
      await romeo.hearAll()
      expect(romeo.sight.valuesOf(juliet, 'statusText'), 'the status text he knows at last').is(['four'])
    }),
  ),

  scenario(
    'PRSE-S-012 PRSE-S-014',
    '8.3.2.1',
    'A value that is taken back is one no more for subscribers',
    withTrust(['updpr'], async (_, romeo, juliet) => {
      await juliet.say({ statusText: 'one' })
      await romeo.watch(users(juliet))
      await romeo.sees(juliet, 'statusText', 'one')
      await juliet.publish(unsetting(['statusText']))
      await romeo.sees(juliet, 'statusText')
    }),
  ),

  scenario(
    'PRSE-S-012 TRACT-S-006 TRACT-S-007',
    '8.3.2.1 as AOSP clients need it',
    'Whoever is told of has a PresenceSubList, with Qualifier T where there is a value and F where there is none',
    withTrust(['updpr'], async ({ expect }, romeo, juliet) => {
      await juliet.say({ statusText: 'one' })
      await romeo.watch(users(juliet))
      const told = [...(await romeo.hear())]
      await juliet.publish(unsetting(['statusText']))
      told.push(...(await romeo.hear()))
      for (const { presenceSubLists } of told) {
        expect(presenceSubLists.length, 'the number of PresenceSubLists').isBetween(1, 100)
        for (const key of usual)
          for (const { qualifier, presenceValue } of presenceSubLists.flatMap(list => occurrences(list, key)))
            expect(qualifier, `the Qualifier of ${key} ${presenceValue}`).is(presenceValue !== undefined)
      }
    }),
  ),

  scenario(
    'PRSE-S-012 PRSE-S-005',
    '8.2.4',
    'What is authorised later is told without another subscription',
    withPresence(['updpr'], async ({ expect }, romeo, juliet) => {
      await juliet.say({ statusText: 'one', alias: 'Jule' })
      await romeo.watch(users(juliet), ['statusText'])
      await romeo.hear()
      await juliet.show(['statusText', 'alias'], users(romeo))
      await romeo.sees(juliet, 'statusText', 'one')
      expect(romeo.sight.attributesOf(juliet), 'the attributes he is told').is(['statusText'])
    }),
  ),

  scenario(
    'PRSE-S-012 PRSE-S-005 PRSE-S-006',
    '8.2.4',
    'What is not authorised any more is not told, and told again when it is',
    withTrust(['updpr'], async ({ expect }, romeo, juliet) => {
      await juliet.say({ statusText: 'one' })
      await romeo.watch(users(juliet))
      await romeo.sees(juliet, 'statusText', 'one')
      await juliet.hide(users(romeo))
      await juliet.say({ statusText: 'two' })
      await romeo.hearAll()
      expect(romeo.sight.valuesOf(juliet, 'statusText'), 'the status text he knows').isOneOf([['one'], []])
      await juliet.show(usual, users(romeo))
      await romeo.sees(juliet, 'statusText', 'two')
    }),
  ),

  scenario(
    'PRSE-S-012',
    '8.2.2',
    'What was authorised when it changed, and is not when it is told, is not told',
    withTrust(['updpr'], async ({ expect }, romeo, juliet) => {
      await romeo.watch(users(juliet))
      await romeo.hearAll()
      await juliet.say({ statusText: 'one' })
      await juliet.show([], users(romeo))
      await romeo.hearAll()
      expect(romeo.sight.valuesOf(juliet, 'statusText'), 'the status text he knows').is([])
    }),
  ),

  scenario(
    'PRSE-S-012 PRSE-S-004',
    '8.2.2',
    'What a contact list may see is told to who joins it and has subscribed',
    withPresence(['updpr', 'ccli', 'mcls', 'dcli'], async (_, romeo, juliet) => {
      await juliet.say({ statusText: 'one' })
      const friends = await juliet.befriend('friends')
      await juliet.show(['statusText'], { contactLists: [friends] })
      await romeo.watch(users(juliet))
      await romeo.hear()
      await juliet.add(friends, romeo)
      await romeo.sees(juliet, 'statusText', 'one')
    }),
  ),

  scenario(
    'PRSE-S-012',
    '8.3.2.1',
    'Subscribers are told of users by User-ID, and of nobody else',
    withTrust(['updpr'], async ({ expect }, romeo, juliet) => {
      await juliet.show(usual, { defaultList: true })
      await romeo.show(usual, { defaultList: true })
      await romeo.watch(users(juliet))
      await romeo.say({ statusText: 'Ay me' })
      await juliet.say({ statusText: 'one' })
      await romeo.sees(juliet, 'statusText', 'one')
      await romeo.hearAll()
      expect(romeo.sight.users, 'the users he is told of').is([folded(juliet.userId)!])
    }),
  ),

  scenario(
    'PRSE-S-012 SAP-S-001',
    '5.1.2',
    'What a client had not answered when it lost its session is told when it has it again',
    withTrust(['updpr'], async (stage, romeo, juliet) => {
      await romeo.watch(users(juliet))
      await romeo.hearAll()
      await juliet.say({ statusText: 'one' })
      await romeo.phone.poll()
      await takeUp(romeo, stage)
      await romeo.sees(juliet, 'statusText', 'one')
    }),
  ),
]
