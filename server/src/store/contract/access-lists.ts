import { describe, expect, it } from 'vitest'
import { type AccessEntry, type ListChange, untouched } from '../access-lists.ts'
import type { Unit } from '../database.ts'
import { sqlAccessLists } from '../sql/access-lists.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { account, alice, bob, type Current, outcome, settled } from './fixtures.ts'

const user = (name: string): AccessEntry => ({ kind: 'user', key: `wv:${name}`, name: `wv:${name}`, groupId: null })
const screenName: AccessEntry = { kind: 'screenName', key: 'wv:/chat knight', name: 'Knight', groupId: 'wv:/Chat' }
const change = (some: Partial<ListChange>): ListChange => ({ remove: [], add: [], most: 10, ...some })

export const describeAccessLists = (current: Current): void => {
  describe('access lists', () => {
    const lists = () => sqlAccessLists(current())
    const commit = (unit: Unit) => outcome(current().commit(unit))
    const block = (some: Partial<ListChange>) => commit(lists().change(alice, { block: change(some) }))
    const blocked = async () => (await lists().find(alice)).block.entries.map(({ key }) => key)
    const addPeople = () =>
      commit([...sqlAccounts(current()).add(account(alice)), ...sqlAccounts(current()).add(account(bob))])

    it('come back as they were added, and keep apart what belongs to different users', async () => {
      await addPeople()
      expect(await lists().find(alice)).toEqual(untouched)
      const add = [user('x'), screenName, { ...user('x'), kind: 'group' } as const]
      expect(await block({ add })).toBe('done')
      expect(await lists().find(alice)).toEqual({
        block: { isInUse: true, entries: [{ ...user('x'), kind: 'group' }, screenName, user('x')] },
        grant: { isInUse: false, entries: [] },
      })
      expect(await lists().find(bob)).toEqual(untouched)
      expect(await commit(lists().change('wv:nobody', { block: change({ add }) }))).toBe('NoSuchAccount')
    })

    it('stay while they are not in use, and change nothing that is not named', async () => {
      await addPeople()
      await commit(lists().change(alice, { block: change({ add: [user('x')], isInUse: false }) }))
      await commit(lists().change(alice, { grant: change({ add: [user('y')], isInUse: true }) }))
      expect(await lists().find(alice)).toEqual({
        block: { isInUse: false, entries: [user('x')] },
        grant: { isInUse: true, entries: [user('y')] },
      })
      await commit(lists().change(alice, { block: change({ isInUse: true }), grant: change({ isInUse: false }) }))
      expect(await lists().find(alice)).toMatchObject({ block: { isInUse: true }, grant: { isInUse: false } })
    })

    it('take what is removed before they take what is added', async () => {
      await addPeople()
      await block({ add: [user('x'), user('y')], most: 2 })
      expect(await block({ remove: [user('x'), user('stranger')], add: [user('y'), user('z')], most: 2 })).toBe('done')
      expect(await blocked()).toEqual(['wv:y', 'wv:z'])
      expect(await block({ remove: [{ ...user('y'), kind: 'group' }] })).toBe('done')
      expect(await blocked()).toEqual(['wv:y', 'wv:z'])
    })

    it('are full at their limit, and then take nothing of a unit', async () => {
      await addPeople()
      expect(await block({ add: [user('x'), user('x'), user('y')], most: 2 })).toBe('done')
      expect(await block({ add: [user('z')], remove: [user('stranger')], isInUse: false, most: 2 })).toBe(
        'BlockListFull',
      )
      expect(await lists().find(alice)).toMatchObject({ block: { isInUse: true } })
      expect(await blocked()).toEqual(['wv:x', 'wv:y'])
      const grant = change({ add: [user('z')], most: 0 })
      expect(await commit(lists().change(alice, { grant }))).toBe('GrantListFull')
      expect(await block({ remove: [user('x')], most: 0 })).toBe('done')
    })

    it('keep their limit when many add at once', async () => {
      await addPeople()
      const units = Array.from({ length: 12 }, (_, index) =>
        current().commit(
          lists().change(alice, { block: change({ add: [user(`x${index}`)], most: 5 }) }),
          `lane ${index}`,
        ),
      )
      expect(await settled(units)).toEqual({ done: 5, BlockListFull: 7 })
      expect(await blocked()).toHaveLength(5)
    })

    it('go with their account', async () => {
      await addPeople()
      await block({ add: [user('x')] })
      await commit(sqlAccounts(current()).remove(alice))
      await commit(sqlAccounts(current()).add(account(alice)))
      expect(await lists().find(alice)).toEqual(untouched)
      await block({})
      expect(await blocked()).toEqual([])
    })
  })
}
