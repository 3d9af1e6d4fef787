import { clientKey, type PresenceSubList, type Refusal } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { naming, noAttributes } from './attributes.ts'
import { readPublished } from './published-values.ts'
import { refuseUnknown } from './unknown-attributes.ts'

const own = { url: 'http://phone/1' }
const listed = (list: Partial<PresenceSubList>): PresenceSubList => ({ ...naming(noAttributes), ...list })
const read = (list: Partial<PresenceSubList>) => readPublished(listed(list), clientKey(own))
const valuesOf = (list: Partial<PresenceSubList>) => read(list).map(({ value }) => value)
const refusalOf = (list: Partial<PresenceSubList>) => {
  try {
    return read(list)
  } catch (refusal) {
    return [(refusal as Refusal).code, (refusal as Refusal).description]
  }
}

describe('CSP 8.3.4: what a client publishes', () => {
  it('is a value of the client or of its user, without Qualifier and Client-ID', () => {
    const list = {
      freeTextLocations: [{ qualifier: true, presenceValue: 'Home', clientId: own }],
      statusText: { qualifier: true, presenceValue: 'Hello' },
    }
    expect(read(list)).toEqual([
      { attribute: 'FreeTextLocation', scope: 'client', value: { presenceValue: 'Home' } },
      { attribute: 'StatusText', scope: 'user', value: { presenceValue: 'Hello' } },
    ])
  })

  it.each([
    ['a value with Qualifier T', { qualifier: true, presenceValue: 'Hi' }, { presenceValue: 'Hi' }],
    ['a value without Qualifier', { presenceValue: 'Hi' }, { presenceValue: 'Hi' }],
    ['nothing with Qualifier F: taken back', { qualifier: false }, undefined],
    ['a value that does not hold: taken back', { qualifier: false, presenceValue: 'x'.repeat(999) }, undefined],
    ['nothing at all: taken back', {}, undefined],
    ['an empty value: taken back', { qualifier: true, presenceValue: ' ' }, undefined],
  ])('%s', (_, statusText, value) => {
    expect(read({ statusText })).toEqual([{ attribute: 'StatusText', scope: 'user', value }])
  })

  it('is nothing where OnlineStatus has a Qualifier T and no value (Colibria), or for Registration', () => {
    expect(read({ onlineStatuses: [{ qualifier: true }], registrations: [{ presenceValue: 'T' }] })).toEqual([])
    expect(valuesOf({ onlineStatuses: [{ qualifier: false }] })).toEqual([undefined])
    expect(valuesOf({ onlineStatuses: [{ qualifier: true, presenceValue: 'f' }] })).toEqual([{ presenceValue: 'F' }])
  })

  it('is what it says of itself, under its own Client-ID or none', () => {
    const zone = (zone: string, clientId?: object) => ({ qualifier: true, zone, clientId })
    const [other, same] = [{ msisdn: '+1' }, { url: 'HTTP://Phone/1' }]
    expect(valuesOf({ timeZones: [zone('+01:00'), zone('+02:00', other)] })).toEqual([{ zone: '+01:00' }])
    expect(valuesOf({ timeZones: [zone('+02:00', other), zone('+01:00', same)] })).toEqual([{ zone: '+01:00' }])
    expect(valuesOf({ timeZones: [zone('x'.repeat(999), other)] })).toEqual([])
  })

  it('has no parts that are empty, or the server’s to say', () => {
    const clientInfo = { clientType: 'pda', model: '', language: 'eng', clientImPriority: 0, clientId: own }
    const limit = { acceptedContentTypes: [], acceptedTransferEncodings: [], plainTextCharsets: [], maxPullLength: 1 }
    const clientInfos = [{ ...clientInfo, applicationId: 'chess', clientContentLimit: limit }]
    expect(valuesOf({ clientInfos })).toEqual([{ clientType: 'PDA', language: 'eng', clientImPriority: 0 }])
    const commCs = [{ cap: 'IM', status: 'OPEN', contact: 'wv:alice', note: '' }]
    expect(valuesOf({ commCaps: [{ qualifier: true, commCs }] })).toEqual([
      { commCs: [{ cap: 'IM', status: 'OPEN', contact: 'wv:alice' }] },
    ])
    expect(valuesOf({ commCaps: [{ qualifier: true, commCs: [] }] })).toEqual([undefined])
  })

  it('is NOT_AVAILABLE however that is spelled (Symbian)', () => {
    for (const presenceValue of ['NOTAVAILABLE', 'NOT_AVAILABLE', 'not_available'])
      expect(valuesOf({ userAvailability: { presenceValue } })).toEqual([{ presenceValue: 'NOT_AVAILABLE' }])
  })
})

describe('CSP 8.3.4.2: what cannot be published', () => {
  it('is no presence attribute: 750', () => {
    const unknown = ['Mo"od', 'Aura']
    const refusal = [750, 'There is no presence attribute "Mo\\"od": leave it out']
    expect(refusalOf({ unknown, statusText: { presenceValue: 'Hi' } })).toEqual(refusal)
    expect(() => refuseUnknown(listed({ unknown }))).toThrow('Mo\\"od')
    for (const list of [undefined, listed({}), listed({ unknown: [] })]) expect(refuseUnknown(list)).toBeUndefined()
  })

  const commC = { cap: 'IM', status: 'OPEN' }
  const addrPref = { prefC: 'SMS', caddr: '+1', cstatus: 'OPEN' }
  const infLink = { link: 'http://example.com' }
  it.each<[string, Partial<PresenceSubList>]>([
    [
      'UserAvailability/PresenceValue is one of AVAILABLE, NOT_AVAILABLE, DISCREET',
      { userAvailability: { presenceValue: 'BUSY' } },
    ],
    ['OnlineStatus/PresenceValue is one of T, F', { onlineStatuses: [{ presenceValue: 'Y' }] }],
    ['StatusText/PresenceValue has at most 200 characters', { statusText: { presenceValue: 'x'.repeat(201) } }],
    ['Alias/PresenceValue has at most 50 characters', { alias: { presenceValue: 'x'.repeat(51) } }],
    ['PLMN/PresenceValue has at most 200 characters', { plmns: [{ presenceValue: 'x'.repeat(201) }] }],
    ['StatusContent/DirectContent has at most 5120 characters', { statusContent: { directContent: 'x'.repeat(5121) } }],
    ['ContactInfo/ContainedvCard has at most 5120 characters', { contactInfo: { containedvCard: 'x'.repeat(5121) } }],
    ['ClientInfo/ClientIMPriority is from 0 to 10', { clientInfos: [{ clientImPriority: 11 }] }],
    [
      'ClientInfo/ClientType is one of MOBILE_PHONE, COMPUTER, PDA, CLI, OTHER',
      { clientInfos: [{ clientType: 'TOASTER' }] },
    ],
    ['CommCap/CommC/Status is one of OPEN, CLOSED', { commCaps: [{ commCs: [{ cap: 'IM', status: '' }] }] }],
    ['CommCap/CommC occurs at most 20 times', { commCaps: [{ commCs: Array(21).fill(commC) }] }],
    [
      'PreferredContacts/AddrPref/PrefC is one of CALL, SMS, MMS, EMAIL, IM',
      { preferredContacts: { addrPrefs: [addrPref, { ...addrPref, prefC: 'FAX' }] } },
    ],
    [
      'PreferredContacts/AddrPref occurs at most 20 times',
      { preferredContacts: { addrPrefs: Array(21).fill(addrPref) } },
    ],
    ['InfoLink/Inf_link occurs at most 20 times', { infoLink: { infLinks: Array(21).fill(infLink) } }],
  ])('751: %s', (description, list) => {
    expect(refusalOf(list)).toEqual([751, description])
  })

  it('has a mood that nobody has: 751; all that CSP knows are taken', () => {
    expect(refusalOf({ statusMood: { presenceValue: 'HUNGRY' } })[0]).toBe(751)
    expect(valuesOf({ statusMood: { presenceValue: 'IN_LOVE' } })).toEqual([{ presenceValue: 'IN_LOVE' }])
  })

  it('is as long as it may be, and not refused', () => {
    const list = { statusContent: { directContent: 'x'.repeat(5120), contentType: 'image/gif' } }
    expect(valuesOf(list)).toEqual([list.statusContent])
    expect(valuesOf({ commCaps: [{ commCs: Array(20).fill(commC) }] })).toEqual([{ commCs: Array(20).fill(commC) }])
  })
})
