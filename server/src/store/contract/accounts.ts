import { describe, expect, it } from 'vitest'
import type { Unit } from '../database.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { sqlMailboxes } from '../sql/mailboxes.ts'
import { sqlSessionRecords } from '../sql/session-records.ts'
import { account, alice, bob, bytes, type Current, item, outcome, session } from './fixtures.ts'

export const describeAccounts = (current: Current): void => {
  describe('accounts', () => {
    const accounts = () => sqlAccounts(current())
    const commit = (unit: Unit) => outcome(current().commit(unit))

    it('come back as they were added', async () => {
      const sealed = account(alice, {
        address: 'wv:Alice@Example.com',
        credential: { mode: 'sealed', secret: bytes(0, 128, 255), keyId: 'k1', version: 7 },
      })
      await commit(accounts().add(sealed))
      expect(await accounts().find(alice)).toEqual(sealed)
      expect((await accounts().find(alice))?.credential.secret).toBeInstanceOf(Uint8Array)
      expect(await accounts().find(bob)).toBeUndefined()
      expect(await commit(accounts().add(sealed))).toBe('AccountExists')
    })

    it('are added up to a number of all', async () => {
      expect(await commit(accounts().addWithin(account(alice), 1))).toBe('done')
      expect(await accounts().find(alice)).toEqual(account(alice))
      expect(await commit(accounts().addWithin(account(bob), 1))).toBe('TooManyAccounts')
      expect(await accounts().find(bob)).toBeUndefined()
      expect(await commit(accounts().addWithin(account(alice), 2))).toBe('AccountExists')
    })

    it('are listed in pages, sorted by code point', async () => {
      for (const userId of ['wv:b', 'wv:B', 'wv:ä', 'wv:a', '+358']) await commit(accounts().add(account(userId)))
      const first = await accounts().list('', 3)
      const second = await accounts().list(first.at(-1)!.userId, 3)
      expect([...first, ...second].map(({ userId }) => userId)).toEqual(['+358', 'wv:B', 'wv:a', 'wv:b', 'wv:ä'])
    })

    it('change their credential and count the sealed ones', async () => {
      await commit(accounts().add(account(alice)))
      await commit(accounts().add(account(bob)))
      expect(await accounts().countSealed()).toBe(0)
      const credential = { mode: 'sealed', secret: bytes(9), keyId: 'k2', version: 2 } as const
      expect(await commit(accounts().setCredential(alice, credential))).toBe('done')
      expect((await accounts().find(alice))?.credential).toEqual(credential)
      expect(await accounts().countSealed()).toBe(1)
      expect(await commit(accounts().setCredential('wv:nobody', credential))).toBe('NoSuchAccount')
    })

    it('take their sessions and their mailbox with them', async () => {
      const sessions = sqlSessionRecords(current())
      const mailboxes = sqlMailboxes(current())
      await commit([...accounts().add(account(alice)), ...accounts().add(account(bob))])
      await commit([...sessions.open(session('s1'), 8), ...sessions.open(session('s2', { userId: bob }), 8)])
      await commit(mailboxes.append([item('m1'), item('m2', { recipient: alice })], 10))
      expect(await commit(accounts().remove(bob))).toBe('done')
      expect(await accounts().find(bob)).toBeUndefined()
      expect(await sessions.find('s2')).toBeUndefined()
      expect(await sessions.find('s1')).toBeDefined()
      expect([await mailboxes.count(bob, 'message'), await mailboxes.count(alice, 'message')]).toEqual([0, 1])
      expect(await commit(accounts().remove(bob))).toBe('NoSuchAccount')
    })
  })
}
