import { type Scenario, scenario } from '../scenario.ts'
import type { AttributeKey } from './attributes.ts'
import { type PresenceClient, users } from './presence-client.ts'
import { Sight } from './sight.ts'
import { withPresence } from './with-presence.ts'

/** The attributes of Juliet that Romeo is told of as he subscribes. */
async function seen(romeo: PresenceClient, juliet: PresenceClient): Promise<AttributeKey[]> {
  await romeo.watch(users(juliet))
  const sight = new Sight(await romeo.hear())
  await romeo.unwatch(users(juliet))
  return sight.attributesOf(juliet)
}

type Play = (
  expectSeen: (when: string, ...attributes: AttributeKey[]) => Promise<void>,
  juliet: PresenceClient,
  romeo: PresenceClient,
) => Promise<void>

/** Plays with a Juliet who has said all that scenarios authorise, and tells what Romeo has to see then. */
const withAll = (play: Play) =>
  withPresence(['updpr', 'ccli', 'mcls', 'dcli'], async ({ expect }, romeo, juliet) => {
    await juliet.say({ statusText: 'On the balcony', alias: 'Jule', userAvailability: 'DISCREET' })
    const expectSeen = async (when: string, ...attributes: AttributeKey[]) =>
      expect(await seen(romeo, juliet), `what he sees ${when}`).is(attributes)
    await play(expectSeen, juliet, romeo)
  })

/** Who may see what (CSP 8.2.2). */
export const authorization: readonly Scenario[] = [
  scenario(
    'PRSE-S-005 PRSE-S-012',
    '8.2.2',
    'Without an authorisation nothing is seen',
    withAll(expectSeen => expectSeen('of who has authorised nobody')),
  ),

  scenario(
    'PRSE-S-005 PRSE-S-012',
    '8.2.2',
    'What is authorised by default is seen by who has no other authorisation',
    withAll(async (expectSeen, juliet, romeo) => {
      await juliet.show(['alias'], { defaultList: true })
      await expectSeen('by default', 'alias')
      await juliet.befriend('friends', romeo)
      await expectSeen('on a contact list without attribute list', 'alias')
    }),
  ),

  scenario(
    'PRSE-S-005 PRSE-S-012',
    '8.2.2',
    'What is authorised to a user goes before the contact list, and that before the default',
    withAll(async (expectSeen, juliet, romeo) => {
      await juliet.show(['alias'], { defaultList: true })
      await juliet.show(['statusText'], { contactLists: [await juliet.befriend('friends', romeo)] })
      await expectSeen('on a contact list', 'statusText')
      await juliet.show(['userAvailability'], users(romeo))
      await expectSeen('as a user', 'userAvailability')
    }),
  ),

  scenario(
    'PRSE-S-005 PRSE-S-012',
    '8.2.2',
    'An attribute list with nothing in it hides everything',
    withAll(async (expectSeen, juliet, romeo) => {
      await juliet.show(['alias'], { defaultList: true })
      const contactLists = [await juliet.befriend('friends', romeo)]
      await juliet.show([], { contactLists })
      await expectSeen('on a contact list with an empty attribute list')
      await juliet.show(['statusText'], { contactLists })
      await juliet.show([], users(romeo))
      await expectSeen('as a user with an empty one')
    }),
  ),

  scenario(
    'PRSE-S-005 PRSE-S-012',
    '8.2.2',
    'Who is on several contact lists sees what any of them may see',
    withAll(async (expectSeen, juliet, romeo) => {
      await juliet.show(['statusText'], { contactLists: [await juliet.befriend('friends', romeo)] })
      await juliet.show(['alias'], { contactLists: [await juliet.befriend('neighbours', romeo)] })
      await juliet.show([], { contactLists: [await juliet.befriend('Montagues', romeo)] })
      await juliet.show(['userAvailability'], { contactLists: [await juliet.befriend('capulets')] })
      await expectSeen('on three of four contact lists', 'alias', 'statusText')
    }),
  ),

  scenario(
    'PRSE-S-005 PRSE-S-004',
    '8.2.2',
    'What a contact list may see is seen by who is on it at the moment',
    withAll(async (expectSeen, juliet, romeo) => {
      const friends = await juliet.befriend('friends')
      await juliet.show(['statusText'], { contactLists: [friends] })
      await expectSeen('before he is on it')
      await juliet.add(friends, romeo)
      await expectSeen('while he is on it', 'statusText')
      await juliet.remove(friends, romeo)
      await expectSeen('when he is not on it any more')
    }),
  ),

  scenario(
    'PRSE-S-006 PRSE-S-012',
    '8.2.2',
    'Where an attribute list is deleted the next one counts',
    withAll(async (expectSeen, juliet, romeo) => {
      const contactLists = [await juliet.befriend('friends', romeo)]
      await juliet.show(['alias'], { defaultList: true })
      await juliet.show(['statusText'], { contactLists })
      await juliet.show(['userAvailability'], users(romeo))
      await juliet.hide(users(romeo))
      await expectSeen('without his own list', 'statusText')
      await juliet.hide({ contactLists })
      await expectSeen('without that of the contact list', 'alias')
      await juliet.hide({ defaultList: true })
      await expectSeen('without any')
    }),
  ),

  scenario(
    'PRSE-S-003 PRSE-S-005',
    '8.2.2',
    'With a contact list goes what it was authorised to see',
    withAll(async (expectSeen, juliet, romeo) => {
      const friends = await juliet.befriend('friends', romeo)
      await juliet.show(['statusText'], { contactLists: [friends] })
      await juliet.delete(friends)
      await expectSeen('when the contact list is gone')
      await juliet.befriend('friends', romeo)
      await expectSeen('on another of the same name')
    }),
  ),
]
