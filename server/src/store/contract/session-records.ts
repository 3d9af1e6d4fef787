import { describe, expect, it } from 'vitest'
import type { Unit } from '../database.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { sqlMailboxes } from '../sql/mailboxes.ts'
import { sqlSessionRecords } from '../sql/session-records.ts'
import { account, alice, bob, type Current, item, outcome, session, settled, takenBy } from './fixtures.ts'

export const describeSessions = (current: Current): void => {
  describe('session records', () => {
    const sessions = () => sqlSessionRecords(current())
    const commit = (unit: Unit) => outcome(current().commit(unit))
    const addPeople = () =>
      commit([...sqlAccounts(current()).add(account(alice)), ...sqlAccounts(current()).add(account(bob))])

    it('come back as they were opened', async () => {
      await addPeople()
      const record = session('s1', { applicationId: 'app', keepAliveSeconds: null })
      expect(await commit(sessions().open(record, 8))).toBe('done')
      expect(await sessions().find('s1')).toEqual(record)
      expect(await sessions().find('s2')).toBeUndefined()
      expect(await commit(sessions().open(session('s2', { userId: 'wv:nobody' }), 8))).toBe('NoSuchAccount')
    })

    it('are open at most once per user and client', async () => {
      await addPeople()
      const logins = Array.from({ length: 16 }, (_, index) =>
        current().commit(sessions().open(session(`s${index}`), 8)),
      )
      expect(await settled(logins)).toEqual({ done: 1, ClientIdInUse: 15 })
      expect(await commit(sessions().open(session('other', { clientKey: 'tablet' }), 8))).toBe('done')
      expect(await commit(sessions().open(session('bobs', { userId: bob }), 8))).toBe('done')
      expect(await commit(sessions().open(session('third', { clientKey: 'watch' }), 2))).toBe('TooManySessions')
      const old = (await sessions().ofUser(alice)).find(({ clientKey }) => clientKey === 'phone')
      const replace = [...sessions().end(old!.idDigest, 2000, 200), ...sessions().open(session('new'), 8)]
      expect(await commit(replace)).toBe('done')
      expect((await sessions().ofUser(alice)).map(({ idDigest }) => idDigest).sort()).toEqual(['new', 'other'])
    })

    it('are listed in pages while they are open', async () => {
      await addPeople()
      for (const id of ['a', 'b', 'c', 'd']) await commit(sessions().open(session(id, { clientKey: id }), 8))
      await commit(sessions().end('b', 2000, 600))
      const first = await sessions().allOpen('', 2)
      const second = await sessions().allOpen('c', 2)
      expect([...first, ...second].map(({ idDigest }) => idDigest)).toEqual(['a', 'c', 'd'])
    })

    it('keep what was agreed, last activity and how they ended', async () => {
      await addPeople()
      await commit(sessions().open(session('s1'), 8))
      const terms = { keepAliveSeconds: 90, addressForm: 'local', agreement: '{"udp":true}' } as const
      expect(await commit(sessions().agree('s1', terms))).toBe('done')
      const activity = (lastActivityAt: number) => ({ idDigest: 's1', lastActivityAt })
      await commit(sessions().touch([activity(3000), { idDigest: 'gone', lastActivityAt: 1 }]))
      await commit(sessions().touch([activity(2000)]))
      expect(await sessions().find('s1')).toEqual(session('s1', { ...terms, lastActivityAt: 3000 }))
      expect(await commit(sessions().end('s1', 4000, 600))).toBe('done')
      expect(await sessions().find('s1')).toMatchObject({ endedAt: 4000, endReason: 600 })
      expect(await commit(sessions().end('s1', 5000, 200))).toBe('NoSuchSession')
      expect(await commit(sessions().agree('s1', terms))).toBe('NoSuchSession')
    })

    it('belong to one node at a time: a claim makes the former holder fail', async () => {
      await addPeople()
      await commit(sessions().open(session('s1'), 8))
      const held = (epoch: number) => [
        ...sessions().hold('s1', epoch),
        ...sqlMailboxes(current()).append([item('m')], 9),
      ]
      const claims = Array.from({ length: 8 }, (_, index) =>
        current().commit(sessions().claim('s1', 1, takenBy(`n${index}`))),
      )
      expect(await settled(claims)).toEqual({ done: 1, SessionClaimed: 7 })
      expect(await sessions().find('s1')).toMatchObject({ claimEpoch: 2 })
      expect(await commit(held(1))).toBe('SessionClaimed')
      expect(await sqlMailboxes(current()).count(bob, 'message')).toBe(0)
      expect(await commit(held(2))).toBe('done')
      await commit(sessions().end('s1', 2000, 200))
      expect(await commit(sessions().hold('s1', 2))).toBe('SessionClaimed')
      expect(await commit(sessions().claim('s1', 2, takenBy('n9')))).toBe('SessionClaimed')
    })

    it('are taken up again whole, open or ended, by one of many', async () => {
      await addPeople()
      await commit(sessions().open(session('s1'), 8))
      const again = (epoch: number) =>
        session('s1', { claimEpoch: epoch + 1, cookie: `c${epoch}`, agreement: '{"again":1}' })
      expect(await commit(sessions().open(again(1), 1, 1))).toBe('done')
      await commit(sessions().end('s1', 2000, 200))
      const attempts = Array.from({ length: 8 }, () => current().commit(sessions().open(again(2), 8, 2)))
      expect(await settled(attempts)).toEqual({ done: 1, SessionClaimed: 7 })
      expect(await sessions().find('s1')).toEqual(again(2))
      await commit(sessions().end('s1', 3000, 200))
      await commit(sessions().open(session('s2'), 8))
      expect(await commit(sessions().open(again(3), 8, 3))).toBe('ClientIdInUse')
      expect(await commit(sessions().open(again(3), 1, 3))).toBe('TooManySessions')
      expect(await sessions().find('s1')).toMatchObject({ endedAt: 3000, claimEpoch: 3 })
      expect(await commit(sessions().open(session('never'), 8, 1))).toBe('SessionClaimed')
    })

    it('leave nothing behind of units that lost the race against a claim', async () => {
      await addPeople()
      await commit(sessions().open(session('s1'), 8))
      const writes = Array.from({ length: 30 }, (_, index) =>
        current().commit(
          [...sessions().hold('s1', 1), ...sqlMailboxes(current()).append([item(`m${index}`)], 99)],
          `lane ${index}`,
        ),
      )
      const claim = current().commit(sessions().claim('s1', 1, takenBy('n2')), 'lane of another node')
      const { done = 0 } = await settled(writes)
      await claim
      expect(await sqlMailboxes(current()).count(bob, 'message')).toBe(done)
    })

    it('are forgotten some time after they ended', async () => {
      await addPeople()
      for (const id of ['a', 'b', 'c']) await commit(sessions().open(session(id, { clientKey: id }), 8))
      await commit([...sessions().end('a', 2000, 200), ...sessions().end('b', 3000, 200)])
      await commit(sessions().purgeEnded(3000))
      const left = await Promise.all(['a', 'b', 'c'].map(id => sessions().find(id)))
      expect(left.map(record => record?.idDigest)).toEqual([undefined, 'b', 'c'])
    })
  })
}
