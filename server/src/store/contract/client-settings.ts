import { describe, expect, it } from 'vitest'
import type { ClientRecord } from '../client-settings.ts'
import type { Unit } from '../database.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { sqlClientSettings } from '../sql/client-settings.ts'
import { account, alice, bob, type Current, outcome } from './fixtures.ts'

const phone: ClientRecord = {
  userId: alice,
  clientKey: 'phone',
  offlineHandling: 'REJECT',
  capabilities: '{"multiTrans":4}',
  offlineBearers: 'WAPPUSH SMS',
  msisdn: '+358401234567',
  usedAt: 1_700_000_000_000,
}

export const describeClientSettings = (current: Current): void => {
  describe('client settings', () => {
    const settings = () => sqlClientSettings(current())
    const commit = (unit: Unit) => outcome(current().commit(unit))
    const remember = (change: Partial<ClientRecord> = {}, most = 9) =>
      commit(settings().remember({ ...phone, ...change }, most))
    const addPeople = () =>
      commit([...sqlAccounts(current()).add(account(alice)), ...sqlAccounts(current()).add(account(bob))])

    it('are those of one client of one user, and the last word counts', async () => {
      await addPeople()
      await remember()
      const tablet = { ...phone, clientKey: 'tablet', offlineHandling: null, capabilities: null }
      await remember(tablet)
      expect(await settings().find(alice, 'phone')).toEqual(phone)
      const changed = { offlineHandling: 'PRIORITYREJECT', capabilities: '{}', offlineBearers: 'SMS', msisdn: '+1' }
      await remember({ ...changed, usedAt: 2 })
      expect(await settings().find(alice, 'phone')).toEqual({ ...phone, ...changed, usedAt: 2 })
      expect(await settings().find(alice, 'tablet')).toEqual(tablet)
      expect(await settings().find(bob, 'phone')).toBeUndefined()
    })

    it('keep the wish for messages of a client that says no other, and forget its capabilities', async () => {
      await addPeople()
      await remember()
      await remember({ offlineHandling: null, capabilities: null })
      expect(await settings().find(alice, 'phone')).toEqual({ ...phone, capabilities: null })
    })

    it('keep a number as long as there are bearers to use it', async () => {
      await addPeople()
      await remember()
      await remember({ msisdn: null, offlineBearers: 'SMS' })
      expect(await settings().find(alice, 'phone')).toMatchObject({ msisdn: phone.msisdn, offlineBearers: 'SMS' })
      await remember({ msisdn: null, offlineBearers: null })
      await remember({ msisdn: null })
      expect(await settings().find(alice, 'phone')).toMatchObject({ msisdn: null, offlineBearers: 'WAPPUSH SMS' })
    })

    it('are kept of so many clients of a user, those used last', async () => {
      await addPeople()
      await remember({ userId: bob, usedAt: 0 }, 2)
      for (const [usedAt, clientKey] of ['a', 'b', 'a', 'c'].entries()) await remember({ clientKey, usedAt }, 2)
      expect(await settings().find(alice, 'b')).toBeUndefined()
      expect(await settings().find(alice, 'a')).toBeDefined()
      expect(await settings().find(alice, 'c')).toBeDefined()
      expect(await settings().find(bob, 'phone')).toBeDefined()
    })

    it('tell who wants notices and has a bearer for them, the client used last first', async () => {
      await addPeople()
      const want = (clientKey: string, usedAt: number, isWanted = true) =>
        commit(settings().setNotices({ userId: alice, clientKey, usedAt }, isWanted, 3))
      const keys = async () => (await settings().toNotify(alice)).map(({ clientKey }) => clientKey)
      await remember({ usedAt: 1 })
      await remember({ clientKey: 'tablet', usedAt: 2, msisdn: null })
      expect(await keys()).toEqual([])
      await want('phone', 1)
      await want('tablet', 2)
      await want('unheard of', 3)
      expect(await settings().toNotify(alice)).toEqual([
        { clientKey: 'tablet', offlineBearers: 'WAPPUSH SMS', msisdn: null },
        { clientKey: 'phone', offlineBearers: 'WAPPUSH SMS', msisdn: phone.msisdn },
      ])
      await remember({ usedAt: 4 })
      expect(await keys()).toEqual(['phone', 'tablet'])
      await want('phone', 5, false)
      await want('nobody', 5, false)
      expect(await keys()).toEqual(['tablet'])
      await remember({ clientKey: 'tablet', offlineBearers: null, usedAt: 6 })
      expect(await keys()).toEqual([])
      await remember({ clientKey: 'tablet', usedAt: 7 })
      await want('fourth', 8)
      expect(await settings().find(alice, 'unheard of')).toBeUndefined()
      expect(await settings().toNotify(bob)).toEqual([])
      expect(await commit(settings().setNotices({ ...phone, userId: 'wv:nobody@example.com' }, true, 3))).toBe(
        'NoSuchAccount',
      )
    })

    it("go with their account, and are nobody else's", async () => {
      await addPeople()
      await remember()
      await commit(sqlAccounts(current()).remove(alice))
      expect(await settings().find(alice, 'phone')).toBeUndefined()
      expect(await remember()).toBe('NoSuchAccount')
    })
  })
}
