import { describe, expect, it } from 'vitest'
import { newContact, newList } from '../../testing/contacts.ts'
import type { NewContact } from '../contact-lists.ts'
import type { Unit } from '../database.ts'
import { type Confirmed, MOST_SYNCED_CLIENTS } from '../list-syncs.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { sqlContactLists } from '../sql/contact-lists.ts'
import { sqlListSyncs } from '../sql/list-syncs.ts'
import { account, alice, bob, type Current, outcome, write } from './fixtures.ts'

const friends = 'wv:alice/friends@example.com'
const work = 'wv:alice/work@example.com'
const [carol, dave] = ['wv:carol@example.com', 'wv:dave@example.com']

/** Puts 9 999 users on a list, for the price of one statement. */
const FILL = `INSERT INTO contact_list_members (list_id, member, address, nick_name, position, revision)
  WITH RECURSIVE numbers (number) AS (SELECT 2 UNION ALL SELECT number + 1 FROM numbers WHERE number < 10000)
  SELECT ?, 'wv:' || number, '', '', number, 1 FROM numbers`

export const describeListSyncs = (current: Current): void => {
  describe('list syncs', () => {
    const syncs = () => sqlListSyncs(current())
    const lists = () => sqlContactLists(current())
    const commit = (unit: Unit) => outcome(current().commit(unit))
    const add = (contacts: NewContact[], changedBy: string | null = null, listId = friends) =>
      commit(lists().addMembers(alice, listId, contacts, 99, changedBy))
    const remove = (members: string[], changedBy: string | null = null, listId = friends) =>
      commit(lists().removeMembers(alice, listId, members, changedBy))
    const confirm = (clientKey: string, confirmed: Confirmed, listId = friends) =>
      commit(syncs().confirm(alice, clientKey, listId, confirmed))
    /** The names of those added, and who was removed with a minus in front. */
    const news = async (clientKey: string) =>
      (await syncs().pending(alice, clientKey)).flatMap(({ added, removed }) => [
        ...added.map(({ nickName }) => nickName),
        ...removed.map(({ userId }) => `-${userId}`),
      ])
    const hear = async (clientKey: string) => {
      for (const { listId, revision } of await syncs().pending(alice, clientKey))
        await confirm(clientKey, { added: revision, removed: revision }, listId)
    }
    const open = () =>
      commit([
        ...sqlAccounts(current()).add(account(alice)),
        ...sqlAccounts(current()).add(account(bob)),
        ...lists().create(alice, { ...newList(friends), address: 'wv:Alice/Friends@example.com' }, 9),
        ...lists().create(alice, newList(work), 9),
      ])

    it('tell a client of all members once, list by list, and of lists without news nothing', async () => {
      await open()
      expect(await syncs().pending(alice, 'phone')).toEqual([])
      await add([newContact(carol, 'Carol'), newContact(bob, 'Bob')])
      const expected = {
        listId: friends,
        address: 'wv:Alice/Friends@example.com',
        revision: 1,
        added: [
          { userId: carol, address: carol, nickName: 'Carol' },
          { userId: bob, address: bob, nickName: 'Bob' },
        ],
        removed: [],
      }
      expect(await syncs().pending(alice, 'phone')).toEqual([expected])
      await confirm('phone', { added: 1 })
      expect(await syncs().pending(alice, 'phone')).toEqual([])
      expect(await syncs().pending(alice, 'laptop')).toEqual([expected])
      expect(await syncs().pending(bob, 'phone')).toEqual([])
    })

    it('tell of new names and of who was removed, and not of what stays as it is', async () => {
      await open()
      await add([newContact(carol, 'Carol'), newContact(bob, 'Bob'), newContact(dave, 'Dave')])
      await hear('phone')
      await add([newContact(carol, 'Carol'), newContact(bob, 'Robert'), newContact(dave)])
      await remove([dave, 'wv:stranger'])
      expect(await syncs().pending(alice, 'phone')).toMatchObject([
        { added: [{ nickName: 'Robert' }], removed: [{ userId: dave, address: dave }] },
      ])
      await hear('phone')
      expect(await news('phone')).toEqual([])
    })

    it('tell no client of what it did itself, and of what others made of that since', async () => {
      await open()
      await add([newContact(carol, 'Carol'), newContact(bob, 'Bob')], 'phone')
      expect([await news('phone'), await news('laptop')]).toEqual([[], ['Carol', 'Bob']])
      await hear('laptop')
      await remove([bob], 'phone')
      await add([newContact(carol, 'Caroline')], 'laptop')
      expect([await news('phone'), await news('laptop')]).toEqual([['Caroline'], [`-${bob}`]])
      await remove([carol], 'phone')
      expect([await news('phone'), await news('laptop')]).toEqual([[], [`-${bob}`, `-${carol}`]])
    })

    it('tell a client of removals from when it confirmed or changed something', async () => {
      await open()
      await add([newContact(bob, 'Bob'), newContact(carol, 'Carol')])
      await remove([bob])
      expect(await news('phone')).toEqual(['Carol'])
      await confirm('phone', { added: 2 })
      await add([newContact(dave, 'Dave')], 'laptop')
      await remove([carol, dave])
      expect([await news('phone'), await news('laptop')]).toEqual([
        [`-${carol}`, `-${dave}`],
        [`-${carol}`, `-${dave}`],
      ])
      expect(await news('new')).toEqual([])
    })

    it('tell of somebody who was removed and added again as added', async () => {
      await open()
      await add([newContact(bob, 'Bob')])
      await hear('phone')
      await remove([bob])
      await add([newContact(bob, 'Bob')])
      expect(await news('phone')).toEqual(['Bob'])
    })

    it('tell of who was on a list that is gone, until that is confirmed', async () => {
      await open()
      await add([newContact(bob, 'Bob')])
      await add([newContact(carol, 'Carol')], null, work)
      await hear('phone')
      await hear('laptop')
      expect(await commit(lists().remove(alice, friends, 'laptop'))).toBe('done')
      await add([newContact(dave, 'Dave')], null, work)
      expect(await syncs().pending(alice, 'phone')).toMatchObject([
        { listId: work, added: [{ userId: dave }], removed: [] },
        { listId: friends, address: 'wv:Alice/Friends@example.com', added: [], removed: [{ userId: bob }] },
      ])
      expect(await news('laptop')).toEqual(['Dave'])
      await hear('phone')
      await commit(lists().create(alice, newList(friends), 9))
      await add([newContact(carol, 'Caroline')])
      expect(await news('phone')).toEqual(['Caroline'])
      const rows = await current().read('SELECT 1 FROM contact_list_syncs WHERE list_id = ?', [friends])
      expect(rows).toEqual([])
    })

    it('never go back', async () => {
      await open()
      await add([newContact(bob, 'Bob')])
      await remove([bob])
      await add([newContact(carol, 'Carol')])
      await confirm('phone', { added: 3, removed: 1 })
      await confirm('phone', { added: 1 })
      expect(await news('phone')).toEqual([`-${bob}`])
      await confirm('phone', { removed: 2 })
      await confirm('phone', { removed: 1 })
      expect(await news('phone')).toEqual([])
      expect(await commit(syncs().confirm('wv:nobody', 'phone', friends, { added: 1 }))).toBe('NoSuchAccount')
    })

    it('are remembered of so many clients of a user, not of those furthest behind', async () => {
      await open()
      await add([newContact(bob, 'Bob')])
      await hear('phone')
      await hear('late')
      await add([newContact(carol, 'Carol')])
      await hear('phone')
      for (let index = 2; index <= MOST_SYNCED_CLIENTS; index++) await hear(`another ${index}`)
      expect([await news('phone'), await news('another 2'), await news('late')]).toEqual([[], [], ['Bob', 'Carol']])
      await add([newContact(dave, 'Dave')], 'one more')
      expect(await news('one more')).toEqual(['Bob', 'Carol'])
      const [row] = await current().read<{ count: number }>(
        'SELECT count(DISTINCT client_key) AS "count" FROM contact_list_syncs',
      )
      expect(row?.count).toBe(MOST_SYNCED_CLIENTS)
    })

    it('forget the oldest of more than 10 000 removals', async () => {
      await open()
      await add([newContact(bob, 'Bob')])
      await hear('phone')
      await remove([bob])
      await add([newContact(carol)], 'phone', work)
      await commit([write(FILL, [work])])
      await commit(lists().remove(alice, work, 'laptop'))
      const [change, ...others] = await syncs().pending(alice, 'phone')
      expect([change?.listId, change?.removed.length, others]).toEqual([work, 10_000, []])
    })

    it('give each change a revision of its own, whoever makes it', async () => {
      await open()
      await Promise.all(Array.from({ length: 12 }, (_, index) => add([newContact(`wv:${index}`)], `client ${index}`)))
      const [change] = await syncs().pending(alice, 'phone')
      expect([change?.revision, change?.added.length]).toEqual([12, 12])
      await commit([...sqlAccounts(current()).remove(alice), ...sqlAccounts(current()).add(account(alice))])
      expect(await syncs().pending(alice, 'phone')).toEqual([])
    })
  })
}
