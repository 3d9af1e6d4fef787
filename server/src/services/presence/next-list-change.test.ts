import { beforeEach, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../store/database.ts'
import type { Store } from '../../store/store.ts'
import {
  fetched,
  heardByMessage,
  heardOfLists,
  listChangesIn,
  manage,
  withListNews,
  withLists,
} from '../../testing/contacts.ts'
import type { Phone, PhoneOptions } from '../../testing/phone.ts'
import { openVillage, type Village } from '../../testing/village.ts'

const friends = 'wv:alice/friends@example.com'
const work = 'wv:alice/work@example.com'

const create = (phone: Phone, contactList: string) => phone.code({ name: 'CreateListRequest', body: { contactList } })
const add = (phone: Phone, list: string, ...names: string[]) =>
  manage(phone, list, {
    addNickList: names.map(name => ({ userId: `wv:${name.toLowerCase()}`, name })),
    receiveList: false,
  })
const rename = (phone: Phone, list: string, user: string, name: string) =>
  manage(phone, list, { addNickList: [{ userId: user, name }], receiveList: false })
const remove = (phone: Phone, list: string, first: string, ...others: string[]) =>
  manage(phone, list, { removeNickList: [first, ...others], receiveList: false })

/** Alice has two lists with nobody on them, a phone by which she changes them, and a tablet that hears of it. */
const open = async (dialect: PhoneOptions = {}, around?: (store: Store) => Store) => {
  const config = { 'poll.holdSeconds': dialect.multiTrans === 2 ? 15 : 0 }
  const village = await openVillage({ config, around, users: ['alice', 'bob', 'carol', 'dave'] })
  const phone = await withLists(village, 'alice', { version: '1.2' })
  for (const list of [friends, work]) await create(phone, list)
  const tablet = await withListNews(village, 'alice', { clientId: 'tablet', ...dialect })
  return { village, phone, tablet }
}

describe.each(['xml', 'wbxml'] as const)('NCLS: clients are told of changes of contact lists, in %s', syntax => {
  let village: Village
  let phone: Phone
  let tablet: Phone
  beforeEach(async () => {
    ;({ village, phone, tablet } = await open({ syntax }))
  })
  const back = () => withListNews(village, 'alice', { clientId: 'tablet', syntax })
  const leave = (one: Phone) => one.code({ name: 'LogoutRequest', body: {} })

  it('of who was added, renamed and removed, and of nothing twice', async () => {
    await add(phone, friends, 'Bob', 'Carol')
    expect(await heardOfLists(tablet)).toEqual(['friends +Bob +Carol'])
    await rename(phone, friends, 'wv:bob', 'Robert')
    await remove(phone, friends, 'wv:carol')
    await add(phone, work, 'Dave')
    expect(await heardOfLists(tablet)).toEqual(['friends +Robert', 'friends -carol', 'work +Dave'])
    expect(await heardOfLists(tablet)).toEqual([])
  })

  it('of all that has changed at once, in two transactions for a list', async () => {
    await add(phone, friends, 'Bob')
    await heardOfLists(tablet)
    for (const name of ['Carol', 'Dave']) await add(phone, friends, name)
    await remove(phone, friends, 'wv:bob')
    expect(await heardOfLists(tablet)).toEqual(['friends +Carol +Dave', 'friends -bob'])
  })

  it('not of what they did themselves', async () => {
    await add(tablet, friends, 'Bob')
    await remove(tablet, friends, 'wv:bob')
    expect(await heardOfLists(tablet)).toEqual([])
  })

  it('of whole lists where nothing is known of them, and of who was on a list that is gone', async () => {
    await add(phone, friends, 'Bob')
    await add(phone, work, 'Carol')
    const laptop = await withListNews(village, 'alice', { clientId: 'laptop', syntax })
    expect(await heardOfLists(laptop)).toEqual(['friends +Bob', 'work +Carol'])
    await phone.code({ name: 'DeleteListRequest', body: { contactList: friends } })
    expect(await heardOfLists(laptop)).toEqual(['friends -bob'])
  })

  it('in the next session exactly of what they have not confirmed', async () => {
    await add(phone, friends, 'Bob')
    await heardOfLists(tablet)
    await add(phone, work, 'Carol')
    expect(await heardOfLists(tablet, 501)).toEqual(['work +Carol'])
    await leave(tablet)
    await rename(phone, friends, 'wv:bob', 'Bobby')
    const next = await back()
    expect(await heardOfLists(next)).toEqual(['friends +Bobby', 'work +Carol'])
    await leave(next)
    expect(await heardOfLists(await back())).toEqual([])
  })

  it('after a restart as well', async () => {
    await add(phone, friends, 'Bob')
    expect(listChangesIn(await tablet.poll())).toEqual(['friends +Bob'])
    village.restart()
    await add(phone, friends, 'Carol')
    expect(await heardOfLists(tablet)).toEqual(['friends +Bob +Carol'])
    village.restart()
    expect(await heardOfLists(tablet)).toEqual([])
  })

  it('of what they did not take not again, until the list is another', async () => {
    await add(phone, friends, 'Bob')
    expect(await heardOfLists(tablet, 531)).toEqual(['friends +Bob'])
    await add(phone, work, 'Carol')
    expect(await heardOfLists(tablet)).toEqual(['work +Carol'])
    await add(phone, friends, 'Dave')
    expect(await heardOfLists(tablet)).toEqual(['friends +Bob +Dave'])
  })

  it('not again of what they are just being told, and then of what came meanwhile', async () => {
    await add(phone, friends, 'Bob')
    const told = await tablet.poll()
    await remove(phone, friends, 'wv:bob')
    expect(await heardOfLists(tablet)).toEqual([])
    const taken = { name: 'Status', body: { result: { code: 200 } } } as const
    // Since a poll has brought nothing, the next comes with the answer to this.
    expect(listChangesIn(await tablet.answer(told.message?.transactions[0]?.id, taken))).toEqual(['friends -bob'])
  })
})

describe('NCLS: clients are told', () => {
  it('only where they have agreed on it, and as long as that holds', async () => {
    const { village, phone, tablet } = await open()
    const others = [
      await withLists(village, 'alice', { clientId: 'a', version: '1.3' }),
      await withListNews(village, 'alice', { clientId: 'b', version: '1.2' }),
      await withListNews(village, 'alice', { clientId: 'c', version: '1.1' }),
      await withListNews(village, 'bob'),
    ]
    await add(phone, friends, 'Bob')
    for (const other of others) expect(await heardOfLists(other)).toEqual([])
    await tablet.negotiate({ imFeat: {} })
    expect(await heardOfLists(tablet)).toEqual([])
    await tablet.negotiate({ presenceFeat: { contListFunc: { ncls: true } } })
    expect(await heardOfLists(tablet)).toEqual(['friends +Bob'])
  })

  it('by the Poll flag, and only where there is something', async () => {
    const { phone, tablet } = await open()
    const alive = async () =>
      (
        await tablet.exchange([
          { mode: 'Request', id: tablet.nextId(), primitive: { name: 'KeepAliveRequest', body: {} } },
        ])
      ).message?.poll
    expect(await alive()).toBe(false)
    await manage(phone, friends, { contactListProperties: [{ name: 'DisplayName', value: 'F' }], receiveList: false })
    expect(await alive()).toBe(false)
    await add(phone, friends, 'Bob')
    expect(await alive()).toBe(true)
    expect((await tablet.poll()).message?.poll).toBe(false)
  })

  it('by a poll that is held', async () => {
    const { phone, tablet } = await open({ multiTrans: 2 })
    const held = tablet.poll()
    await add(phone, friends, 'Bob')
    expect((await held).message?.transactions[0]?.primitive?.name).toBe('ListManageNotificationRequest')
  })

  it('in as many transactions of one message as they take', async () => {
    const { phone, tablet } = await open({ multiTrans: 9, perMessage: 3 })
    await add(phone, friends, 'Bob')
    await add(phone, work, 'Bob')
    await heardOfLists(tablet)
    for (const list of [friends, work]) {
      await add(phone, list, 'Carol')
      await remove(phone, list, 'wv:bob')
    }
    expect(await heardByMessage(tablet)).toEqual([['friends +Carol', 'friends -bob', 'work +Carol'], ['work -bob']])
  })

  it('anew where they were not reached', async () => {
    const { phone, tablet } = await open()
    await add(phone, friends, 'Bob')
    const { outbound } = await tablet.poll()
    await add(phone, friends, 'Carol')
    outbound.onLost?.()
    expect(await heardOfLists(tablet)).toEqual(['friends +Bob +Carol'])
  })

  it('again where their answer could not be kept', async () => {
    let isBroken = false
    const around = (store: Store): Store => ({
      ...store,
      commit: (...unit) => (isBroken ? Promise.reject(new StoreUnavailable('disk full')) : store.commit(...unit)),
    })
    const { phone, tablet } = await open({}, around)
    await add(phone, friends, 'Bob')
    isBroken = true
    await expect(heardOfLists(tablet)).rejects.toThrow('disk full')
    isBroken = false
    expect(await heardOfLists(tablet)).toEqual(['friends +Bob'])
  })

  it('when it can be read, where it could not at first', async () => {
    let isBroken = false
    const around = (store: Store): Store => ({
      ...store,
      listSyncs: {
        ...store.listSyncs,
        pending: (...of) => (isBroken ? Promise.reject(new StoreUnavailable('gone')) : store.listSyncs.pending(...of)),
      },
    })
    const { phone, tablet } = await open({}, around)
    isBroken = true
    await add(phone, friends, 'Bob')
    isBroken = false
    expect(await heardOfLists(tablet)).toEqual(['friends +Bob'])
  })
})

describe.each(['xml', 'wbxml'] as const)('NCLS: a list that is too long for its client, in %s', syntax => {
  const parserSize = 2500
  const names = Array.from({ length: 100 }, (_, count) => `&${count}`)
  const openLong = async (multiTrans: number) => {
    const opened = await open({ syntax, capabilities: { parserSize }, multiTrans, perMessage: multiTrans })
    const addNickList = names.map((name, count) => ({ userId: `wv:${count}@elsewhere.org`, name }))
    await manage(opened.phone, friends, { addNickList, receiveList: false })
    await add(opened.phone, work, 'Bob')
    return opened
  }
  const pending = async ({ store }: Village) =>
    (await store.listSyncs.pending('wv:alice@example.com', 'url:tablet')).flatMap(({ added }) => added).length

  it.each([1, 9])(
    'comes in parts that it can read, and is confirmed when it has answered all; %i at a time',
    async at => {
      const { tablet, village } = await openLong(at)
      const told: string[] = []
      for await (const reply of fetched(tablet)) {
        expect(reply.outbound.body.length).toBeLessThanOrEqual(parserSize)
        told.push(...listChangesIn(reply))
        if (told.at(-1) !== 'work +Bob') expect(await pending(village)).toBe(101)
      }
      expect(told.length).toBeGreaterThan(2)
      expect(told.pop()).toBe('work +Bob')
      expect(told.join(' ').replaceAll('friends ', '')).toBe(names.map(name => `+${name}`).join(' '))
      expect(await pending(village)).toBe(0)
    },
  )

  it('does not go on where a part of it is not taken, and is not confirmed', async () => {
    const { tablet, village } = await openLong(1)
    expect((await heardOfLists(tablet, 501)).length).toBe(2)
    expect(await pending(village)).toBe(101)
  })
})
