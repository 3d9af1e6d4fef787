import { describe, expect, it } from 'vitest'
import type { Unit } from '../database.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { sqlClientSettings } from '../sql/client-settings.ts'
import { account, alice, bob, type Current, outcome } from './fixtures.ts'

export const describeClientSettings = (current: Current): void => {
  describe('client settings', () => {
    const settings = () => sqlClientSettings(current())
    const commit = (unit: Unit) => outcome(current().commit(unit))
    const addPeople = () =>
      commit([...sqlAccounts(current()).add(account(alice)), ...sqlAccounts(current()).add(account(bob))])

    it('are those of one client of one user, and the last word counts', async () => {
      await addPeople()
      await commit(settings().setOfflineHandling(alice, 'phone', 'REJECT', 1, 9))
      await commit(settings().setOfflineHandling(alice, 'tablet', 'PRIORITYSTORE', 2, 9))
      expect(await settings().offlineHandling(alice, 'phone')).toBe('REJECT')
      await commit(settings().setOfflineHandling(alice, 'phone', 'PRIORITYREJECT', 3, 9))
      expect(await settings().offlineHandling(alice, 'phone')).toBe('PRIORITYREJECT')
      expect(await settings().offlineHandling(alice, 'tablet')).toBe('PRIORITYSTORE')
      expect(await settings().offlineHandling(bob, 'phone')).toBeUndefined()
    })

    it('are kept of so many clients of a user, the latest', async () => {
      await addPeople()
      await commit(settings().setOfflineHandling(bob, 'phone', 'REJECT', 0, 2))
      for (const [at, client] of ['a', 'b', 'a', 'c'].entries())
        await commit(settings().setOfflineHandling(alice, client, 'REJECT', at, 2))
      expect(await settings().offlineHandling(alice, 'b')).toBeUndefined()
      expect(await settings().offlineHandling(alice, 'a')).toBe('REJECT')
      expect(await settings().offlineHandling(alice, 'c')).toBe('REJECT')
      expect(await settings().offlineHandling(bob, 'phone')).toBe('REJECT')
    })

    it("go with their account, and are nobody else's", async () => {
      await addPeople()
      await commit(settings().setOfflineHandling(alice, 'phone', 'REJECT', 1, 9))
      await commit(sqlAccounts(current()).remove(alice))
      expect(await settings().offlineHandling(alice, 'phone')).toBeUndefined()
      expect(await commit(settings().setOfflineHandling(alice, 'phone', 'REJECT', 1, 9))).toBe('NoSuchAccount')
    })
  })
}
