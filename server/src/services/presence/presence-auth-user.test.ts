import { describe, expect, it } from 'vitest'
import { allLists } from '../../testing/attribute-lists.ts'
import { subscribe } from '../../testing/notifications.ts'
import { expectPrimitive, type Phone } from '../../testing/phone.ts'
import { authorize, heard, heardOfAuthorizations, sayStatus, watch, withPresence } from '../../testing/presence.ts'
import { dialects, openVillage } from '../../testing/village.ts'
import { allAttributes, naming, readAttributes, writeAttributes } from './attributes.ts'

const [alice, bob] = ['wv:alice@example.com', 'wv:bob@example.com'] as const
const modern = { version: '1.3' } as const
const old = dialects.filter(({ version }) => version < '1.3')

const decide = (phone: Phone, acceptance: boolean, names?: string, userId: string = bob) =>
  phone.code({
    name: 'PresenceAuthUser',
    body: { userId, acceptance, ...(names && { presenceSubList: naming(readAttributes(names)) }) },
  })

describe.each(old)('CSP 8.2.3, PresenceAuth-User in $version $syntax', dialect => {
  it('yes: what was asked for is shown from then on, besides what everybody sees', async () => {
    const village = await openVillage()
    const phone = await withPresence(village, 'alice', dialect)
    const watcher = await withPresence(village, 'bob', modern)
    await authorize(phone, 'Alias', { defaultList: true })
    await sayStatus(phone, 'in')
    await watch(watcher, { userIds: [alice] }, 'StatusText StatusMood')
    await heard(watcher)
    expect(await decide(phone, true)).toBe(200)
    expect(await heard(watcher)).toEqual(['alice: statusText=in'])
    expect(await allLists(phone)).toEqual(['default: Alias', 'bob: StatusText StatusMood Alias'])
  })

  it('no: nothing is shown, and nothing is asked any more', async () => {
    const village = await openVillage()
    const phone = await withPresence(village, 'alice', dialect)
    const watcher = await withPresence(village, 'bob', modern)
    await authorize(phone, 'StatusText', { defaultList: true })
    await watch(watcher, { userIds: [alice] })
    expect(await heardOfAuthorizations(phone)).toHaveLength(1)
    expect(await decide(phone, false)).toBe(200)
    await sayStatus(phone, 'in')
    await watch(watcher, { userIds: [alice] })
    expect(await heard(watcher)).toEqual(['alice:'])
    expect(await heardOfAuthorizations(phone)).toEqual([])
    expect(await allLists(phone)).toEqual(['default: StatusText', 'bob:'])
  })

  it('is said of those who asked once and are gone, and unasked: then yes means everything', async () => {
    const village = await openVillage()
    const phone = await withPresence(village, 'alice', dialect)
    const watcher = await withPresence(village, 'bob', modern)
    await watch(watcher, { userIds: [alice] }, 'StatusText')
    await heardOfAuthorizations(phone)
    await watcher.ask({ name: 'LogoutRequest', body: {} })
    expect(await decide(phone, true)).toBe(200)
    expect(await decide(phone, true, undefined, 'wv:carol')).toBe(200)
    const known = dialect.version === '1.1' ? allAttributes & ~readAttributes('InfoLink') : allAttributes
    expect(await allLists(phone)).toEqual(['default:', 'bob: StatusText', `carol: ${writeAttributes(known)}`])
    expect(await decide(phone, true, undefined, 'wv:stranger')).toBe(531)
  })
})

describe('CSP 8.2.3, PresenceAuth-User since 1.2', () => {
  it('names what is shown, which can be less than was asked for', async () => {
    const village = await openVillage()
    const phone = await withPresence(village, 'alice')
    const tablet = await withPresence(village, 'alice', { ...modern, clientId: 'tablet' })
    await subscribe(tablet, ['AC'])
    await watch(await withPresence(village, 'bob', modern), { userIds: [alice] }, 'StatusText Alias')
    expect(await decide(phone, true, 'Alias')).toBe(200)
    expect(await allLists(phone)).toEqual(['default:', 'bob: Alias'])
    expect(await heardOfAuthorizations(tablet)).toEqual(['AC bob: Alias'])
  })

  it('has to be agreed on (REACT), and is not offered since 1.3', async () => {
    const village = await openVillage()
    const services = { presenceFeat: { presenceDeliverFunc: {} } }
    expect(await decide(await village.ready('alice', { services }), true)).toBe(506)
    const phone = await withPresence(village, 'bob', modern)
    const { primitive } = await phone.ask({ name: 'ServiceRequest', body: { allFunctionsRequest: true } })
    const { allFunctions } = expectPrimitive(primitive, 'ServiceResponse')
    expect(JSON.stringify(allFunctions?.presenceFeat)).not.toMatch(/react|caaut|getaut|attListFunc/)
  })
})
