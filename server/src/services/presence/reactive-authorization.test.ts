import { describe, expect, it } from 'vitest'
import { manage } from '../../testing/contacts.ts'
import { subscribe } from '../../testing/notifications.ts'
import type { Phone } from '../../testing/phone.ts'
import { authorize, heardOfAuthorizations as heard, watch, withPresence } from '../../testing/presence.ts'
import { dialects, openVillage, type Village } from '../../testing/village.ts'
import { naming, readAttributes } from './attributes.ts'

const [alice, bob] = ['wv:alice@example.com', 'wv:bob@example.com'] as const
const friends = 'wv:alice/friends@example.com'
const needed = ['ANU', 'ANC', 'AND']
const modern = { version: '1.3' } as const

const get = (phone: Phone, names: string) =>
  phone.code({
    name: 'GetPresenceRequest',
    body: { userIds: [alice], presenceSubList: naming(readAttributes(names)) },
  })

/** Alice, who is told of authorizations that are needed, and Bob. */
async function open(village: Village) {
  const phone = await withPresence(village, 'alice', modern)
  await subscribe(phone, needed)
  return { phone, watcher: await withPresence(village, 'bob') }
}

describe('CSP 8.2.3: the user is told who wants to see more', () => {
  it('of who has a list of their own, is on a contact list, or is neither; each where that is wanted', async () => {
    const village = await openVillage()
    const { phone, watcher } = await open(village)
    await get(watcher, 'Alias')
    expect(await heard(phone)).toEqual([])
    await authorize(phone, 'OnlineStatus', { defaultList: true, defaultNotify: true })
    await watch(watcher, { userIds: [alice] }, 'OnlineStatus StatusText')
    expect(await heard(phone)).toEqual(['AND bob default: StatusText'])

    await phone.ask({ name: 'CreateListRequest', body: { contactList: friends, nickList: [{ userId: bob }] } })
    await authorize(phone, 'Alias', { contactLists: [friends], contactListNotify: true })
    expect(await heard(phone)).toEqual(['ANC bob alice/friends: OnlineStatus StatusText'])
    await get(watcher, 'Alias OnlineStatus')
    expect(await heard(phone)).toEqual([])

    await authorize(phone, 'Alias', { userIds: [bob], userNotify: true })
    await get(watcher, 'Alias OnlineStatus')
    expect(await heard(phone)).toEqual(['ANU bob: OnlineStatus'])
    await authorize(phone, 'OnlineStatus', { userIds: [bob] })
    await get(watcher, 'OnlineStatus')
    expect(await heard(phone)).toEqual([])
  })

  it('again where the client does not answer, unless it was decided meanwhile', async () => {
    const village = await openVillage()
    const { phone, watcher } = await open(village)
    await authorize(phone, '', { defaultList: true, defaultNotify: true })
    await get(watcher, 'Alias')
    const asked = await phone.poll()
    await village.world.pass(21)
    const again = await phone.poll()
    expect(again.message?.transactions).toEqual(asked.message?.transactions)
    await authorize(phone, 'Alias', { userIds: [bob] })
    await village.world.pass(21)
    expect(await heard(phone)).toEqual([])
  })

  it('once in ten minutes, however often somebody asks; anew when something was decided', async () => {
    const village = await openVillage()
    const { phone, watcher } = await open(village)
    await authorize(phone, '', { defaultList: true, defaultNotify: true })
    for (let times = 0; times < 3; times++) {
      await get(watcher, 'Alias')
      expect(await heard(phone)).toEqual(times === 0 ? ['AND bob default: Alias'] : [])
    }
    await get(watcher, 'Alias StatusText')
    expect(await heard(phone)).toEqual(['AND bob default: StatusText Alias'])
    await village.world.pass(601)
    await get(watcher, 'Alias')
    expect(await heard(phone)).toEqual(['AND bob default: Alias'])
    await authorize(phone, '', { defaultList: true })
    await get(watcher, 'Alias')
    expect(await heard(phone)).toEqual(['AND bob default: Alias'])
  })

  it('not of what was decided while it waited', async () => {
    const { phone, watcher } = await open(await openVillage())
    await authorize(phone, '', { defaultList: true, defaultNotify: true })
    await get(watcher, 'Alias')
    await authorize(phone, 'Alias', { userIds: [bob] })
    expect(await heard(phone)).toEqual([])
  })

  it('of who joined a contact list that is subscribed to', async () => {
    const village = await openVillage()
    const { phone } = await open(village)
    await authorize(phone, '', { defaultList: true, defaultNotify: true })
    const watcher = await withPresence(village, 'bob', { ...modern, clientId: 'tablet' })
    await watcher.ask({ name: 'CreateListRequest', body: { contactList: 'wv:bob/all' } })
    await watch(watcher, { contactLists: ['wv:bob/all'] }, 'Alias')
    await manage(watcher, 'wv:bob/all', { addNickList: [{ userId: alice }], receiveList: false })
    expect(await heard(phone)).toEqual(['AND bob default: Alias'])
  })

  it('a client that is to be told later, and one that comes back, of those who are subscribed', async () => {
    const village = await openVillage()
    const early = await withPresence(village, 'alice', modern)
    await authorize(early, '', { defaultList: true, defaultNotify: true })
    const watcher = await withPresence(village, 'bob')
    await watch(watcher, { userIds: [alice] }, 'StatusText')
    await watch(watcher, { userIds: [alice] }, 'Alias')
    for (let times = 0; times < 2; times++) {
      await subscribe(early, ['AND'])
      expect(await heard(early)).toEqual(times === 0 ? ['AND bob default: StatusText Alias'] : [])
    }
    village.restart()
    expect(await heard(early)).toEqual(['AND bob default: StatusText Alias'])
  })

  it('one who newly wants to be told, of those who are subscribed', async () => {
    const { phone, watcher } = await open(await openVillage())
    await watch(watcher, { userIds: [alice] }, 'Alias')
    expect(await heard(phone)).toEqual([])
    await authorize(phone, '', { defaultList: true, defaultNotify: true })
    expect(await heard(phone)).toEqual(['AND bob default: Alias'])
    await authorize(phone, '', { defaultList: true, defaultNotify: true })
    expect(await heard(phone)).toEqual([])
  })
})

describe.each(dialects.filter(({ version }) => version < '1.3'))(
  'CSP 8.2.3, PresenceAuth-Request in $version $syntax',
  dialect => {
    it('asks about whoever was not decided on and wants more than everybody sees', async () => {
      const village = await openVillage()
      const phone = await withPresence(village, 'alice', dialect)
      const watcher = await withPresence(village, 'bob', modern)
      await authorize(phone, 'OnlineStatus', { defaultList: true })
      await watch(watcher, { userIds: [alice] }, 'OnlineStatus Alias')
      for (let times = 0; times < 3; times++) await get(watcher, 'Alias')
      expect(await heard(phone)).toEqual(['PresenceAuth bob: Alias'])
      await authorize(phone, '', { userIds: [bob] })
      await get(watcher, 'StatusText')
      expect(await heard(phone)).toEqual([])
    })

    it('comes to a client that logs in later, and again after a restart', async () => {
      const village = await openVillage()
      const watcher = await withPresence(village, 'bob', modern)
      await watch(watcher, { userIds: [alice] }, 'Alias')
      await get(watcher, 'StatusText')
      const phone = await withPresence(village, 'alice', dialect)
      expect(await heard(phone)).toEqual(['PresenceAuth bob: Alias'])
      await phone.negotiate()
      expect(await heard(phone)).toEqual([])
      village.restart()
      expect(await heard(phone)).toEqual(['PresenceAuth bob: Alias'])
    })

    it('comes to nobody who has not agreed on it (REACT)', async () => {
      const village = await openVillage()
      const services = { presenceFeat: { presenceDeliverFunc: {} } }
      const phone = await village.ready('alice', { ...dialect, services })
      await watch(await withPresence(village, 'bob', modern), { userIds: [alice] })
      expect(await heard(phone)).toEqual([])
      await phone.negotiate({ presenceFeat: { presenceAuthFunc: { react: true } } })
      expect(await heard(phone)).toHaveLength(1)
    })
  },
)
