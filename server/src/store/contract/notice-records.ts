import { describe, expect, it } from 'vitest'
import type { Unit } from '../database.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { sqlNoticeRecords } from '../sql/notice-records.ts'
import { sqlSessionRecords } from '../sql/session-records.ts'
import { account, alice, bob, type Current, outcome, session } from './fixtures.ts'

export const describeNotices = (current: Current): void => {
  describe('notice records', () => {
    const notices = () => sqlNoticeRecords(current())
    const commit = (unit: Unit) => outcome(current().commit(unit))
    const addAlice = () => commit(sqlAccounts(current()).add(account(alice)))

    it('let one of those succeed that go by the same record', async () => {
      await addAlice()
      expect(await commit(notices().note(alice, undefined, 10))).toBe('done')
      expect(await commit(notices().note(alice, undefined, 11))).toBe('NoNotice')
      const first = await notices().find(alice)
      expect(first).toEqual({ lastAt: 10, count: 1 })
      expect(await commit(notices().note(alice, first, 20))).toBe('done')
      expect(await commit(notices().note(alice, first, 21))).toBe('NoNotice')
      expect(await notices().find(alice)).toEqual({ lastAt: 20, count: 2 })
    })

    it('are not made of users who are logged in at that moment', async () => {
      await addAlice()
      await commit(sqlSessionRecords(current()).open(session('d1'), 8))
      expect(await commit(notices().note(alice, undefined, 10))).toBe('NoNotice')
      await commit(sqlSessionRecords(current()).end('d1', 11, 200))
      expect(await commit(notices().note(alice, undefined, 12))).toBe('done')
    })

    it('are again what they were when a notice is taken back, unless there was a login since', async () => {
      await addAlice()
      await commit(notices().note(alice, undefined, 10))
      await commit(notices().takeBack(alice, undefined, 10))
      expect(await notices().find(alice)).toBeUndefined()
      await commit(notices().note(alice, undefined, 20))
      const before = await notices().find(alice)
      await commit(notices().note(alice, before, 30))
      await commit(notices().takeBack(alice, before, 29))
      expect(await notices().find(alice)).toEqual({ lastAt: 30, count: 2 })
      await commit(notices().takeBack(alice, before, 30))
      expect(await notices().find(alice)).toEqual(before)
      await commit(notices().forget(alice))
      await commit(notices().takeBack(alice, before, 20))
      expect(await notices().find(alice)).toBeUndefined()
    })

    it('go with their account', async () => {
      await addAlice()
      await commit(notices().note(alice, undefined, 10))
      await commit(sqlAccounts(current()).remove(alice))
      expect(await notices().find(alice)).toBeUndefined()
      expect(await commit(notices().note(bob, undefined, 10))).toBe('NoSuchAccount')
    })
  })
}
