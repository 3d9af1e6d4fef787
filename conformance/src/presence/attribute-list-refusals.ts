import { askChanged } from '../raw.ts'
import { type Scenario, scenario } from '../scenario.ts'
import { naming } from './attributes.ts'
import { nobody, type PresenceClient, users } from './presence-client.ts'
import { withPresence } from './with-presence.ts'

const primitives = ['CreateAttributeListRequest', 'DeleteAttributeListRequest', 'GetAttributeListRequest'] as const

/** The answer to each of the three requests about these. */
const answersAbout = async (client: PresenceClient, whom: object) => {
  const codes: (number | undefined)[] = []
  for (const name of primitives) {
    const body = { ...whom, presenceSubList: naming(['alias']), defaultList: false }
    codes.push((await client.ask({ name, body })).code)
  }
  return codes
}

/** The flags of a list, as far as they are told. */
async function flagsOf(juliet: PresenceClient) {
  const { presences, defaultAttributeList } = await juliet.attributeLists({ defaultList: true })
  return {
    user: presences.find(({ userId }) => userId !== undefined)?.userNotify,
    contactList: presences.find(({ contactList }) => contactList !== undefined)?.contactListNotify,
    default: defaultAttributeList?.defaultNotify,
  }
}

/** What attribute lists cannot be, and whether their owner wants to be asked (CSP 8.2.4, 8.2.5). */
export const attributeListRefusals: readonly Scenario[] = [
  scenario(
    'PRSE-S-005 PRSE-S-006 PRSE-S-007',
    '8.2.5',
    'Nobody authorises users or contact lists that there are not: 531, 700',
    withPresence([], async ({ expect }, romeo, juliet) => {
      expect(await answersAbout(juliet, nobody(romeo)), 'the answers for an unknown user').is([531, 531, 531])
      const contactLists = [juliet.list('nobody-made-this')]
      expect(await answersAbout(juliet, { contactLists }), 'those for an unknown contact list').is([700, 700, 700])
      expect((await juliet.attributeLists()).presences, 'the lists').is([])
    }),
  ),

  scenario(
    'PRSE-S-005',
    '8.2.5',
    'Nobody authorises an attribute that there is not, nor others with it: 750',
    withPresence([], async ({ expect }, romeo, juliet) => {
      const body = { ...users(romeo), presenceSubList: naming(['alias', 'statusMood']), defaultList: true }
      const toShoeSize = (xml: string) => xml.replaceAll('StatusMood', 'ShoeSize')
      const answer = await askChanged(juliet.phone, { name: 'CreateAttributeListRequest', body }, toShoeSize)
      expect(answer.code, 'the answer').is(750)
      expect((await juliet.attributeLists()).presences, 'the lists').is([])
    }),
    { syntax: 'xml' },
  ),

  scenario(
    'PRSE-S-005 PRSE-S-006 PRSE-S-007 ADDR-S-005',
    '5.3.5',
    'Nobody authorises contact lists of somebody else, nor learns whether they exist',
    withPresence(['ccli', 'mcls', 'dcli'], async ({ expect }, romeo, juliet) => {
      const contactLists = [await romeo.befriend('friends', juliet)]
      const answers = await answersAbout(juliet, { contactLists })
      for (const code of answers) expect(code, 'the answer').isBetween(400, 999)
      const unknown = { contactLists: [romeo.list('nobody-made-this')] }
      expect(await answersAbout(juliet, unknown), 'the answers for one that does not exist').is(answers)
      expect((await juliet.attributeLists()).presences, 'her lists').is([])
      expect((await romeo.attributeLists()).presences, 'his lists').is([])
    }),
  ),

  scenario(
    'PRSE-S-005 PRSE-S-007 TRACT-S-007',
    '8.2.4',
    'Whether somebody wants to be asked is told as it was said, and not at all where it never was',
    withPresence(['ccli', 'mcls', 'dcli'], async ({ expect }, romeo, juliet) => {
      const contactLists = [await juliet.befriend('friends', romeo)]
      const all = { ...users(romeo), contactLists, defaultList: true }
      await juliet.show(['alias'], all)
      expect(await flagsOf(juliet), 'the flags').is({ user: undefined, contactList: undefined, default: undefined })
      await juliet.show(['alias'], { ...all, userNotify: true, contactListNotify: false, defaultNotify: true })
      expect(await flagsOf(juliet), 'the flags that were said').is({ user: true, contactList: false, default: true })
    }),
    { since: '1.3' },
  ),

  scenario(
    'PRSE-S-005 PRSE-S-007',
    '8.2.4',
    'Who says nothing of being asked leaves it as it was',
    withPresence(['ccli', 'mcls', 'dcli'], async ({ expect }, romeo, juliet) => {
      const contactLists = [await juliet.befriend('friends', romeo)]
      const all = { ...users(romeo), contactLists }
      await juliet.show(['alias'], { ...all, userNotify: true, contactListNotify: true })
      await juliet.show(['statusText'], all)
      const { user, contactList } = await flagsOf(juliet)
      expect([user, contactList], 'the flags').is([true, true])
    }),
    { since: '1.3' },
  ),
]
