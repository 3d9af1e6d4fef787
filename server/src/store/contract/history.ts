import { describe, expect, it } from 'vitest'
import type { Unit } from '../database.ts'
import type { HistoryCopy } from '../history.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { sqlHistory } from '../sql/history.ts'
import { account, alice, bob, bytes, type Current, outcome } from './fixtures.ts'

const info = '{"contentType":"text/plain"}'
const content = bytes(0, 255, 39)
const sent: HistoryCopy = { owner: alice, direction: 'sent', other: bob, acceptedAt: 1000, expiresAt: 5000 }
const received: HistoryCopy = { ...sent, owner: bob, direction: 'received', other: alice }

export const describeHistory = (current: Current): void => {
  describe('history', () => {
    const history = () => sqlHistory(current())
    const commit = (unit: Unit) => outcome(current().commit(unit))
    const addPeople = () =>
      commit([...sqlAccounts(current()).add(account(alice)), ...sqlAccounts(current()).add(account(bob))])
    const add = (messageId: string, copies: readonly HistoryCopy[] = [sent, received]) =>
      commit(history().add({ messageId, info, content }, copies))
    const of = (owner: string) => history().page(owner, 0, 100, 1000)
    const ids = (copies: readonly { messageId: string }[]) => copies.map(({ messageId }) => messageId)
    const contents = async () => {
      const rows = await current().read<{ id: string }>('SELECT message_id AS "id" FROM history_contents ORDER BY 1')
      return rows.map(({ id }) => id)
    }

    it('gives each party its own copy of one content', async () => {
      await addPeople()
      await add('m1')
      const rest = { sequence: expect.any(Number), messageId: 'm1', info, content }
      expect(await of(alice)).toEqual([{ ...sent, ...rest }])
      expect(await of(bob)).toEqual([{ ...received, ...rest }])
      expect((await of(bob))[0]?.content).toBeInstanceOf(Uint8Array)
      expect(await contents()).toEqual(['m1'])
    })

    it('keeps nothing for nobody, and nothing of who is not there', async () => {
      await addPeople()
      expect(history().add({ messageId: 'm1', info, content }, [])).toEqual([])
      const unit = history().add({ messageId: 'm1', info, content }, [sent, { ...received, owner: 'wv:nobody' }])
      await expect(current().commit(unit)).rejects.toMatchObject({ conflict: 'NoSuchAccount', subject: 'wv:nobody' })
      expect(await contents()).toEqual([])
    })

    it('takes further copies of a message it has', async () => {
      await addPeople()
      await add('m1', [sent])
      await add('m1', [{ ...received, expiresAt: 9000 }])
      expect([await of(alice), await of(bob)].map(ids)).toEqual([['m1'], ['m1']])
      await commit(history().purge(8999, 10))
      expect(await contents()).toEqual(['m1'])
    })

    it('is read in pages, which are short where contents are long', async () => {
      await addPeople()
      for (const id of ['m1', 'm2', 'm3', 'm4']) await add(id)
      const first = await history().page(alice, 0, 3, 1000)
      expect(ids(first)).toEqual(['m1', 'm2', 'm3'])
      expect(ids(await history().page(alice, first.at(-1)!.sequence, 3, 1000))).toEqual(['m4'])
      expect(ids(await history().page(alice, 0, 3, 6))).toEqual(['m1', 'm2'])
      expect(ids(await history().page(alice, first[0]!.sequence, 3, 0))).toEqual(['m2'])
    })

    it("forgets one party's copies and leaves the other's; the content goes with the last", async () => {
      await addPeople()
      for (const id of ['m1', 'm2']) await add(id)
      await add('m3', [{ ...sent, acceptedAt: 2000 }])
      expect(ids(await history().before(alice, 2000, 10))).toEqual(['m1', 'm2'])
      expect(ids(await history().before(alice, 2000, 1))).toEqual(['m1'])
      const mine = await history().before(alice, 2001, 10)
      await commit(history().forget(mine))
      expect(await of(alice)).toEqual([])
      expect(ids(await of(bob))).toEqual(['m1', 'm2'])
      expect(await contents()).toEqual(['m1', 'm2'])
      await commit(history().forget([...mine, ...(await history().before(bob, 2000, 1))]))
      expect(await contents()).toEqual(['m2'])
    })

    it('notices which copy is the last where both go at the same moment', async () => {
      await addPeople()
      for (const id of ['m1', 'm2', 'm3']) await add(id)
      const [mine, theirs] = [await history().before(alice, 2000, 9), await history().before(bob, 2000, 9)]
      await Promise.all([mine, theirs.reverse()].map(copies => commit(history().forget(copies))))
      expect(await contents()).toEqual([])
    })

    it('tells which copies are to go, those first that have been due for longest', async () => {
      await addPeople()
      await add('m1', [{ ...sent, expiresAt: 4000 }, received])
      await add('m2', [{ ...sent, expiresAt: 3000 }])
      expect(await history().expired(2999, 10)).toEqual([])
      expect(ids(await history().expired(4000, 10))).toEqual(['m2', 'm1'])
      expect(ids(await history().expired(4000, 1))).toEqual(['m2'])
      await commit(history().forget(await history().expired(4000, 10)))
      expect([await of(alice), await of(bob)].map(ids)).toEqual([[], ['m1']])
    })

    it('goes with its account, the content too unless somebody else keeps it', async () => {
      await addPeople()
      await add('m1', [sent])
      await add('m2')
      await commit([...history().forgetAllOf(alice), ...sqlAccounts(current()).remove(alice)])
      expect(await contents()).toEqual(['m2'])
      expect(ids(await of(bob))).toEqual(['m2'])
      expect(await of(alice)).toEqual([])
    })

    it('ends what nobody keeps any more with the date of the latest copy', async () => {
      await addPeople()
      await add('m1', [sent, { ...received, expiresAt: 6000 }])
      for (const owner of [alice, bob]) await commit(sqlAccounts(current()).remove(owner))
      await commit(history().purge(5999, 10))
      expect(await contents()).toEqual(['m1'])
      await commit(history().purge(6000, 0))
      expect(await contents()).toEqual(['m1'])
      await commit(history().purge(6000, 10))
      expect(await contents()).toEqual([])
    })
  })
}
