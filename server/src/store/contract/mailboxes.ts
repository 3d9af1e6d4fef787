import { describe, expect, it } from 'vitest'
import type { Unit } from '../database.ts'
import { REPEAT_MILLISECONDS } from '../mailboxes.ts'
import { recollect } from '../migrate.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { sqlMailboxes } from '../sql/mailboxes.ts'
import { account, alice, bob, type Current, item, outcome, settled } from './fixtures.ts'

export const describeMailboxes = (current: Current): void => {
  describe('mailboxes', () => {
    const mailboxes = () => sqlMailboxes(current())
    const commit = (unit: Unit) => outcome(current().commit(unit))
    const addPeople = () =>
      commit([...sqlAccounts(current()).add(account(alice)), ...sqlAccounts(current()).add(account(bob))])
    const ids = (items: readonly { messageId: string }[]) => items.map(({ messageId }) => messageId)

    it('give back what was put in, in order and in pages', async () => {
      await addPeople()
      const full = item('m1', { origin: 'o1', reportTo: alice })
      await commit(mailboxes().append([full, item('m2', { content: null, kind: 'notice' })], 10))
      await commit(mailboxes().append([item('m3')], 10))
      const all = await mailboxes().waiting(bob, 0, 10, 2000)
      expect(ids(all)).toEqual(['m1', 'm2', 'm3'])
      expect(all[0]).toEqual({ ...full, sequence: expect.any(Number), givenTo: null })
      expect(all[0]?.content).toBeInstanceOf(Uint8Array)
      expect(all[1]).toMatchObject({ content: null, kind: 'notice', origin: null })
      expect(ids(await mailboxes().waiting(bob, all[0]!.sequence, 1, 2000))).toEqual(['m2'])
      expect(await mailboxes().find(bob, 'm1')).toEqual(all[0])
      expect(await mailboxes().find(alice, 'm1')).toBeUndefined()
      expect(await mailboxes().waiting(alice, 0, 10, 2000)).toEqual([])
    })

    it('tell what waits of one kind', async () => {
      await addPeople()
      const kinds = ['message', 'system', 'report', 'system', 'system'] as const
      await commit(
        mailboxes().append(
          kinds.map((kind, index) => item(`m${index}`, { kind })),
          10,
        ),
      )
      await commit(mailboxes().settle(bob, 'm3', 2000))
      const { expiresAt } = item('m0')
      expect(ids(await mailboxes().ofKind(bob, 'system', 10, 2000))).toEqual(['m1', 'm4'])
      expect(ids(await mailboxes().ofKind(bob, 'system', 1, 2000))).toEqual(['m1'])
      expect(await mailboxes().ofKind(bob, 'system', 10, expiresAt)).toEqual([])
      expect(await mailboxes().ofKind(alice, 'system', 10, 2000)).toEqual([])
    })

    it('are for accounts only and hold so many items', async () => {
      await addPeople()
      expect(await commit(mailboxes().append([item('m1'), item('m2')], 3))).toBe('done')
      const both = mailboxes().append([item('m3'), item('m4')], 3)
      await expect(current().commit(both)).rejects.toMatchObject({ conflict: 'QueueFull', subject: bob })
      expect(await mailboxes().count(bob, 'message')).toBe(2)
      expect(await commit(mailboxes().append([item('m5')], 3))).toBe('done')
      expect(await commit(mailboxes().append([item('m6')], 3))).toBe('QueueFull')
      expect(await commit(mailboxes().append([item('r1', { kind: 'report' })], 3))).toBe('done')
      expect(await commit(mailboxes().settle(bob, 'm1', 2000))).toBe('done')
      expect(await commit(mailboxes().append([item('m6')], 3))).toBe('done')
      const nobody = mailboxes().append([item('m7', { recipient: alice }), item('m8', { recipient: 'wv:nobody' })], 3)
      await expect(current().commit(nobody)).rejects.toMatchObject({ conflict: 'NoSuchAccount', subject: 'wv:nobody' })
      expect(await mailboxes().count(alice, 'message')).toBe(0)
    })

    it('take one transaction once, however often it is repeated at once', async () => {
      await addPeople()
      const sends = Array.from({ length: 32 }, (_, index) =>
        current().commit(mailboxes().append([item(`m${index}`, { origin: 'o1' })], 99), `lane ${index}`),
      )
      expect(await settled(sends)).toEqual({ done: 1, AlreadySent: 31 })
      const [stored] = await mailboxes().waiting(bob, 0, 9, 2000)
      const sent = { recipient: bob, acceptedAt: 1000 }
      expect(await mailboxes().byOrigin('o1')).toEqual([{ ...sent, messageId: stored?.messageId }])
      const toAlice = item('n1', { origin: 'o1', recipient: alice })
      expect(await commit(mailboxes().append([toAlice], 99))).toBe('done')
      expect(await mailboxes().byOrigin('o1')).toHaveLength(2)
    })

    it('remember what was sent and what was settled, without its content, for ten minutes', async () => {
      await addPeople()
      await commit(mailboxes().append([item('m1', { origin: 'o1' })], 10))
      const settles = Array.from({ length: 8 }, (_, index) =>
        current().commit(mailboxes().settle(bob, 'm1', 3000), `lane ${index}`),
      )
      expect(await settled(settles)).toEqual({ done: 1, NoSuchMessage: 7 })
      expect(await mailboxes().find(bob, 'm1')).toBeUndefined()
      expect(await mailboxes().waiting(bob, 0, 10, 2000)).toEqual([])
      expect(await mailboxes().byOrigin('o1')).toEqual([{ messageId: 'm1', recipient: bob, acceptedAt: 1000 }])
      expect(await commit(mailboxes().append([item('m2', { origin: 'o1' })], 10))).toBe('AlreadySent')
      const forget = async (now: number) => {
        const isThere = await mailboxes().hasForgettable(now)
        await commit(mailboxes().forget(now, 10))
        return isThere
      }
      expect(await forget(1000 + REPEAT_MILLISECONDS - 1)).toBe(false)
      expect(await mailboxes().byOrigin('o1')).toHaveLength(1)
      expect(await forget(1000 + REPEAT_MILLISECONDS)).toBe(true)
      expect(await mailboxes().byOrigin('o1')).toEqual([])
      expect(await forget(3000 + REPEAT_MILLISECONDS - 1)).toBe(false)
      expect(await mailboxes().knows(bob, 'm1')).toBe(true)
      expect(await mailboxes().knows(alice, 'm1')).toBe(false)
      expect(await forget(3000 + REPEAT_MILLISECONDS)).toBe(true)
      expect(await mailboxes().knows(bob, 'm1')).toBe(false)
    })

    it('know after a restart what was sent in the ten minutes before it', async () => {
      await addPeople()
      const old = item('m1', { origin: 'o1', acceptedAt: 1000 })
      const waiting = [item('m2', { origin: 'o2', acceptedAt: 2000 }), item('m9', { origin: 'o9', acceptedAt: 900 })]
      await commit(mailboxes().append([old, item('m0', { acceptedAt: 1500 })], 10))
      await commit(mailboxes().append(waiting, 10))
      await commit(mailboxes().append([item('m3', { origin: 'o3', acceptedAt: 3000 })], 10))
      await commit(mailboxes().settle(bob, 'm3', 3500))
      await recollect(current(), 1000 + REPEAT_MILLISECONDS)
      await commit(mailboxes().forget(1000 + REPEAT_MILLISECONDS, 10))
      expect(await mailboxes().byOrigin('o1')).toEqual([])
      expect(await mailboxes().byOrigin('o2')).toMatchObject([{ messageId: 'm2', recipient: bob }])
      expect(await mailboxes().byOrigin('o3')).toMatchObject([{ messageId: 'm3', recipient: bob, acceptedAt: 3000 }])
      expect(await commit(mailboxes().append([item('m4', { origin: 'o3' })], 10))).toBe('AlreadySent')
    })

    it('offer nothing that has expired, and give it to be settled, oldest first', async () => {
      await addPeople()
      const items = [item('late', { expiresAt: 9000 }), item('second', { expiresAt: 6000 }), item('first')]
      await commit(mailboxes().append(items, 10))
      expect(ids(await mailboxes().waiting(bob, 0, 10, 6000))).toEqual(['late'])
      expect(ids(await mailboxes().expired(6000, 10))).toEqual(['first', 'second'])
      expect(ids(await mailboxes().expired(6000, 1))).toEqual(['first'])
      await commit(mailboxes().forget(6000, 10))
      expect(await mailboxes().count(bob, 'message')).toBe(3)
      await commit(mailboxes().settle(bob, 'first', 6000))
      expect(ids(await mailboxes().expired(6000, 10))).toEqual(['second'])
    })

    it('are shown to operators without what they hold', async () => {
      await addPeople()
      await commit(mailboxes().append([item('m1'), item('r1', { kind: 'report', content: null, acceptedAt: 500 })], 10))
      await commit(mailboxes().append([item('m2', { acceptedAt: 700 }), item('gone')], 10))
      await commit(mailboxes().append([item('m3', { recipient: alice })], 10))
      await commit(mailboxes().settle(bob, 'gone', 2000))
      expect(await mailboxes().longest(10)).toEqual([
        { recipient: bob, count: 3, oldestAt: 500 },
        { recipient: alice, count: 1, oldestAt: 1000 },
      ])
      expect(await mailboxes().longest(1)).toHaveLength(1)
      expect(await mailboxes().kinds(bob)).toEqual([
        { kind: 'message', count: 2 },
        { kind: 'report', count: 1 },
      ])
      const [first, ...rest] = await mailboxes().list(bob, 0, 10)
      const { messageId, kind, info, acceptedAt, expiresAt } = item('m1')
      const sequence = expect.any(Number)
      expect(first).toEqual({ sequence, messageId, kind, info, acceptedAt, expiresAt, octets: 3 })
      expect(ids(rest)).toEqual(['r1', 'm2'])
      expect(rest[0]).toMatchObject({ octets: 0 })
      expect(ids(await mailboxes().list(bob, first!.sequence, 1))).toEqual(['r1'])
    })

    it('never give a sequence twice', async () => {
      await addPeople()
      await commit(mailboxes().append([item('m1')], 10))
      const [former] = await mailboxes().waiting(bob, 0, 1, 2000)
      await commit(mailboxes().settle(bob, 'm1', 0))
      await commit(mailboxes().forget(REPEAT_MILLISECONDS, 1))
      await commit(mailboxes().append([item('m2')], 10))
      const [latter] = await mailboxes().waiting(bob, 0, 1, 2000)
      expect(latter!.sequence).toBeGreaterThan(former!.sequence)
    })
  })
}
