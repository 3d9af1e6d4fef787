import { decode, encode, type PresenceSubList, type Version, versions } from '@village/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  allAttributes,
  attributes,
  attributesIn,
  attributesOf,
  isEmpty,
  naming,
  noAttributes,
  only,
  readAttributes,
  writeAttributes,
} from './attributes.ts'

const sets = fc.integer({ min: noAttributes, max: allAttributes })

/** A list as it is read by whoever it is sent to. */
const sent = (presenceSubList: PresenceSubList, version: Version): PresenceSubList => {
  const primitive = { name: 'GetPresenceRequest', body: { userIds: ['wv:bob'], presenceSubList } } as const
  const xml = encode({
    version,
    syntax: 'xml',
    sessionId: 's',
    transactions: [{ mode: 'Request', id: '1', primitive }],
  })
  const [transaction] = decode(new TextEncoder().encode(xml as string)).transactions
  return (transaction!.primitive!.body as { presenceSubList: PresenceSubList }).presenceSubList
}

describe('a set of presence attributes', () => {
  it('has a place for each of the 18', () => {
    expect(attributes).toHaveLength(18)
    expect(allAttributes).toBe(2 ** 18 - 1)
    expect(attributes.filter(({ scope }) => scope === 'client').map(({ name }) => name)).toEqual([
      ...['OnlineStatus', 'Registration', 'ClientInfo', 'TimeZone', 'GeoLocation', 'Address', 'FreeTextLocation'],
      ...['PLMN', 'CommCap'],
    ])
  })

  it('is stored by names, and read without those that are none', () => {
    fc.assert(fc.property(sets, set => readAttributes(writeAttributes(set)) === set))
    expect(writeAttributes(readAttributes('InfoLink Aura OnlineStatus'))).toBe('OnlineStatus InfoLink')
    expect(readAttributes('')).toBe(noAttributes)
  })

  it('is named in a list that reads the same on the other side, in every version', () => {
    const isSame = (set: number, version: Version) =>
      attributesIn(sent(naming(set), version)) === (set & attributesOf(version))
    fc.assert(fc.property(sets, fc.constantFrom(...versions), isSame), { numRuns: 300 })
  })

  it('is that of all but InfoLink in 1.1', () => {
    expect([attributesOf('1.2'), attributesOf('1.3')]).toEqual([allAttributes, allAttributes])
    expect(writeAttributes(allAttributes & ~attributesOf('1.1'))).toBe('InfoLink')
  })
})

describe('a list of presence attributes', () => {
  it('is empty where it is not there, or names nothing', () => {
    expect([isEmpty(undefined), isEmpty(naming(noAttributes)), isEmpty(naming(1))]).toEqual([true, true, false])
    expect(attributesIn(undefined)).toBe(noAttributes)
  })

  it('can be looked at in part', () => {
    const both: PresenceSubList = {
      ...naming(noAttributes),
      onlineStatuses: [{ presenceValue: 'T' }, { presenceValue: 'F' }],
      alias: { presenceValue: 'Al' },
    }
    const part = only(both, readAttributes('OnlineStatus StatusText'))
    expect(part).toEqual({ ...naming(noAttributes), onlineStatuses: both.onlineStatuses })
    expect(only(both, allAttributes)).toEqual(both)
  })
})
