import type { PresenceSubList } from '@village/protocol'
import { askChanged } from '../raw.ts'
import { type Scenario, scenario } from '../scenario.ts'
import { type AttributeKey, type AttributeList, contentOf, occurrences, saying, unsetting } from './attributes.ts'
import { users } from './presence-client.ts'
import { presenceClient, withPresence, withTrust } from './with-presence.ts'

const held = { qualifier: true } as const

/** Something of each attribute that people publish, as its schema has it. */
const everything: AttributeList = {
  timeZones: [{ ...held, zone: '+02:00' }],
  geoLocations: [{ ...held, longitude: '10.99', latitude: '45.44' }],
  addresses: [{ ...held, country: 'IT', city: 'Verona', namedArea: 'Casa di Giulietta' }],
  freeTextLocations: [{ ...held, presenceValue: 'The orchard' }],
  commCaps: [{ ...held, commCs: [{ cap: 'CALL', status: 'OPEN', contact: '+39 045 1234', note: 'after dark' }] }],
  userAvailability: { ...held, presenceValue: 'DISCREET' },
  preferredContacts: { ...held, addrPrefs: [{ prefC: 'IM', caddr: 'wv:jule', cstatus: 'OPEN', cname: 'Jule' }] },
  preferredLanguage: { ...held, presenceValue: 'ita' },
  statusText: { ...held, presenceValue: 'Größe & <Übermut> 愛' },
  statusMood: { ...held, presenceValue: 'IN_LOVE' },
  alias: { ...held, presenceValue: 'Jule' },
  statusContent: { ...held, directContent: 'R0lGODlhAQABAAAAACw=', contentType: 'image/gif' },
  contactInfo: { ...held, containedvCard: 'BEGIN:VCARD\nVERSION:2.1\nN:Capulet;Juliet\nEND:VCARD' },
}

/** The own presence is published (CSP 8.3.4). */
export const updatePresence: readonly Scenario[] = [
  scenario(
    'PRSE-S-014 PRSE-S-013',
    '8.3.4.1',
    'All that is published is told as it was said',
    withPresence(['updpr', 'getpr'], async ({ expect, version }, romeo, juliet) => {
      const infoLink = { ...held, infLinks: [{ link: 'http://verona.example/', text: 'Home' }] }
      const list = version === '1.1' ? everything : { ...everything, infoLink }
      await juliet.publish(list)
      const keys = Object.keys(list) as AttributeKey[]
      await juliet.show(keys, users(romeo))
      const [presence] = await romeo.look(users(juliet), keys)
      const told = expect(presence?.presenceSubLists[0], 'what is told').isPresent()
      for (const key of keys) {
        const [said, heard] = [list as PresenceSubList, told].map(it => occurrences(it, key).map(contentOf))
        expect(heard, key).is(said!)
      }
    }),
  ),

  scenario(
    'PRSE-S-014',
    '8.3.4.1',
    'What an update does not mention stays as it was',
    withTrust(['updpr'], async ({ expect }, romeo, juliet) => {
      await juliet.say({ statusText: 'one', alias: 'Jule' })
      await juliet.say({ alias: 'Julietta' })
      await romeo.watch(users(juliet))
      await romeo.sees(juliet, 'alias', 'Julietta')
      expect(romeo.sight.valuesOf(juliet, 'statusText'), 'the status text').is(['one'])
    }),
  ),

  scenario(
    'PRSE-S-014',
    '8.3.4.2',
    'An attribute that there is not cannot be published, nor others with it: 750',
    withTrust(['updpr'], async ({ expect }, romeo, juliet) => {
      const body = { presenceSubList: saying({ statusText: 'one', statusMood: 'HAPPY' }) }
      const toShoeSize = (xml: string) => xml.replaceAll('StatusMood', 'ShoeSize')
      const answer = await askChanged(juliet.phone, { name: 'UpdatePresenceRequest', body }, toShoeSize)
      expect(answer.code, 'the answer').is(750)
      await romeo.watch(users(juliet))
      await romeo.hear()
      expect(romeo.sight.valuesOf(juliet, 'statusText'), 'the status text').is([])
    }),
    { syntax: 'xml' },
  ),

  scenario(
    'PRSE-S-014',
    '8.3.4.2',
    'A value that there is not cannot be published, nor others with it: 751',
    withTrust(['updpr'], async ({ expect }, romeo, juliet) => {
      const body = { presenceSubList: saying({ statusText: 'one', userAvailability: 'UPSTAIRS' }) }
      expect((await juliet.ask({ name: 'UpdatePresenceRequest', body })).code, 'the answer').is(751)
      await romeo.watch(users(juliet))
      await romeo.hear()
      expect(romeo.sight.valuesOf(juliet, 'statusText'), 'the status text').is([])
      expect(romeo.sight.valuesOf(juliet, 'userAvailability'), 'the availability').is([])
    }),
  ),

  scenario(
    'PRSE-S-014',
    '8.3.4.1',
    'What was taken back is not there any more',
    withTrust(['updpr'], async ({ expect }, romeo, juliet) => {
      await juliet.say({ statusText: 'one', alias: 'Jule' })
      await juliet.publish(unsetting(['statusText']))
      await romeo.watch(users(juliet))
      await romeo.sees(juliet, 'alias', 'Jule')
      expect(romeo.sight.valuesOf(juliet, 'statusText'), 'the status text').is([])
    }),
  ),

  scenario(
    'PRSE-S-014 SAP-S-005',
    '5.1.3',
    'Of two clients the one that spoke last says how the user is',
    withTrust(['updpr'], async (stage, romeo, juliet) => {
      const other = await presenceClient(stage, 'juliet')
      await juliet.say({ statusText: 'one', alias: 'Jule' })
      await other.say({ statusText: 'two' })
      await romeo.watch(users(juliet))
      await romeo.sees(juliet, 'statusText', 'two')
      await romeo.sees(juliet, 'alias', 'Jule')
      await juliet.say({ statusText: 'three' })
      await romeo.sees(juliet, 'statusText', 'three')
    }),
  ),

  scenario(
    'PRSE-S-014',
    '8.3.4 as Colibria clients need it',
    'OnlineStatus without a value can be published, and says nothing',
    withTrust(['updpr'], async (_, romeo, juliet) => {
      await juliet.publish({ onlineStatuses: [{ qualifier: true }] })
      await romeo.watch(users(juliet))
      await romeo.seesOnline(juliet, true)
    }),
  ),

  scenario(
    'PRSE-S-014',
    '8.3.4 as Colibria clients need it',
    'Attributes of a foreign namespace beside others are no error',
    withTrust(['updpr'], async (_, romeo, juliet) => {
      const foreign = '<ClientTypeDetail xmlns="http://imps.colibria.com/PA-ext-1.2">PC</ClientTypeDetail>'
      const body = { presenceSubList: saying({ statusText: 'one' }) }
      const withForeign = (xml: string) => xml.replace('</PresenceSubList>', `${foreign}</PresenceSubList>`)
      await askChanged(juliet.phone, { name: 'UpdatePresenceRequest', body }, withForeign)
      await romeo.watch(users(juliet))
      await romeo.sees(juliet, 'statusText', 'one')
    }),
    { syntax: 'xml' },
  ),

  scenario(
    'PRSE-S-014',
    '8.3.4 as Nokia clients need it',
    'An empty Note is not told',
    withTrust(['updpr', 'getpr'], async ({ expect }, romeo, juliet) => {
      await juliet.publish({ commCaps: [{ ...held, commCs: [{ cap: 'CALL', status: 'OPEN', note: '' }] }] })
      await juliet.show(['commCaps'], users(romeo))
      const [presence] = await romeo.look(users(juliet), ['commCaps'])
      const [commCap] = expect(presence?.presenceSubLists[0], 'what is told').isPresent().commCaps
      expect(commCap?.commCs[0]?.note, 'the note').isAbsent()
    }),
  ),
]
