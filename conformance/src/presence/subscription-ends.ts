import { type Scenario, scenario } from '../scenario.ts'
import { nobody, users } from './presence-client.ts'
import { presenceClient, takeUp, withPresence, withTrust } from './with-presence.ts'

/** How far a subscription goes, and how it ends (CSP 8.3.2.1, 5.1.2). */
export const subscriptionEnds: readonly Scenario[] = [
  scenario(
    'PRSE-S-010',
    '8.3.2.1',
    'Who has unsubscribed is told nothing more',
    withTrust(['updpr'], async ({ expect }, romeo, juliet) => {
      await juliet.say({ statusText: 'one' })
      await romeo.watch(users(juliet))
      await romeo.sees(juliet, 'statusText', 'one')
      await romeo.hearAll()
      await romeo.unwatch(users(juliet))
      await juliet.say({ statusText: 'two' })
      expect(await romeo.hearAll(), 'what he is told').is([])
    }),
  ),

  scenario(
    'PRSE-S-010',
    '8.3.2.1',
    'What had not been told when the client unsubscribed is not told any more',
    withTrust(['updpr'], async ({ expect }, romeo, juliet) => {
      await romeo.watch(users(juliet))
      await romeo.hear()
      await juliet.say({ statusText: 'one' })
      await romeo.unwatch(users(juliet))
      expect(await romeo.hearAll(), 'what he is told').is([])
    }),
  ),

  scenario(
    'PRSE-S-010',
    '8.3.2.1',
    'Who has unsubscribed from a user still watches the contact list that the user is on',
    withTrust(['updpr', 'ccli', 'mcls', 'dcli'], async (_, romeo, juliet) => {
      const friends = await romeo.befriend('friends', juliet)
      await romeo.watch({ contactLists: [friends] })
      await romeo.watch(users(juliet))
      await romeo.unwatch(users(juliet))
      await juliet.say({ statusText: 'one' })
      await romeo.sees(juliet, 'statusText', 'one')
    }),
  ),

  scenario(
    'PRSE-S-010',
    '8.3.2.1',
    'Who has unsubscribed from a contact list still watches the users who are watched in another way',
    withTrust(['updpr', 'ccli', 'mcls', 'dcli'], async ({ expect }, romeo, juliet) => {
      const lists = [await romeo.befriend('friends', juliet), await romeo.befriend('neighbours', juliet)]
      const [friends, neighbours] = lists as [string, string]
      await romeo.watch({ contactLists: lists, ...users(juliet) })
      await romeo.unwatch({ contactLists: [friends] })
      await juliet.say({ statusText: 'one' })
      await romeo.sees(juliet, 'statusText', 'one')
      await romeo.unwatch(users(juliet))
      await juliet.say({ statusText: 'two' })
      await romeo.sees(juliet, 'statusText', 'two')
      await romeo.hearAll()
      await romeo.unwatch({ contactLists: [neighbours] })
      await juliet.say({ statusText: 'three' })
      expect(await romeo.hearAll(), 'what he is told when nothing is left').is([])
    }),
  ),

  scenario(
    'PRSE-S-010',
    '8.3.2.2',
    'Nobody unsubscribes from users or contact lists that there are not: 531, 700',
    withPresence([], async ({ expect }, romeo, juliet) => {
      const codeOf = async (body: object) => (await romeo.ask({ name: 'UnsubscribePresenceRequest', body })).code
      expect(await codeOf(nobody(juliet)), 'the answer for an unknown user').is(531)
      const contactLists = [romeo.list('nobody-made-this')]
      expect(await codeOf({ contactLists }), 'the answer for an unknown contact list').is(700)
    }),
  ),

  scenario(
    'PRSE-S-008 PRSE-S-010 SAP-S-005',
    '8.3.2.1',
    'A subscription is for the client that made it, and so is its end',
    withTrust(['updpr'], async (stage, romeo, juliet) => {
      const [other, deaf] = [await presenceClient(stage), await presenceClient(stage)]
      await romeo.watch(users(juliet))
      await other.watch(users(juliet))
      await other.hear()
      await romeo.unwatch(users(juliet))
      await juliet.say({ statusText: 'one' })
      await other.sees(juliet, 'statusText', 'one')
      stage.expect(await deaf.hearAll(), 'what a client is told that has not subscribed').is([])
    }),
  ),

  scenario(
    'PRSE-S-008',
    '8.3.2.1',
    'A subscription ends with its session',
    withTrust(['updpr'], async (stage, romeo, juliet) => {
      await romeo.watch(users(juliet))
      await romeo.phone.logout()
      // The same client in a new session.
      const { clientId } = romeo.phone
      const again = await presenceClient(stage, 'romeo', { options: { clientId } })
      await juliet.say({ statusText: 'one' })
      stage.expect(await again.hearAll(), 'what the next session is told').is([])
    }),
  ),

  ...([true, false] as const).map(hasLoggedOut =>
    scenario(
      'PRSE-S-008 SAP-S-001',
      '5.1.2',
      `A session that is taken up again${hasLoggedOut ? ' after a logout' : ''} has its subscriptions`,
      withTrust(['updpr'], async (stage, romeo, juliet) => {
        const { sessionId } = romeo.phone
        await romeo.watch(users(juliet))
        await romeo.hearAll()
        if (hasLoggedOut) await romeo.phone.logout()
        await takeUp(romeo, stage, sessionId)
        await juliet.say({ statusText: 'one' })
        await romeo.sees(juliet, 'statusText', 'one')
      }),
    ),
  ),
]
