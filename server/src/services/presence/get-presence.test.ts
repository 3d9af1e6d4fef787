import type { Body, PresenceSubList } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { expectPrimitive, type Phone } from '../../testing/phone.ts'
import { authorize, inShort, publish, sayStatus, withPresence } from '../../testing/presence.ts'
import { fetchWhole } from '../../testing/segments.ts'
import { openVillage } from '../../testing/village.ts'
import { attributesIn, writeAttributes } from './attributes.ts'

describe('CSP 8.3.3, the presence of hundreds of users', () => {
  it.each(['xml', 'wbxml'] as const)('comes in segments, where those were agreed (CSP 6.10), in %s', async syntax => {
    const village = await openVillage()
    const bob = await withPresence(village, 'bob')
    await authorize(bob, 'StatusText', { defaultList: true })
    await sayStatus(bob, 'hello')
    const names = Array.from({ length: 300 }, (_, n) => `u${n}`)
    for (const name of names) await village.add(name)
    const services = { fundamentalFeat: {}, presenceFeat: {} }
    const alice = await village.ready('alice', { version: '1.3', syntax, services, capabilities: { parserSize: 4000 } })
    const userIds = [...names, 'bob'].map(name => `wv:${name}@example.com`)
    const { whole, sizes } = await fetchWhole(alice, { name: 'GetPresenceRequest', body: { userIds } })
    expect(sizes.length).toBeGreaterThan(2)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4000)
    const { presences } = expectPrimitive(whole, 'GetPresenceResponse')
    expect(presences.map(({ userId }) => userId)).toEqual(userIds)
    expect(inShort(presences.at(-1)!)).toBe('bob: statusText=hello')
  })
})

describe.each(['xml', 'wbxml'] as const)('CSP 6.10, 8.3.3: presence of one user that is too large, in %s', syntax => {
  const limit = 3000
  const shown = 'StatusText StatusContent ContactInfo InfoLink OnlineStatus'
  const octets = 'QUJD'.repeat(300)
  const picture = { qualifier: true, directContent: octets, contentType: 'image/gif' }
  const card = { qualifier: true, containedvCard: 'x'.repeat(1800) }
  const userIds = ['bob', 'carol', 'dave'].map(name => `wv:${name}@example.com`)

  /** Bob, carol and dave, of whom carol has published this, and a phone of alice's that reads little. */
  async function open(ofCarol: Partial<PresenceSubList>, services: object = { fundamentalFeat: {} }) {
    const village = await openVillage({ users: ['alice', 'bob', 'carol', 'dave'] })
    for (const name of ['bob', 'carol', 'dave']) {
      const phone = await withPresence(village, name, { version: '1.3' })
      await authorize(phone, shown, { defaultList: true })
      await sayStatus(phone, name)
      if (name === 'carol') await publish(phone, ofCarol)
    }
    const capabilities = { parserSize: limit }
    const options = { version: '1.3', syntax, capabilities, services: { ...services, presenceFeat: {} } } as const
    return village.ready('alice', options)
  }

  const get = (of: readonly string[]) => ({ name: 'GetPresenceRequest', body: { userIds: of } }) as const
  async function fetched(phone: Phone, of: readonly string[]) {
    const { whole, sizes } = await fetchWhole(phone, get(of))
    expect(Math.max(...sizes)).toBeLessThanOrEqual(limit)
    return expectPrimitive(whole, 'GetPresenceResponse')
  }
  type Presences = Body<'GetPresenceResponse'>['presences']
  const toldOf = (presences: Presences, user: string) =>
    presences.filter(({ userId }) => userId === user).flatMap(({ presenceSubLists }) => presenceSubLists)
  const namesIn = (lists: readonly PresenceSubList[]) =>
    lists.flatMap(list => writeAttributes(attributesIn(list)).split(' '))

  it('comes in several pieces, each attribute once', async () => {
    const alice = await open({ statusContent: picture, contactInfo: card })
    for (const of of [userIds, userIds.slice(1, 2)]) {
      const { result, presences } = await fetched(alice, of)
      expect(result.code).toBe(200)
      expect([...new Set(presences.map(({ userId }) => userId))]).toEqual(of)
      const ofCarol = toldOf(presences, userIds[1]!)
      expect(ofCarol.length).toBeGreaterThan(1)
      expect(namesIn(ofCarol)).toEqual(['OnlineStatus', 'StatusText', 'StatusContent', 'ContactInfo'])
      expect(ofCarol.find(({ statusContent }) => statusContent)?.statusContent?.directContent).toHaveLength(
        octets.length,
      )
      expect(ofCarol.find(({ contactInfo }) => contactInfo)?.contactInfo).toMatchObject(card)
    }
  })

  it('comes without what no segment has room for, and the others as a whole', async () => {
    const alice = await open({ statusContent: picture, contactInfo: { ...card, containedvCard: 'x'.repeat(limit) } })
    const { presences } = await fetched(alice, userIds)
    expect(namesIn(toldOf(presences, userIds[1]!))).toEqual(['OnlineStatus', 'StatusText', 'StatusContent'])
    for (const other of [userIds[0]!, userIds[2]!])
      expect(namesIn(toldOf(presences, other))).toEqual(['OnlineStatus', 'StatusText'])
  })

  it('comes where more users do not exist than a segment could name', async () => {
    const alice = await open({ statusContent: picture, contactInfo: card })
    const strangers = Array.from({ length: 150 }, (_, n) => `wv:stranger-${n}@example.com`)
    for (const of of [userIds, userIds.slice(1)]) {
      const { result, presences } = await fetched(alice, [...strangers, ...of])
      expect([result.code, result.details.map(({ code }) => code)]).toEqual([201, [531]])
      const { userIds: named } = result.details[0]!
      expect(named).toEqual(strangers.slice(0, named.length))
      expect(named.length).toBeGreaterThan(0)
      expect([...new Set(presences.map(({ userId }) => userId))]).toEqual(of)
    }
  })

  it('432 without segments, and in one piece where it fits', async () => {
    const alice = await open({ statusContent: picture, contactInfo: card }, {})
    expect(await alice.code(get(userIds))).toBe(432)
    const other = await open({ statusContent: picture })
    const { presences } = await fetched(other, userIds)
    expect(presences.map(({ userId }) => userId)).toEqual(userIds)
  })
})
