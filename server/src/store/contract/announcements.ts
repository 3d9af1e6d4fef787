import { describe, expect, it } from 'vitest'
import { cannotShow } from '../announcements.ts'
import type { Unit } from '../database.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { sqlAnnouncements } from '../sql/announcements.ts'
import { sqlMailboxes } from '../sql/mailboxes.ts'
import { account, alice, bob, type Current, item, outcome } from './fixtures.ts'

export const describeAnnouncements = (current: Current): void => {
  describe('announcements', () => {
    const announcements = () => sqlAnnouncements(current())
    const mailboxes = () => sqlMailboxes(current())
    const commit = (unit: Unit) => outcome(current().commit(unit))
    const addPeople = () =>
      commit([...sqlAccounts(current()).add(account(alice)), ...sqlAccounts(current()).add(account(bob))])
    const words = { text: 'Tea?', requiresResponse: true, options: ['Yes', 'No'] }
    const add = (id: string, change = {}, most = 9) =>
      commit(announcements().add({ id, ...words, sentAt: 10, expiresAt: 50, forgetAt: 90, ...change }, most))
    const answer = (id: string, userId: string, choice: number | null = 1) =>
      commit(announcements().answer(id, { userId, choice, answeredAt: 20 }))
    const listed = async (now = 30) => (await announcements().list(undefined, 9, now)).map(({ id }) => id)

    it('keep that a client could not show one until it is answered, and not after', async () => {
      await addPeople()
      await add('a')
      await answer('a', alice, cannotShow)
      expect((await announcements().list(undefined, 9, 30))[0]).toMatchObject({ id: 'a', answered: 0 })
      expect(await announcements().tally('a')).toEqual([{ choice: cannotShow, count: 1 }])
      await answer('a', alice, 2)
      await answer('a', alice, cannotShow)
      expect(await announcements().answers('a', '', 9)).toMatchObject([{ userId: alice, choice: 2 }])
      expect((await announcements().list(undefined, 9, 30))[0]).toMatchObject({ answered: 1 })
    })

    it('are listed from the latest, page by page, with how many got and answered them', async () => {
      await addPeople()
      for (const id of ['a', 'b', 'c']) await add(id)
      await commit(announcements().reach('b', 2))
      await commit(announcements().reach('b', 3))
      await answer('b', alice)
      await answer('b', bob)
      const [latest, second] = await announcements().list(undefined, 2, 30)
      expect([latest?.id, second?.id]).toEqual(['c', 'b'])
      expect(second).toEqual({
        ...{ sequence: second!.sequence, id: 'b', ...words, sentAt: 10, expiresAt: 50 },
        ...{ recipients: 5, answered: 2 },
      })
      expect((await announcements().list(second!.sequence, 2, 30)).map(({ id }) => id)).toEqual(['a'])
      expect(await announcements().find('b', 30)).toEqual(second)
      expect(await announcements().find('nothing', 30)).toBeUndefined()
    })

    it('tell who answered what, and how often', async () => {
      await addPeople()
      await add('a')
      await add('b')
      await answer('a', bob, 2)
      await answer('a', alice, null)
      await answer('b', alice, 1)
      const first = { userId: alice, choice: null, answeredAt: 20 }
      const second = { userId: bob, choice: 2, answeredAt: 20 }
      expect(await announcements().answers('a', '', 9)).toEqual([first, second])
      expect(await announcements().answers('a', '', 1)).toEqual([first])
      expect(await announcements().answers('a', alice, 9)).toEqual([second])
      expect(await announcements().tally('a')).toEqual(
        expect.arrayContaining([
          { choice: null, count: 1 },
          { choice: 2, count: 1 },
        ]),
      )
    })

    it('have an answer exactly if it settled its mail, and none from nobody', async () => {
      await addPeople()
      await add('a')
      await commit(mailboxes().append([item('a', { kind: 'system' })], 9))
      const both = () =>
        commit([
          ...mailboxes().settle(bob, 'a', 20),
          ...announcements().answer('a', { userId: bob, choice: 1, answeredAt: 20 }),
        ])
      expect(await both()).toBe('done')
      expect(await both()).toBe('NoSuchMessage')
      expect(await announcements().answers('a', '', 9)).toHaveLength(1)
      expect(await answer('unknown', bob)).toBe('done')
      expect(await announcements().answers('unknown', '', 9)).toEqual([])
    })

    it('are forgotten when it is time, the answers first', async () => {
      await addPeople()
      await add('a')
      await add('b', { forgetAt: 200 })
      for (const id of ['a', 'b']) for (const userId of [alice, bob]) await answer(id, userId)
      expect(await listed(89)).toEqual(['b', 'a'])
      expect(await listed(90)).toEqual(['b'])
      expect(await announcements().find('a', 90)).toBeUndefined()
      const left = async () => (await announcements().answers('a', '', 9)).length
      await commit(announcements().purge(90, 1))
      expect(await left()).toBe(1)
      expect(await listed(0)).toEqual(['b', 'a'])
      await commit(announcements().purge(90, 1))
      expect(await left()).toBe(0)
      expect(await listed(0)).toEqual(['b'])
      expect(await announcements().answers('b', '', 9)).toHaveLength(2)
    })

    it('are kept in a certain number, the latest', async () => {
      for (const id of ['a', 'b', 'c']) await add(id, {}, 2)
      expect(await listed()).toEqual(['c', 'b'])
      await commit(announcements().purge(30, 9))
      expect(await listed(0)).toEqual(['c', 'b'])
    })

    it('lose the answers of an account that is removed', async () => {
      await addPeople()
      await add('a')
      await answer('a', alice)
      await answer('a', bob)
      await commit(sqlAccounts(current()).remove(alice))
      expect((await announcements().answers('a', '', 9)).map(({ userId }) => userId)).toEqual([bob])
    })
  })
}
