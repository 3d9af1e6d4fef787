import { expect, it } from 'vitest'
import { alice, session } from '../contract/fixtures.ts'
import type { SqlValue } from '../database.ts'
import { migrate } from '../migrate.ts'
import { openSqlite } from '../sqlite.ts'
import { sqlSessionRecords } from './session-records.ts'

it('finds the open sessions of a user on SQLite without reading those that have ended', async () => {
  const database = openSqlite({ file: ':memory:' })
  await migrate(database, 0)
  /** How SQLite looks for the rows of a statement. */
  const planOf = async (sql: string, params: readonly SqlValue[] = []) => {
    const steps = await database.read<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params)
    return steps.map(({ detail }) => detail).join('; ')
  }
  const plans: string[] = []
  const records = sqlSessionRecords({
    dialect: database.dialect,
    read: async (sql, params) => {
      plans.push(await planOf(sql, params))
      return []
    },
    commit: async () => {},
    close: async () => {},
  })
  await records.ofUser(alice)
  for (const { sql, params } of records.open(session('s1'), 8)) plans.push(await planOf(sql, params))
  expect(plans).toHaveLength(2)
  for (const plan of plans) expect(plan).toMatch(/USING INDEX sessions_open \(user_id=\?/)
  await database.close()
})
