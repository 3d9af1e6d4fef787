import { describe, expect, it } from 'vitest'
import { newList } from '../../testing/contacts.ts'
import type { AttributeList, ListTarget } from '../attribute-lists.ts'
import type { Unit } from '../database.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { sqlAttributeLists } from '../sql/attribute-lists.ts'
import { sqlContactLists } from '../sql/contact-lists.ts'
import { account, alice, bob, type Current, outcome, settled } from './fixtures.ts'

const friends = 'wv:alice/friends@example.com'
const work = 'wv:alice/work@example.com'
const toAll: ListTarget = { kind: 'default', subject: '', name: '', notify: undefined }
const toUser = (key: string, notify?: boolean): ListTarget => ({ kind: 'user', subject: key, name: key, notify })
const toList = (key: string, notify?: boolean): ListTarget => ({ kind: 'contactList', subject: key, name: key, notify })

export const describeAttributeLists = (current: Current): void => {
  describe('attribute lists', () => {
    const lists = () => sqlAttributeLists(current())
    const commit = (unit: Unit) => outcome(current().commit(unit))
    const open = () =>
      commit([
        ...sqlAccounts(current()).add(account(alice)),
        ...sqlAccounts(current()).add(account(bob)),
        ...sqlContactLists(current()).create(alice, newList(friends), 9),
        ...sqlContactLists(current()).create(alice, newList(work), 9),
      ])
    const assign = (targets: ListTarget[], attributes: string, most = 9) =>
      commit(lists().assign(alice, targets, attributes, most))
    const add = (listId: string, attribute: string, most = 9) =>
      commit(lists().addAttribute(alice, { listId, name: listId }, attribute, most))
    const attributesOf = async () =>
      Object.fromEntries((await lists().of(alice)).map(({ subject, attributes }) => [subject, attributes]))

    it('are one for each subject, and the last word counts, the spelling aside', async () => {
      await open()
      const carol = { ...toUser('wv:carol', true), name: 'wv:Carol' }
      expect(await assign([toAll, carol, toList(friends, false)], 'OnlineStatus StatusText')).toBe('done')
      await assign([toUser('wv:carol'), toList(friends, true)], '')
      const expected: AttributeList[] = [
        { ...toList(friends, true), attributes: '' },
        { ...toAll, attributes: 'OnlineStatus StatusText' },
        { ...carol, attributes: '' },
      ]
      expect(await lists().of(alice)).toEqual(expected)
      expect(await lists().of(bob)).toEqual([])
    })

    it('leave their flag behind where there was one', async () => {
      await open()
      await assign([toUser('wv:carol', false), toUser('wv:dave'), toAll], 'Alias')
      const cleared = [toUser('wv:carol'), toUser('wv:dave'), toUser('wv:stranger')]
      expect(await commit(lists().clear(alice, cleared))).toBe('done')
      expect(await lists().of(alice)).toEqual([
        { ...toAll, attributes: 'Alias' },
        { ...toUser('wv:carol', false), attributes: null },
      ])
      await assign([toUser('wv:carol')], 'Alias')
      expect(await lists().of(alice)).toContainEqual({ ...toUser('wv:carol', false), attributes: 'Alias' })
    })

    it('are as many as are allowed, and then nothing of a unit is taken', async () => {
      await open()
      expect(await assign([toAll, toUser('wv:carol')], 'Alias', 2)).toBe('done')
      expect(await assign([toAll, toList(friends)], '', 2)).toBe('TooManyAttributeLists')
      expect(await add(friends, 'Alias', 2)).toBe('TooManyAttributeLists')
      expect(await attributesOf()).toEqual({ '': 'Alias', 'wv:carol': 'Alias' })
      await commit(lists().clear(alice, [toAll]))
      expect(await add(friends, 'Alias', 2)).toBe('done')
    })

    it('leave only so many flags, those assigned last and that of the default', async () => {
      await open()
      const named = ['d', 'c', 'b', 'd', 'a'].map(name => toUser(`wv:${name}`, true))
      for (const target of [{ ...toAll, notify: true }, ...named]) {
        await assign([target], 'Alias', 2)
        await commit(lists().clear(alice, [target]))
      }
      await assign([toList(friends)], 'Alias', 2)
      expect(await attributesOf()).toEqual({ [friends]: 'Alias', '': null, 'wv:a': null, 'wv:d': null })
    })

    it('keep their limit when many are made at once', async () => {
      await open()
      const units = Array.from({ length: 12 }, (_, index) =>
        current().commit(lists().assign(alice, [toUser(`wv:${index}`)], '', 5), `lane ${index}`),
      )
      expect(await settled(units)).toEqual({ done: 5, TooManyAttributeLists: 7 })
    })

    it('get one attribute more, once, by its whole name', async () => {
      await open()
      for (const attribute of ['OnlineStatus', 'StatusText', 'Status', 'OnlineStatus', 'Status'])
        expect(await add(friends, attribute)).toBe('done')
      await assign([toList(work, true)], '')
      await add(work, 'Alias')
      expect(await attributesOf()).toEqual({ [friends]: 'OnlineStatus StatusText Status', [work]: 'Alias' })
      await commit(lists().clear(alice, [toList(work)]))
      await add(work, 'TimeZone')
      expect(await lists().of(alice)).toContainEqual({ ...toList(work, true), attributes: 'TimeZone' })
    })

    it('are for contact lists of the user only', async () => {
      await open()
      expect(await commit(lists().assign(bob, [toList(friends)], 'Alias', 9))).toBe('NoSuchContactList')
      expect(await assign([toAll, toList('wv:alice/none')], 'Alias')).toBe('NoSuchContactList')
      expect(await add('wv:alice/none', 'Alias')).toBe('NoSuchContactList')
      expect(await commit(lists().assign('wv:nobody', [toAll], '', 9))).toBe('NoSuchAccount')
      expect(await attributesOf()).toEqual({})
    })

    it('go with their contact list, and with their account', async () => {
      await open()
      await assign([toAll, toUser(friends), toList(friends, true), toList(work, true)], 'Alias')
      await commit(lists().clear(alice, [toList(work)]))
      await commit([friends, work].flatMap(listId => sqlContactLists(current()).remove(alice, listId, null)))
      expect(await lists().of(alice)).toHaveLength(2)
      await commit([...sqlAccounts(current()).remove(alice), ...sqlAccounts(current()).add(account(alice))])
      expect(await lists().of(alice)).toEqual([])
    })
  })
}
