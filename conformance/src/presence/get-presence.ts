import { theAnswer } from '../answer.ts'
import { askChanged, rawMessage } from '../raw.ts'
import { type Scenario, type Stage, scenario } from '../scenario.ts'
import { namesIn, naming } from './attributes.ts'
import { folded } from './list-owner.ts'
import { nobody, type PresenceClient, users } from './presence-client.ts'
import { type Presence, Sight } from './sight.ts'
import { presenceClient, usual, withPresence } from './with-presence.ts'

type Play = (stage: Stage, romeo: PresenceClient, juliet: PresenceClient) => Promise<void>

/** Plays with a Juliet who has said something of herself and shows it to Romeo. */
const withJuliet = (play: Play) =>
  withPresence(['getpr', 'updpr'], async (stage, romeo, juliet) => {
    await juliet.say({ statusText: 'one', alias: 'Jule' })
    await juliet.show(['statusText', 'alias', 'statusMood'], users(romeo))
    await play(stage, romeo, juliet)
  })

const withJulietOnList = (play: (...all: [...Parameters<Play>, friends: string]) => Promise<void>) =>
  withPresence(['getpr', 'updpr', 'ccli', 'mcls', 'dcli'], async (stage, romeo, juliet) => {
    await juliet.say({ statusText: 'one' })
    await juliet.show(['statusText'], users(romeo))
    await play(stage, romeo, juliet, await romeo.befriend('friends', juliet, romeo))
  })

/** Of whom is told, in no order. */
const usersIn = (presences: readonly Presence[]) => presences.map(({ userId }) => folded(userId)).sort()

/** The attributes of all that is told, with values or without. */
const attributesIn = (presences: readonly Presence[]) =>
  namesIn(presences.flatMap(({ presenceSubLists }) => presenceSubLists))

/** Presence is read once (CSP 8.3.3). */
export const getPresence: readonly Scenario[] = [
  scenario(
    'PRSE-S-013',
    '8.3.3.1',
    'Who asks for no attribute is told all that there is and may be seen, and nothing else',
    withJuliet(async ({ expect }, romeo, juliet) => {
      await juliet.say({ userAvailability: 'DISCREET' })
      for (const attributes of [undefined, []]) {
        const presences = await romeo.look(users(juliet), attributes)
        expect(usersIn(presences), 'the users').is([folded(juliet.userId)])
        // What has no value must not be there at all.
        expect(attributesIn(presences), 'the attributes').is(['statusText', 'alias'])
        expect(new Sight(presences).valuesOf(juliet, 'statusText'), 'the status text').is(['one'])
      }
    }),
  ),

  scenario(
    'PRSE-S-013',
    '8.3.3.1',
    'Who asks for some attributes is told those of them that there are and may be seen',
    withJuliet(async ({ expect }, romeo, juliet) => {
      await juliet.say({ userAvailability: 'DISCREET' })
      const presences = await romeo.look(users(juliet), ['statusText', 'statusMood', 'userAvailability'])
      expect(attributesIn(presences), 'the attributes').is(['statusText'])
    }),
  ),

  scenario(
    'PRSE-S-013',
    '8.3.3.1',
    'Nothing is read of who has authorised nothing',
    withPresence(['getpr', 'updpr'], async ({ expect }, romeo, juliet) => {
      await juliet.say({ statusText: 'one' })
      const answer = await romeo.ask({ name: 'GetPresenceRequest', body: users(juliet) })
      const { presences } = answer.as('GetPresenceResponse')
      expect(new Sight(presences).attributesOf(juliet), 'the attributes').is([])
    }),
  ),

  scenario(
    'PRSE-S-013',
    '8.3.3.1',
    'Users see all of their own presence',
    withPresence(['getpr', 'updpr'], async ({ expect }, romeo) => {
      await romeo.say({ statusText: 'Ay me', userAvailability: 'NOT_AVAILABLE' })
      await romeo.show([], { ...users(romeo), defaultList: true })
      const sight = new Sight(await romeo.look(users(romeo), [...usual]))
      expect(sight.valuesOf(romeo, 'statusText'), 'the status text').is(['Ay me'])
      expect(sight.valuesOf(romeo, 'userAvailability'), 'the availability').is(['NOT_AVAILABLE'])
      expect(sight.isOnline(romeo), 'whether the user is online').is(true)
    }),
  ),

  scenario(
    'PRSE-S-013',
    '8.3.3.1',
    'A contact list stands for who is on it, each told by User-ID and once',
    withJulietOnList(async ({ expect }, romeo, juliet, friends) => {
      const presences = await romeo.look({ contactLists: [friends], ...users(juliet) }, ['statusText'])
      const contactLists = presences.map(({ contactList }) => contactList)
      expect(contactLists, 'the contact lists').is([undefined, undefined])
      expect(usersIn(presences), 'the users').is([juliet, romeo].map(({ userId }) => folded(userId)).sort())
      expect(new Sight(presences).valuesOf(juliet, 'statusText'), 'her status text').is(['one'])
    }),
  ),

  scenario(
    'PRSE-S-013 TRACT-S-007',
    '8.3.3.2',
    'Where nobody is found no presence is told: 531, 700',
    withPresence(['getpr'], async ({ expect }, romeo, juliet) => {
      const ask = async (body: object) => romeo.ask({ name: 'GetPresenceRequest', body })
      for (const [whom, code] of [
        [nobody(juliet), 531],
        [{ contactLists: [romeo.list('nobody-made-this')] }, 700],
      ] as const) {
        const answer = await ask(whom)
        expect(answer.code, 'the answer').is(code)
        if (answer.name !== 'Status') expect(answer.as('GetPresenceResponse').presences, 'the presence in it').is([])
      }
    }),
  ),

  scenario(
    'PRSE-S-013',
    '8.3.3.2',
    'An attribute that there is not cannot be read: 750',
    withJuliet(async ({ expect }, romeo, juliet) => {
      const body = { ...users(juliet), presenceSubList: naming(['statusText', 'statusMood']) }
      const toShoeSize = (xml: string) => xml.replaceAll('StatusMood', 'ShoeSize')
      const answer = await askChanged(romeo.phone, { name: 'GetPresenceRequest', body }, toShoeSize)
      expect(answer.code, 'the answer').is(750)
      if (answer.name !== 'Status') expect(answer.as('GetPresenceResponse').presences, 'the presence in it').is([])
    }),
    { syntax: 'xml' },
  ),

  scenario(
    'PRSE-S-013 TRACT-S-009 TRACT-S-011',
    '8.3.3.2',
    'Who asks for several users is told of those that there are, and which there are not: 201',
    withJuliet(async ({ expect }, romeo, juliet) => {
      const { userIds } = nobody(juliet)
      const body = { userIds: [...userIds, juliet.userId] }
      const answer = await romeo.ask({ name: 'GetPresenceRequest', body })
      expect(answer.code, 'the answer').is(201)
      expect(answer.failures, 'what failed').is([{ code: 531, about: userIds }])
      expect(usersIn(answer.as('GetPresenceResponse').presences), 'the users').is([folded(juliet.userId)])
    }),
  ),

  scenario(
    'PRSE-S-013',
    '8.3.3.1',
    'Nobody is read under a screen name',
    withPresence(['getpr'], async ({ expect }, romeo) => {
      const screenName = '<ScreenName><SName>Jule</SName><GroupID>wv:/balcony@example.com</GroupID></ScreenName>'
      const content = `<GetPresence-Request>${screenName}</GetPresence-Request>`
      const answer = theAnswer(await romeo.phone.post(rawMessage(romeo.phone, content)))
      expect(answer.code, 'the answer').isBetween(400, 999)
    }),
    { syntax: 'xml' },
  ),

  scenario(
    'PRSE-S-013',
    '8.3.3 as AOSP clients need it',
    'The own presence can be read as soon as services are agreed, with a PresenceSubList',
    async stage => {
      const romeo = await presenceClient(stage, 'romeo', {}, ['getpr'])
      const [presence] = await romeo.look(users(romeo))
      const { userId, presenceSubLists } = stage.expect(presence, 'the presence').isPresent()
      stage.expect(folded(userId), 'the user').is(folded(romeo.userId))
      stage.expect(presenceSubLists.length, 'the number of PresenceSubLists').is(1)
    },
  ),
]
