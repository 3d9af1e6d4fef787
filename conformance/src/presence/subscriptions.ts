import { theAnswer } from '../answer.ts'
import { askChanged, rawMessage } from '../raw.ts'
import { type Scenario, scenario } from '../scenario.ts'
import { naming } from './attributes.ts'
import { nobody, users } from './presence-client.ts'
import { presenceClient, withPresence, withTrust } from './with-presence.ts'

/** Presence is subscribed to, by one client for its session (CSP 8.3.2). */
export const subscriptions: readonly Scenario[] = [
  scenario(
    'PRSE-S-008 PRSE-S-012',
    '8.3.2.1',
    'Who subscribes is told at once what there is and may be seen',
    withPresence(['updpr'], async ({ expect }, romeo, juliet) => {
      await juliet.say({ statusText: 'On the balcony', alias: 'Jule' })
      await juliet.show(['statusText', 'statusMood'], users(romeo))
      await romeo.watch(users(juliet))
      await romeo.sees(juliet, 'statusText', 'On the balcony')
      expect(romeo.sight.attributesOf(juliet), 'the attributes he is told').is(['statusText'])
    }),
  ),

  scenario(
    'PRSE-S-008 PRSE-S-012',
    '8.3.2.1',
    'Who subscribes is told also that there is nothing to be seen',
    withPresence([], async ({ expect }, romeo, juliet) => {
      await romeo.watch(users(juliet))
      await romeo.hear('an empty presence notification')
      expect(romeo.sight.attributesOf(juliet), 'the attributes he is told').is([])
    }),
  ),

  scenario(
    'PRSE-S-008',
    '8.3.2.1',
    'Who subscribes to some attributes is told of those only',
    withTrust(['updpr'], async ({ expect }, romeo, juliet) => {
      await juliet.say({ statusText: 'one', alias: 'Jule' })
      await romeo.watch(users(juliet), ['statusText'])
      await romeo.sees(juliet, 'statusText', 'one')
      await juliet.say({ alias: 'Julietta' })
      await juliet.say({ statusText: 'two' })
      await romeo.sees(juliet, 'statusText', 'two')
      await romeo.hearAll()
      expect(romeo.sight.attributesOf(juliet), 'the attributes he is told').is(['statusText'])
    }),
  ),

  scenario(
    'PRSE-S-008',
    '8.3.2.3',
    'An empty list of attributes stands for all of them, as no list does',
    withTrust(['updpr'], async (stage, romeo, juliet) => {
      const other = await presenceClient(stage)
      await romeo.watch(users(juliet), [])
      await other.watch(users(juliet))
      await juliet.say({ statusText: 'one', alias: 'Jule' })
      for (const client of [romeo, other]) {
        await client.sees(juliet, 'statusText', 'one')
        await client.sees(juliet, 'alias', 'Jule')
      }
    }),
  ),

  scenario(
    'PRSE-S-008',
    '8.3.2.1',
    'Further attributes can be subscribed to, and those that are already are no error',
    withTrust(['updpr'], async (_, romeo, juliet) => {
      await juliet.say({ statusText: 'one', alias: 'Jule' })
      await romeo.watch(users(juliet), ['statusText'])
      await romeo.watch(users(juliet), ['statusText'])
      await romeo.watch(users(juliet), ['statusText', 'alias'])
      await romeo.sees(juliet, 'alias', 'Jule')
      await juliet.say({ statusText: 'two', alias: 'Julietta' })
      await romeo.sees(juliet, 'statusText', 'two')
      await romeo.sees(juliet, 'alias', 'Julietta')
    }),
  ),

  scenario(
    'PRSE-S-008',
    '8.3.2.2',
    'A subscription to users or contact lists that there are not is refused: 531, 700',
    withPresence([], async ({ expect }, romeo, juliet) => {
      const codeOf = async (body: object) => (await romeo.ask({ name: 'SubscribePresenceRequest', body })).code
      expect(await codeOf(nobody(juliet)), 'the answer for an unknown user').is(531)
      const contactLists = [romeo.list('nobody-made-this')]
      expect(await codeOf({ contactLists }), 'the answer for an unknown contact list').is(700)
      expect(await romeo.hearAll(), 'what he is told').is([])
    }),
  ),

  scenario(
    'PRSE-S-008',
    '8.3.2.2',
    'A subscription to an attribute that there is not is refused, with all others in it: 750',
    withTrust(['updpr'], async ({ expect }, romeo, juliet) => {
      const body = { ...users(juliet), presenceSubList: naming(['statusText', 'statusMood']) }
      const toShoeSize = (xml: string) => xml.replaceAll('StatusMood', 'ShoeSize')
      const answer = await askChanged(romeo.phone, { name: 'SubscribePresenceRequest', body }, toShoeSize)
      expect(answer.code, 'the answer').is(750)
      await juliet.say({ statusText: 'one' })
      expect(await romeo.hearAll(), 'what he is told').is([])
    }),
    { syntax: 'xml' },
  ),

  scenario(
    'PRSE-S-008 TRACT-S-009 TRACT-S-011',
    '8.3.2.2',
    'Who subscribes to several users is told which there are not, and watches the others: 201',
    withTrust(['updpr'], async ({ expect }, romeo, juliet) => {
      const { userIds } = nobody(juliet)
      const body = { userIds: [...userIds, juliet.userId] }
      const answer = await romeo.ask({ name: 'SubscribePresenceRequest', body })
      expect(answer.code, 'the answer').is(201)
      expect(answer.failures, 'what failed').is([{ code: 531, about: userIds }])
      await juliet.say({ statusText: 'one' })
      await romeo.sees(juliet, 'statusText', 'one')
    }),
  ),

  scenario(
    'PRSE-S-008',
    '8.3.2.1',
    'Nobody can be watched under a screen name',
    withTrust([], async ({ expect }, romeo) => {
      const screenName = '<ScreenName><SName>Jule</SName><GroupID>wv:/balcony@example.com</GroupID></ScreenName>'
      const content = `<SubscribePresence-Request>${screenName}</SubscribePresence-Request>`
      const answer = theAnswer(await romeo.phone.post(rawMessage(romeo.phone, content)))
      expect(answer.code, 'the answer').isBetween(400, 999)
    }),
    { syntax: 'xml' },
  ),

  scenario(
    'PRSE-S-008 PRSE-S-012',
    '8.3.2.1',
    'Users can watch themselves, and see everything',
    withPresence(['updpr'], async (_, romeo) => {
      await romeo.watch(users(romeo))
      await romeo.seesOnline(romeo, true)
      await romeo.say({ statusText: 'Ay me' })
      await romeo.sees(romeo, 'statusText', 'Ay me')
    }),
  ),
]
