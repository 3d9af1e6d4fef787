import { describe, expect, it } from 'vitest'
import { StatementFailed, type Unit } from '../database.ts'
import { sqlAccounts } from '../sql/accounts.ts'
import { account, type Current, outcome, settled, write } from './fixtures.ts'

export const describeUnits = (current: Current): void => {
  describe('units', () => {
    const put = (userId: string) => sqlAccounts(current()).add(account(userId))
    const names = async () => (await sqlAccounts(current()).list('', 1000)).map(({ userId }) => userId)

    it('take effect whole: a guard that fails last undoes what came first', async () => {
      await current().commit(put('wv:a'))
      expect(await outcome(current().commit([...put('wv:b'), ...put('wv:c'), ...put('wv:a')]))).toBe('AccountExists')
      expect(await names()).toEqual(['wv:a'])
    })

    it('fall alone: units given in the same turn are not touched by one that fails', async () => {
      const accounts = sqlAccounts(current())
      const units: Unit[] = [put('wv:a'), [...put('wv:b'), ...accounts.remove('wv:nobody')], put('wv:c'), put('wv:d')]
      const outcomes = await Promise.all(units.map(unit => outcome(current().commit(unit))))
      expect(outcomes).toEqual(['done', 'NoSuchAccount', 'done', 'done'])
      expect(await names()).toEqual(['wv:a', 'wv:c', 'wv:d'])
    })

    it('fall alone when the program made a mistake, and the message quotes no value', async () => {
      const insert = 'INSERT INTO accounts (user_id, address) VALUES (?, ?)'
      const mistake = current().commit([...put('wv:a'), write(insert, ['wv:x', 'secret'])])
      const [wrong, right] = await Promise.allSettled([mistake, current().commit(put('wv:b'))])
      expect(right.status).toBe('fulfilled')
      expect(wrong).toMatchObject({ status: 'rejected', reason: { name: 'StatementFailed' } })
      expect(JSON.stringify(wrong) + String((wrong as PromiseRejectedResult).reason)).not.toContain('secret')
      await expect(current().commit([write('INSERT INTO nowhere VALUES (1)', [])])).rejects.toThrow(StatementFailed)
      expect(await names()).toEqual(['wv:b'])
    })

    it('name the first promise that is broken, and whom it is about', async () => {
      const accounts = sqlAccounts(current())
      const failure = current().commit([...put('wv:a'), ...accounts.remove('wv:nobody'), ...put('wv:a')])
      await expect(failure).rejects.toMatchObject({ conflict: 'NoSuchAccount', subject: 'wv:nobody' })
    })

    it('guard what a SELECT returns: however many rows', async () => {
      await current().commit([...put('wv:a'), ...put('wv:b')])
      const select = 'SELECT user_id FROM accounts WHERE user_id > ?'
      const guarded = (after: string, rows: number) =>
        outcome(current().commit([write(select, [after], { rows, otherwise: 'NoSuchAccount' })]))
      expect(await guarded('', 2)).toBe('done')
      expect(await guarded('', 1)).toBe('NoSuchAccount')
      expect(await guarded('wv:b', 0)).toBe('done')
      expect(await guarded('wv:b', 1)).toBe('NoSuchAccount')
    })

    it('let one of 64 concurrent claims of one name through', async () => {
      const claims = Array.from({ length: 64 }, (_, index) =>
        current().commit([...put(`wv:${index}`), ...put('wv:wanted')], `lane ${index}`),
      )
      expect(await settled(claims)).toEqual({ done: 1, AccountExists: 63 })
      expect(await names()).toHaveLength(2)
    })

    it('of one lane take effect in order, on however many connections', async () => {
      const statement = 'UPDATE accounts SET address = ? WHERE user_id = ? AND address = ?'
      await current().commit([...put('wv:a'), ...put('wv:b'), ...put('wv:c')])
      const step = (userId: string, index: number) => {
        const before = index === 0 ? userId : String(index - 1)
        const unit = [write(statement, [String(index), userId, before], { rows: 1, otherwise: 'NoSuchAccount' })]
        return current().commit(unit, userId)
      }
      const steps = Array.from({ length: 40 }, (_, index) => ['wv:a', 'wv:b', 'wv:c'].map(id => step(id, index)))
      expect(await settled(steps.flat())).toEqual({ done: 120 })
    })

    it('are readable as soon as they are done', async () => {
      for (let index = 0; index < 20; index++) {
        await current().commit(put(`wv:${index}`))
        expect(await sqlAccounts(current()).find(`wv:${index}`)).toBeDefined()
      }
    })

    it('may be empty', async () => {
      await expect(current().commit([])).resolves.toBeUndefined()
    })
  })
}
