import { describe, expect, it } from 'vitest'
import { allLists } from '../../testing/attribute-lists.ts'
import { subscribe } from '../../testing/notifications.ts'
import type { Phone } from '../../testing/phone.ts'
import { authorize, heard, heardOfAuthorizations, sayStatus, watch, withPresence } from '../../testing/presence.ts'
import { dialects, openVillage } from '../../testing/village.ts'

const [alice, bob, carol] = ['wv:alice@example.com', 'wv:bob@example.com', 'wv:carol@example.com'] as const
const friends = 'wv:alice/friends@example.com'
const modern = { version: '1.3' } as const

const remove = (phone: Phone, from: object) =>
  phone.code({ name: 'DeleteAttributeListRequest', body: { defaultList: false, ...from } })

describe.each(dialects)('CSP 8.2.4, DeleteAttributeList in $version $syntax', dialect => {
  it('takes lists from users, contact lists and everybody else, those that are named', async () => {
    const phone = await withPresence(await openVillage(), 'alice', dialect)
    await phone.ask({ name: 'CreateListRequest', body: { contactList: friends } })
    const everywhere = { userIds: [bob, carol], contactLists: [friends], defaultList: true }
    await authorize(phone, 'Alias', everywhere)
    expect(await remove(phone, { userIds: ['wv:bob'] })).toBe(200)
    expect(await allLists(phone)).toEqual(['default: Alias', 'friends: Alias', 'carol: Alias'])
    expect(await remove(phone, { contactLists: [friends] })).toBe(200)
    expect(await allLists(phone)).toEqual(['default: Alias', 'carol: Alias'])
    expect(await remove(phone, everywhere)).toBe(200)
    expect(await allLists(phone)).toEqual(['default:'])
  })

  it('a list that is not there is not missed; whoever does not exist is told: 531, 700, 201', async () => {
    const phone = await withPresence(await openVillage(), 'alice', dialect)
    const stranger = 'wv:stranger@example.com'
    expect(await remove(phone, { userIds: [bob], defaultList: true })).toBe(200)
    expect(await remove(phone, {})).toBe(200)
    expect(await remove(phone, { userIds: [stranger] })).toBe(531)
    expect(await remove(phone, { contactLists: [friends] })).toBe(700)
    expect(await remove(phone, { userIds: [stranger, bob] })).toBe(201)
  })
})

describe('CSP 8.2.2: after an attribute list is deleted', () => {
  it('the next wider list counts, for subscriptions as well', async () => {
    const village = await openVillage()
    const [watcher, phone] = [await withPresence(village, 'bob', modern), await withPresence(village, 'alice')]
    await authorize(phone, 'StatusText', { defaultList: true })
    await authorize(phone, '', { userIds: [bob] })
    await watch(watcher, { userIds: [alice] })
    await sayStatus(phone, 'in')
    expect(await heard(watcher)).toEqual(['alice:'])
    await remove(phone, { userIds: [bob] })
    expect(await heard(watcher)).toEqual(['alice: statusText=in'])
    await remove(phone, { defaultList: true })
    await sayStatus(phone, 'out')
    expect(await heard(watcher)).toEqual([])
  })
})

describe('CSP 7.2.1: Authorization-Changed', () => {
  it('tells the other clients which lists were deleted, and of none that was not there', async () => {
    const village = await openVillage()
    const phone = await withPresence(village, 'alice', { ...modern, clientId: 'tablet' })
    const listener = await withPresence(village, 'alice', modern)
    await authorize(phone, 'Alias', { userIds: [bob], defaultList: true })
    await subscribe(listener, ['AC'])
    await remove(phone, { userIds: [bob, carol], defaultList: true })
    await remove(phone, { userIds: [bob] })
    expect(await heardOfAuthorizations(listener)).toEqual(['AC bob default: '])
  })
})
