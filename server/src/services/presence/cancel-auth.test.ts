import { describe, expect, it } from 'vitest'
import { allLists } from '../../testing/attribute-lists.ts'
import { subscribe } from '../../testing/notifications.ts'
import type { Phone } from '../../testing/phone.ts'
import { authorize, heard, heardOfAuthorizations, sayStatus, watch, withPresence } from '../../testing/presence.ts'
import { dialects, openVillage } from '../../testing/village.ts'

const [alice, bob] = ['wv:alice@example.com', 'wv:bob@example.com'] as const
const modern = { version: '1.3' } as const

const cancel = (phone: Phone, userId: string) => phone.code({ name: 'CancelAuthRequest', body: { userId } })

describe.each(dialects.filter(({ version }) => version < '1.3'))('CSP 8.2, CancelAuth in $version $syntax', dialect => {
  it('takes back a yes: nothing more is told, and the user is asked when it is asked for again', async () => {
    const village = await openVillage()
    const phone = await withPresence(village, 'alice', dialect)
    const tablet = await withPresence(village, 'alice', { ...modern, clientId: 'tablet' })
    const watcher = await withPresence(village, 'bob', modern)
    await watch(watcher, { userIds: [alice] }, 'StatusText')
    await phone.code({ name: 'PresenceAuthUser', body: { userId: bob, acceptance: true } })
    await heardOfAuthorizations(phone)
    await heard(watcher)
    await subscribe(tablet, ['AC'])
    expect(await cancel(phone, 'wv:bob')).toBe(200)
    await sayStatus(phone, 'in')
    expect(await heard(watcher)).toEqual([])
    await watch(watcher, { userIds: [alice] }, 'StatusText')
    expect(await heardOfAuthorizations(phone)).toEqual(['PresenceAuth bob: StatusText'])
    expect(await heardOfAuthorizations(tablet)).toEqual(['AC bob: '])
  })

  it('takes back a no, so that what everybody sees is seen', async () => {
    const village = await openVillage()
    const phone = await withPresence(village, 'alice', dialect)
    await authorize(phone, 'Alias', { defaultList: true })
    await phone.code({ name: 'PresenceAuthUser', body: { userId: bob, acceptance: false } })
    expect(await cancel(phone, bob)).toBe(200)
    expect(await allLists(phone)).toEqual(['default: Alias'])
  })

  it('is no error where nothing was decided, but of who does not exist: 531', async () => {
    const phone = await withPresence(await openVillage(), 'alice', dialect)
    expect([await cancel(phone, bob), await cancel(phone, 'wv:stranger')]).toEqual([200, 531])
  })
})
