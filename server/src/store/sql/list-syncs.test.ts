import { expect, it } from 'vitest'
import { alice } from '../contract/fixtures.ts'
import { explained } from '../contract/plans.ts'
import { makeReady } from '../migrate.ts'
import { openSqlite } from '../sqlite.ts'
import { sqlListSyncs } from './list-syncs.ts'

it('finds what a client has not heard of on SQLite without reading all members', async () => {
  const sqlite = openSqlite({ file: ':memory:' })
  await makeReady(sqlite, 0)
  const { database, plans, explain } = explained(sqlite)
  // What is read first has to be there for the rest to be asked.
  const read: typeof database.read = async (sql, params) => {
    await database.read(sql, params)
    return [{ revision: 1 }] as never
  }
  const syncs = sqlListSyncs({ ...database, read })
  await syncs.pending(alice, 'phone')
  await explain(syncs.confirm(alice, 'phone', 'wv:alice/friends@example.com', { added: 1, removed: 1 }))
  expect(plans[1]).toContain('contact_list_members_revision (list_id=? AND revision>?)')
  for (const plan of plans) expect(plan).not.toContain('SCAN')
  await sqlite.close()
})
