import { type CapabilityList, decode, encode, type PresenceSubList, type Version } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { noAgreement, noLists } from '../access/agreement.ts'
import { allAttributes, naming, noAttributes, readAttributes, writeAttributes } from './attributes.ts'
import type { LiveClient, Publication } from './client-status.ts'
import { changedBetween, type PresenceSources, presenceDocument, withUnset } from './document.ts'

const userAddress = 'wv:alice@example.com'
const client = (name: string, startedAt: number, capabilities: Partial<CapabilityList> = {}): LiveClient => ({
  clientKey: `url:${name}`,
  startedAt,
  applicationId: undefined,
  agreement: { ...noAgreement, capabilities: { ...noLists, ...capabilities } },
})
const said = (name: string, publishedAt: number, attribute: string, value: object | string): Publication => ({
  clientKey: name && `url:${name}`,
  attribute,
  value: JSON.stringify(typeof value === 'string' ? { presenceValue: value } : value),
  publishedAt,
})
const documentOf = (sources: Partial<PresenceSources>) =>
  presenceDocument({ published: [], clients: [], userAddress, ...sources })
const online = (name: string, presenceValue = 'T') => ({ qualifier: true, presenceValue, clientId: { url: name } })
const urlsOf = (list: PresenceSubList) => list.clientInfos.map(({ clientId }) => clientId?.url)

describe('CSP 5.1.3: the presence of a user without clients', () => {
  it('is one OnlineStatus of F, and of the user what lasts', () => {
    const published = [
      ...[said('', 1, 'StatusText', 'Hi'), said('', 1, 'UserAvailability', 'AVAILABLE')],
      ...[said('', 1, 'StatusMood', 'SAD'), said('phone', 1, 'PLMN', '24405')],
    ]
    expect(documentOf({ published, gone: ['url:phone'] })).toEqual({
      ...naming(noAttributes),
      onlineStatuses: [{ qualifier: true, presenceValue: 'F' }],
      statusText: { qualifier: true, presenceValue: 'Hi' },
    })
  })
})

describe('CSP 5.1.3: the status of clients', () => {
  it('is there once for each, marked with its Client-ID where there is a place for it', () => {
    const published = [said('a', 2, 'FreeTextLocation', 'Home'), said('b', 2, 'Address', { city: 'Oulu' })]
    const list = documentOf({ published, clients: [client('a', 2), client('b', 1)] })
    expect(list.onlineStatuses).toEqual([online('a'), online('b')])
    expect(list.freeTextLocations).toEqual([{ qualifier: true, presenceValue: 'Home', clientId: { url: 'a' } }])
    expect(list.addresses).toEqual([{ qualifier: true, city: 'Oulu' }])
  })

  it('has of a client only what it published in this session', () => {
    const published = [said('a', 4, 'PLMN', '24405'), said('a', 5, 'TimeZone', { zone: '+02:00' })]
    const list = documentOf({ published, clients: [client('a', 5)] })
    expect([list.plmns, list.timeZones.length]).toEqual([[], 1])
  })

  it('begins with the highest priority, then with whom was heard last', () => {
    const published = [said('a', 9, 'PLMN', '1'), said('d', 3, 'ClientInfo', { clientImPriority: 6 })]
    const clients = [client('a', 1), client('b', 2), client('c', 5), client('d', 1)]
    const low = client('e', 99, { sessionPriority: 4 })
    expect(urlsOf(documentOf({ published, clients: [...clients, low] }))).toEqual(['d', 'a', 'c', 'b', 'e'])
  })

  it('tells of clients that went offline just now, behind the others', () => {
    const list = documentOf({ clients: [client('a', 1)], gone: ['url:b', 'url:a', 'msisdn:+1'] })
    const phone = { qualifier: true, presenceValue: 'F', clientId: { msisdn: '+1' } }
    expect(list.onlineStatuses).toEqual([online('a'), online('b', 'F'), phone])
    expect(urlsOf(list)).toEqual(['a'])
  })
})

describe('CSP 6.9.1: ClientInfo', () => {
  const infoOf = (capabilities: Partial<CapabilityList>, value = {}, applicationId?: string) => {
    const clients = [{ ...client('a', 1, capabilities), applicationId }]
    return documentOf({ published: [said('a', 1, 'ClientInfo', value)], clients }).clientInfos[0]
  }

  it('is what the client published, with what the server knows better', () => {
    const known = { clientType: 'PDA', sessionPriority: 7, acceptedPullLength: 100, acceptedPushLength: 200 }
    const info = infoOf(known, { clientType: 'COMPUTER', model: 'X', clientImPriority: 1 }, 'chess')
    expect(info).toMatchObject({ clientType: 'COMPUTER', model: 'X', clientImPriority: 7, applicationId: 'chess' })
    expect(info?.clientContentLimit).toMatchObject({ maxPullLength: 100, maxPushLength: 200 })
  })

  it('has a type in any case: that of the capabilities, else OTHER', () => {
    expect(infoOf({ clientType: 'PDA' })?.clientType).toBe('PDA')
    expect([infoOf({})?.clientType, infoOf({ clientType: 'TOASTER' })?.clientType]).toEqual(['OTHER', 'OTHER'])
    expect(documentOf({ clients: [{ ...client('a', 1), agreement: noAgreement }] }).clientInfos).toEqual([
      { qualifier: true, clientType: 'OTHER', clientId: { url: 'a' } },
    ])
  })

  it('has content types, or whether any may come, and no limits that say nothing', () => {
    const acceptedContentTypes = [{ contentType: 'image/gif' }]
    const types = (capabilities: Partial<CapabilityList>) => infoOf(capabilities)?.clientContentLimit
    expect(types({ acceptedContentTypes })).toMatchObject({ acceptedContentTypes, anyContent: undefined })
    expect(types({ acceptedContentTypes, anyContent: true })).toMatchObject({ acceptedContentTypes: [] })
    expect(types({ anyContent: false })).toMatchObject({ anyContent: false })
    expect(types({})).toBeUndefined()
  })
})

describe('CommCap', () => {
  it('is open for messages where they were agreed on and the client says nothing else', () => {
    const agreement = { ...noAgreement, services: ['IMFeat'] }
    const commCapsOf = (published: Publication[] = []) =>
      documentOf({ published, clients: [{ ...client('a', 1), agreement }] }).commCaps
    const contact = { cap: 'IM', status: 'OPEN', contact: userAddress }
    expect(commCapsOf()).toEqual([{ qualifier: true, commCs: [contact], clientId: { url: 'a' } }])
    const commCs = [{ cap: 'CALL', status: 'CLOSED' }]
    expect(commCapsOf([said('a', 1, 'CommCap', { commCs })])[0]?.commCs).toEqual(commCs)
    expect(documentOf({ clients: [client('a', 1)] }).commCaps).toEqual([])
  })
})

describe('the status of a user', () => {
  it('is of the moment as long as a session is open that was open when it was said', () => {
    const published = [said('', 5, 'UserAvailability', 'DISCREET'), said('', 5, 'Alias', 'Al')]
    const seen = (...clients: LiveClient[]) => {
      const { userAvailability, alias } = documentOf({ published, clients })
      return [userAvailability?.presenceValue, alias?.presenceValue]
    }
    expect(seen(client('a', 5), client('b', 9))).toEqual(['DISCREET', 'Al'])
    expect(seen(client('b', 9))).toEqual([undefined, 'Al'])
  })

  it('is what was said last', () => {
    const published = [said('', 2, 'Alias', 'new'), said('', 1, 'Alias', 'old')]
    expect(documentOf({ published }).alias?.presenceValue).toBe('new')
  })
})

describe('a client that publishes OnlineStatus F', () => {
  const published = [said('a', 2, 'OnlineStatus', 'F'), said('', 2, 'UserAvailability', 'AVAILABLE')]

  it('is left out, and alone it is as if nobody were there', () => {
    expect(documentOf({ published, clients: [client('a', 1)] })).toEqual(documentOf({ published }))
    const others = documentOf({ published, clients: [client('a', 1), client('b', 1)] })
    expect([urlsOf(others), others.userAvailability?.presenceValue]).toEqual([['b'], 'AVAILABLE'])
  })

  it('is back once it logged in again, and was never gone where that is switched off', () => {
    expect(documentOf({ published, clients: [client('a', 3)] }).onlineStatuses).toEqual([online('a')])
    const shown = documentOf({ published, clients: [client('a', 1)], appearOffline: false })
    expect(shown.onlineStatuses).toEqual([online('a')])
  })
})

describe('CSP 8.3.2.1: what watchers are told', () => {
  const before = documentOf({ published: [said('', 1, 'Alias', 'Al')], clients: [client('a', 1), client('b', 2)] })

  it('is what changed, the order of clients included', () => {
    const named = (after: PresenceSubList) => writeAttributes(changedBetween(before, after, '1.3'))
    expect(named(before)).toBe('')
    expect(named(documentOf({ clients: [client('a', 1), client('b', 2)] }))).toBe('Alias')
    const published = [said('', 1, 'Alias', 'Al'), said('a', 3, 'PLMN', '24405')]
    const reordered = documentOf({ published, clients: [client('a', 1), client('b', 2)] })
    expect(named(reordered)).toBe('OnlineStatus ClientInfo PLMN')
  })

  it('is before 1.3 what changed of the first value, as far as that can be seen', () => {
    const named = (after: PresenceSubList, version: Version, was = before) =>
      writeAttributes(changedBetween(was, after, version))
    const published = [said('', 1, 'Alias', 'Al')]
    const one = documentOf({ published, clients: [client('b', 2)] })
    expect([named(one, '1.3'), named(one, '1.2'), named(one, '1.1')]).toEqual(['OnlineStatus ClientInfo', '', ''])
    const limited = documentOf({ published, clients: [client('a', 1), client('b', 2, { acceptedPullLength: 9 })] })
    expect([named(limited, '1.3'), named(limited, '1.2')]).toEqual(['ClientInfo', ''])
    const info = said('b', 2, 'ClientInfo', { model: 'X' })
    const other = documentOf({ published: [...published, info], clients: [client('a', 1), client('b', 2)] })
    expect([named(other, '1.3'), named(other, '1.2')]).toEqual(['ClientInfo', 'ClientInfo'])
    const location = said('a', 1, 'FreeTextLocation', 'Home')
    const located = documentOf({ published: [...published, location], clients: [client('a', 1), client('b', 2)] })
    expect([named(located, '1.2'), named(documentOf({}), '1.1', one)]).toEqual([
      'FreeTextLocation',
      'OnlineStatus ClientInfo Alias',
    ])
  })

  it('is also that a value is gone', () => {
    const told = withUnset(before, readAttributes('Alias StatusText CommCap'))
    const unset = { qualifier: false }
    const commCaps = [{ commCs: [], qualifier: false }]
    expect(told).toEqual({ ...naming(noAttributes), alias: before.alias, statusText: unset, commCaps })
  })

  it('can be written, and before 1.3 is that of the first client', () => {
    const presenceSubLists = [withUnset(before, allAttributes)]
    const primitive = {
      name: 'PresenceNotificationRequest',
      body: { presences: [{ userId: userAddress, presenceSubLists }] },
    } as const
    const written = encode({
      version: '1.1',
      syntax: 'xml',
      sessionId: 's',
      transactions: [{ mode: 'Request', id: '1', primitive }],
    })
    expect(String(written).match(/<OnlineStatus>/g)).toHaveLength(1)
    expect(decode(new TextEncoder().encode(String(written))).transactions[0]?.refusal).toBeUndefined()
  })
})
