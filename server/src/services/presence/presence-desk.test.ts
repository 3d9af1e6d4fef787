import { beforeEach, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import { allLists } from '../../testing/attribute-lists.ts'
import { manage } from '../../testing/contacts.ts'
import type { Phone } from '../../testing/phone.ts'
import { authorize, heard, sayStatus, watch, withPresence } from '../../testing/presence.ts'
import { openVillage, type Village } from '../../testing/village.ts'

const [aliceId, bobId] = ['wv:alice@example.com', 'wv:bob@example.com'] as const
const modern = { version: '1.3' } as const

type Fault = 'no answer' | 'nothing after it can be read' | undefined

let fault: Fault
let hasWritten: boolean
let village: Village
let alice: Phone
let bob: Phone
beforeEach(async () => {
  fault = undefined
  const fail = () => Promise.reject(new StoreUnavailable('the disk is gone'))
  const around = (store: Store): Store => ({
    ...store,
    commit: async (...unit) => {
      const written = await store.commit(...unit)
      hasWritten = true
      // It is on disk, and nobody is told so.
      return fault === 'no answer' ? fail() : written
    },
    contactLists: {
      ...store.contactLists,
      members: (...of) =>
        fault === 'nothing after it can be read' && hasWritten ? fail() : store.contactLists.members(...of),
    },
  })
  village = await openVillage({ around })
  alice = await withPresence(village, 'alice', modern)
  bob = await withPresence(village, 'bob', modern)
  await sayStatus(bob, 'in')
})

const during = async <T>(found: Fault, act: () => Promise<T>): Promise<T> => {
  fault = found
  hasWritten = false
  try {
    return await act()
  } finally {
    fault = undefined
  }
}

describe('where the store fails in the middle of a change', () => {
  const friends = 'wv:bob/friends@example.com'

  it('what may be seen is what is stored: an attribute list', async () => {
    await watch(alice, { userIds: [bobId] })
    expect(await heard(alice)).toEqual(['bob:'])
    expect(await during('no answer', () => authorize(bob, 'StatusText', { userIds: [aliceId] }))).toBe(503)
    expect(await heard(alice)).toEqual(['bob: statusText=in'])
    expect(await during('no answer', () => authorize(bob, '', { userIds: [aliceId] }))).toBe(503)
    await sayStatus(bob, 'out')
    expect(await heard(alice)).toEqual([])
  })

  it('what may be seen is what is stored: a contact list that shows something', async () => {
    const nickList = [{ userId: aliceId }]
    await bob.ask({ name: 'CreateListRequest', body: { contactList: friends, nickList } })
    await authorize(bob, 'StatusText', { contactLists: [friends] })
    await watch(alice, { userIds: [bobId] })
    expect(await heard(alice)).toEqual(['bob: statusText=in'])
    const change = { contactList: friends, receiveList: false } as const
    const remove = { ...change, removeNickList: [aliceId] }
    const add = { ...change, addNickList: [{ userId: aliceId }] }
    expect(await during('no answer', () => bob.code({ name: 'ListManageRequest', body: remove }))).toBe(503)
    await sayStatus(bob, 'out')
    expect(await heard(alice)).toEqual([])
    expect(await during('no answer', () => bob.code({ name: 'ListManageRequest', body: add }))).toBe(503)
    expect(await heard(alice)).toEqual(['bob: statusText=out'])
  })
})

describe('subscriptions by a contact list that could not be read', () => {
  const buddies = 'wv:alice/buddies@example.com'

  it('follow it once the client asks', async () => {
    await authorize(bob, 'StatusText', { defaultList: true })
    await alice.ask({ name: 'CreateListRequest', body: { contactList: buddies } })
    await watch(alice, { contactLists: [buddies] })
    await heard(alice)
    const change = (body: object) => manage(alice, buddies, { receiveList: false, ...body })
    await during('nothing after it can be read', async () => {
      await change({ addNickList: [{ userId: bobId }] })
      await expect(alice.poll()).rejects.toThrow('the disk is gone')
    })
    expect(await heard(alice)).toEqual(['bob: statusText=in'])
    await during('nothing after it can be read', () => change({ removeNickList: [bobId] }))
    await sayStatus(bob, 'out')
    expect(await heard(alice)).toEqual([])
  })
})

describe('CSP 5.4, 8.2.4: a notification that was not answered in time', () => {
  it('does not say again what may not be seen any more', async () => {
    await authorize(bob, 'StatusText', { defaultList: true })
    await watch(alice, { userIds: [bobId] })
    await heard(alice)
    await sayStatus(bob, 'out')
    const late = (await alice.poll()).message?.transactions[0]
    expect(late?.primitive?.name).toBe('PresenceNotificationRequest')
    await authorize(bob, '', { defaultList: true })
    await village.world.pass(20)
    expect(await heard(alice)).toEqual([])
    await alice.answer(late?.id, { name: 'Status', body: { result: { code: 200 } } })
    await authorize(bob, 'StatusText', { defaultList: true })
    expect(await heard(alice)).toEqual(['bob: statusText=out'])
  })

  it('says how things are then, as another transaction', async () => {
    await authorize(bob, 'StatusText', { defaultList: true })
    await watch(alice, { userIds: [bobId] })
    await heard(alice)
    await sayStatus(bob, 'out')
    const late = (await alice.poll()).message?.transactions[0]
    await sayStatus(bob, 'back')
    await village.world.pass(20)
    const { message } = await alice.poll()
    expect(message?.transactions[0]?.id).not.toBe(late?.id)
    await village.world.pass(20)
    expect(await heard(alice)).toEqual(['bob: statusText=back'])
  })
})

it('CSP 8.2.4: the list of a user whose account is gone can be deleted', async () => {
  await authorize(bob, 'Alias', { userIds: [aliceId] })
  await village.store.commit(village.store.accounts.remove(aliceId))
  const remove = (userId: string) =>
    bob.code({ name: 'DeleteAttributeListRequest', body: { defaultList: false, userIds: [userId] } })
  expect(await remove('wv:alice')).toBe(200)
  expect(await allLists(bob)).toEqual(['default:'])
  expect([await remove('wv:alice'), await remove('wv:stranger')]).toEqual([531, 531])
})
