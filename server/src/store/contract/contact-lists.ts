import { describe, expect, it } from 'vitest'
import type { Unit } from '../database.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { sqlContactLists } from '../sql/contact-lists.ts'
import { account, alice, bob, type Current, outcome } from './fixtures.ts'

const friends = 'wv:alice/friends@example.com'
const work = 'wv:alice/work@example.com'

export const describeContactLists = (current: Current): void => {
  describe('contact lists', () => {
    const lists = () => sqlContactLists(current())
    const commit = (unit: Unit) => outcome(current().commit(unit))
    const addPeople = () =>
      commit([...sqlAccounts(current()).add(account(alice)), ...sqlAccounts(current()).add(account(bob))])

    it('belong to one user and have their members once', async () => {
      await addPeople()
      expect(await commit([...lists().create(work, alice), ...lists().create(friends, alice)])).toBe('done')
      expect(await lists().ofUser(alice)).toEqual([friends, work])
      expect(await lists().ofUser(bob)).toEqual([])
      expect(await commit(lists().addMembers(friends, [bob, 'wv:x@elsewhere.org', bob]))).toBe('done')
      expect(await lists().members(friends)).toEqual([bob, 'wv:x@elsewhere.org'])
      expect(await lists().members(work)).toEqual([])
      await commit(lists().removeMembers(friends, [bob, 'wv:stranger']))
      expect(await lists().members(friends)).toEqual(['wv:x@elsewhere.org'])
    })

    it('are made once, for users there are', async () => {
      await addPeople()
      await commit(lists().create(friends, alice))
      expect(await commit(lists().create(friends, bob))).toBe('ContactListExists')
      expect(await commit(lists().create(work, 'wv:nobody'))).toBe('NoSuchAccount')
      expect([await lists().exists(friends), await lists().exists(work)]).toEqual([true, false])
      expect(await commit(lists().addMembers(work, [bob]))).toBe('NoSuchContactList')
    })

    it('take their members with them, and go with their account', async () => {
      await addPeople()
      for (const listId of [friends, work])
        await commit([...lists().create(listId, alice), ...lists().addMembers(listId, [bob])])
      expect(await commit(lists().remove(work))).toBe('done')
      expect(await commit(lists().remove(work))).toBe('NoSuchContactList')
      expect(await lists().members(work)).toEqual([])
      await commit(sqlAccounts(current()).remove(alice))
      expect(await lists().exists(friends)).toBe(false)
      expect(await lists().members(friends)).toEqual([])
    })
  })
}
