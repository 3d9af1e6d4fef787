import type { Primitive } from '@village/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { newContact, newList } from '../../testing/contacts.ts'
import { countedStore, type StoreUse } from '../../testing/counted-store.ts'
import { allMessaging, codeOf, type Phone } from '../../testing/phone.ts'
import { openVillage, type Village } from '../../testing/village.ts'

/** As many as one message may have. */
const most = 1000
const queueLimit = 3

const names = (count: number) => Array.from({ length: count }, (_, index) => `user${index}`)
const addressOf = (name: string) => `wv:${name}@example.com`
const strangers = (count: number) => Array.from({ length: count }, (_, index) => addressOf(`stranger${index}`))
const friends = addressOf('alice').replace('@', '/friends@')

/** Every spelling of which every second letter may be a capital: more than anybody wants to read. */
const spellings = (address: string, count: number) =>
  Array.from({ length: count }, (_, number) =>
    [...address]
      .map((letter, place) => (place > 2 && number & (1 << (place % 12)) ? letter.toUpperCase() : letter))
      .join(''),
  )

const detailsIn = (primitive: Primitive | undefined) => {
  if (primitive?.name !== 'Status' && primitive?.name !== 'SendMessageResponse') throw new Error(primitive?.name)
  return primitive.body.result.details.map(({ code, userIds }) => [code, [...userIds].sort()])
}

describe('CSP 9.1.1: a message to very many', () => {
  const use: StoreUse = { commits: 0, reads: 0 }
  let village: Village
  let alice: Phone
  const everybody = names(most + 1)

  beforeEach(async () => {
    const config = { 'messages.queueLimit': queueLimit, 'contacts.maxContacts': 5000 }
    village = await openVillage({ config, users: ['alice', ...everybody], around: store => countedStore(store, use) })
    alice = await village.ready('alice', { version: '1.3', syntax: 'wbxml', services: allMessaging })
    forget()
  }, 60_000)

  const forget = () => Object.assign(use, { commits: 0, reads: 0 })
  /** How many messages wait for each, for all of them. */
  const waiting = () => Promise.all(everybody.map(name => village.store.mailboxes.count(addressOf(name), 'message')))
  const each = (is: (index: number) => boolean) => everybody.map((_, index) => (is(index) ? 1 : 0))
  const addresses = everybody.map(addressOf)

  it(`goes to ${most} in one unit, to each of them once`, async () => {
    const { primitive } = await alice.send(addresses.slice(0, most), 'hello')
    expect([primitive?.name, codeOf(primitive)]).toEqual(['SendMessageResponse', 200])
    expect(use.commits).toBe(1)
    expect(await waiting()).toEqual(each(index => index < most))
    expect(await (await village.ready('user999')).texts()).toEqual(['hello'])
  })

  it.each([most + 1, 10_000])('is refused as a whole where they are %i, and nobody is looked for', async count => {
    const all = [...addresses, ...strangers(count)].slice(0, count)
    const { primitive } = await alice.send(all, 'hello')
    expect([primitive?.name, codeOf(primitive), detailsIn(primitive)]).toEqual(['Status', 400, []])
    expect(use).toEqual({ commits: 0, reads: 0 })
    expect(await waiting()).toEqual(each(() => false))
    // One user in many ways is as much work.
    expect(codeOf((await alice.send(spellings(addresses[0]!, count), 'hello')).primitive)).toBe(400)
    expect(codeOf((await alice.send('user0', 'hello')).primitive)).toBe(200)
    expect(await waiting()).toEqual(each(index => index === 0))
  })

  it('is refused as a whole where it is too long for so many, each of whom has a copy', async () => {
    const long = 'x'.repeat(100_000)
    expect(codeOf((await alice.send(addresses.slice(0, 336), long)).primitive)).toBe(400)
    expect(await waiting()).toEqual(each(() => false))
    expect(codeOf((await alice.send(addresses.slice(0, 335), long)).primitive)).toBe(200)
  })

  it('is lost for none of those who can have it, whatever is wrong with the others', async () => {
    const full = addresses.slice(0, 200)
    for (let count = 0; count < queueLimit; count++) await alice.send(full, 'before')
    forget()
    const [elsewhere, unknown] = [strangers(100).map(it => it.replace('.com', '.org')), strangers(200)]
    // Those who fail stand between those who do not.
    const all = addresses.slice(0, 700).flatMap((address, index) => [address, elsewhere[index], unknown[index]])
    const { primitive } = await alice.send(
      all.filter(address => address !== undefined),
      'hello',
    )
    expect([primitive?.name, codeOf(primitive)]).toEqual(['SendMessageResponse', 201])
    expect(detailsIn(primitive).sort()).toEqual([
      [507, full.toSorted()],
      [516, elsewhere.toSorted()],
      [531, unknown.toSorted()],
    ])
    expect(use.commits).toBeLessThanOrEqual(3)
    expect((await waiting()).slice(200)).toEqual(each(index => index < 700).slice(200))
    expect((await waiting()).slice(0, 200)).toEqual(Array(200).fill(queueLimit))
  })

  it('counts who is on contact lists, not the lists, and reads each list once in whatever spellings', async () => {
    const { contactLists } = village.store
    const members = addresses.slice(0, most).map(address => newContact(address))
    await village.store.commit(contactLists.create(addressOf('alice'), newList(friends), 2))
    await village.store.commit(contactLists.addMembers(addressOf('alice'), friends, members, 5000, null))
    forget()
    const send = (users: string[], lists: string[]) =>
      alice.send(users, 'hello', { recipient: { contactLists: lists } })
    const once = (await send([], [friends])).primitive
    expect([codeOf(once), use.commits]).toEqual([200, 1])
    expect(await waiting()).toEqual(each(index => index < most))

    forget()
    const often = (await send([], spellings(friends, most))).primitive
    // Which lists there are and who is on this one: whom they hear is known from the first time.
    expect([codeOf(often), use]).toEqual([200, { commits: 1, reads: 2 }])
    expect(await waiting()).toEqual(each(index => index < most).map(count => 2 * count))

    for (const [users, lists] of [
      [[addresses[most]!], [friends]],
      [[], spellings(friends, most + 1)],
    ] as const)
      expect(codeOf((await send([...users], lists.concat())).primitive)).toBe(400)
    expect(await waiting()).toEqual(each(index => index < most).map(count => 2 * count))
  })

  it('is forwarded by the same rule, and stays where it is when it cannot be', async () => {
    await alice.send('user0', 'pass it on')
    const user = await village.ready('user0', { version: '1.3', syntax: 'wbxml', services: allMessaging })
    const [item] = await village.store.mailboxes.waiting(addresses[0]!, 0, 1, 0)
    const forward = (to: readonly string[]) =>
      user.ask({
        name: 'ForwardMessageRequest',
        body: {
          messageId: item!.messageId,
          sender: { user: { userId: addresses[0]! } },
          recipient: { users: to.map(userId => ({ userId })) },
        },
      })
    expect(codeOf((await forward([...addresses.slice(1), ...strangers(1)])).primitive)).toBe(400)
    expect(await waiting()).toEqual(each(index => index === 0))
    expect((await forward(addresses.slice(1))).primitive?.name).toBe('ForwardMessageResponse')
    expect(await waiting()).toEqual(each(index => index > 0))
  })
})
