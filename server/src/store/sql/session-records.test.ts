import { expect, it } from 'vitest'
import { alice, session } from '../contract/fixtures.ts'
import { explained } from '../contract/plans.ts'
import { makeReady } from '../migrate.ts'
import { openSqlite } from '../sqlite.ts'
import { sqlSessionRecords } from './session-records.ts'

it('finds the open sessions of a user on SQLite without reading those that have ended', async () => {
  const sqlite = openSqlite({ file: ':memory:' })
  await makeReady(sqlite, 0)
  const { database, plans, explain } = explained(sqlite)
  const records = sqlSessionRecords(database)
  await records.ofUser(alice)
  await explain(records.open(session('s1'), 8))
  expect(plans).toHaveLength(2)
  for (const plan of plans) expect(plan).toMatch(/USING INDEX sessions_open \(user_id=\?/)
  await sqlite.close()
})
