import { describe, expect, it } from 'vitest'
import { newContact as contact, newList } from '../../testing/contacts.ts'
import type { NewContact } from '../contact-lists.ts'
import type { Unit } from '../database.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { sqlContactLists } from '../sql/contact-lists.ts'
import { account, alice, bob, type Current, outcome } from './fixtures.ts'

const friends = 'wv:alice/friends@example.com'
const work = 'wv:alice/work@example.com'
const chess = 'wv:alice/chess@example.com'
const carol = 'wv:carol@elsewhere.org'

export const describeContactLists = (current: Current): void => {
  describe('contact lists', () => {
    const lists = () => sqlContactLists(current())
    const commit = (unit: Unit) => outcome(current().commit(unit))
    const addPeople = () =>
      commit([...sqlAccounts(current()).add(account(alice)), ...sqlAccounts(current()).add(account(bob))])
    const create = (listId: string, { user = alice, most = 9 } = {}) =>
      commit(lists().create(user, newList(listId), most))
    const add = (listId: string, contacts: NewContact[], { user = alice, most = 9 } = {}) =>
      commit(lists().addMembers(user, listId, contacts, most, null))
    const names = async (listId: string) => (await lists().members(listId)).map(({ nickName }) => nickName)
    const defaults = async (user = alice) =>
      (await lists().ofUser(user)).filter(({ isDefault }) => isDefault).map(({ listId }) => listId)

    it('belong to one user, are kept as they were said, and come in the order of their making', async () => {
      await addPeople()
      const said = { listId: work, address: 'wv:Alice/Work@Example.com', displayName: 'At work', doNotNotify: true }
      expect(await commit(lists().create(alice, said, 9))).toBe('done')
      expect(await create(friends)).toBe('done')
      expect(await lists().find(alice, work)).toEqual({ ...said, isDefault: true })
      expect((await lists().ofUser(alice)).map(({ listId }) => listId)).toEqual([work, friends])
      expect([await lists().ofUser(bob), await lists().find(bob, work)]).toEqual([[], undefined])
    })

    it('have their members once, in the order they came, with the name given last', async () => {
      await addPeople()
      await create(friends)
      await create(work)
      expect(await add(friends, [contact(carol, 'Carol'), contact(bob), contact(bob, 'Bob')])).toBe('done')
      expect(await lists().members(friends)).toEqual([
        { userId: carol, address: carol, nickName: 'Carol' },
        { userId: bob, address: bob, nickName: 'Bob' },
      ])
      await add(friends, [contact(carol, 'Caroline'), contact(bob)])
      expect(await names(friends)).toEqual(['Caroline', 'Bob'])
      await add(work, [contact(carol)])
      expect(await names(work)).toEqual([carol])
      expect(await commit(lists().removeMembers(alice, friends, [bob, 'wv:stranger'], null))).toBe('done')
      expect(await names(friends)).toEqual(['Caroline'])
    })

    it('are made once, for users there are, and as many as are allowed', async () => {
      await addPeople()
      await create(friends)
      expect(await create(friends, { user: bob })).toBe('ContactListExists')
      expect(await create(work, { user: 'wv:nobody' })).toBe('NoSuchAccount')
      expect(await create(work, { most: 1 })).toBe('TooManyContactLists')
      expect(await create('wv:bob/a@example.com', { user: bob, most: 1 })).toBe('done')
    })

    it('count all members of a user, and take none of those that are too many', async () => {
      await addPeople()
      await create(friends)
      await create(work)
      expect(await add(friends, [contact(bob), contact(carol)], { most: 2 })).toBe('done')
      expect(await add(work, [contact(bob)], { most: 2 })).toBe('TooManyContacts')
      expect(await add(friends, [contact(bob, 'Bob')], { most: 2 })).toBe('done')
      expect([await names(friends), await names(work)]).toEqual([['Bob', carol], []])
    })

    it('cannot be written in the name of somebody else', async () => {
      await addPeople()
      await create(friends)
      expect(await commit(lists().remove(bob, friends, null))).toBe('NoSuchContactList')
      expect(await commit(lists().change(bob, friends, { displayName: 'Mine' }))).toBe('NoSuchContactList')
      expect(await add(friends, [contact(bob)], { user: bob })).toBe('NoSuchContactList')
      expect(await commit(lists().removeMembers(bob, friends, [carol], null))).toBe('NoSuchContactList')
      expect(await lists().find(alice, friends)).toMatchObject({ displayName: '', isDefault: true })
    })

    it('change in what is said, and in nothing else', async () => {
      await addPeople()
      await create(friends)
      await commit(lists().change(alice, friends, { displayName: 'Friends' }))
      await commit(lists().change(alice, friends, { doNotNotify: true }))
      await commit(lists().change(alice, friends, {}))
      const after = { displayName: 'Friends', doNotNotify: true, isDefault: true }
      expect(await lists().find(alice, friends)).toMatchObject(after)
      expect(await commit(lists().change(alice, work, {}))).toBe('NoSuchContactList')
    })

    it('have one default: the first, then whichever was made it, then the oldest that is left', async () => {
      await addPeople()
      for (const listId of [work, friends, chess]) await create(listId)
      expect(await defaults()).toEqual([work])
      await commit(lists().change(alice, work, { isDefault: false }))
      expect(await defaults()).toEqual([work])
      await commit(lists().change(alice, chess, { isDefault: true }))
      expect(await defaults()).toEqual([chess])
      await commit(lists().remove(alice, friends, null))
      expect(await defaults()).toEqual([chess])
      await commit(lists().remove(alice, chess, null))
      expect(await defaults()).toEqual([work])
      await commit(lists().remove(alice, work, null))
      expect(await lists().ofUser(alice)).toEqual([])
    })

    it('have one default also where several are made at a time', async () => {
      await addPeople()
      const ids = Array.from({ length: 8 }, (_, index) => `wv:alice/${index}@example.com`)
      const made = await Promise.all(ids.map(listId => create(listId, { most: 5 })))
      expect(made.filter(name => name === 'done')).toHaveLength(5)
      const rows = await lists().ofUser(alice)
      await Promise.all(rows.map(({ listId }) => commit(lists().change(alice, listId, { isDefault: true }))))
      expect(await defaults()).toHaveLength(1)
    })

    it('take their members with them, and go with their account', async () => {
      await addPeople()
      for (const listId of [friends, work]) {
        await create(listId)
        await add(listId, [contact(bob)])
      }
      expect(await commit(lists().remove(alice, work, null))).toBe('done')
      expect(await commit(lists().remove(alice, work, null))).toBe('NoSuchContactList')
      expect(await lists().members(work)).toEqual([])
      await commit(sqlAccounts(current()).remove(alice))
      expect(await lists().ofUser(alice)).toEqual([])
      expect(await lists().members(friends)).toEqual([])
    })
  })
}
