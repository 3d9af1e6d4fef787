import { expect, it } from 'vitest'
import { alice } from '../contract/fixtures.ts'
import { explained } from '../contract/plans.ts'
import { makeReady } from '../migrate.ts'
import { openSqlite } from '../sqlite.ts'
import { sqlSubscriptions } from './subscriptions.ts'

it('finds who watches somebody on SQLite without reading the subscriptions of others', async () => {
  const sqlite = openSqlite({ file: ':memory:' })
  await makeReady(sqlite, 0)
  const { database, plans, explain } = explained(sqlite)
  const subscriptions = sqlSubscriptions(database)
  await subscriptions.watchersOf(alice)
  await subscriptions.wantedFrom(alice)
  const limits = { mostPerSession: 9, mostWatchers: 9 }
  await explain(subscriptions.subscribe('s1', [{ publisher: alice, listId: '', attributes: '' }], limits).slice(-1))
  await explain(subscriptions.unsubscribeList('wv:alice/friends@example.com'))
  const [watchers, wanted, limit, list] = plans
  for (const plan of [watchers, wanted]) {
    expect(plan).toContain('subscriptions_publisher (publisher=?)')
    expect(plan).toMatch(/contact_list_members_member \(member=\?\); SEARCH \w+ USING INDEX subscriptions_list/)
  }
  expect(limit).toContain('subscriptions_publisher (publisher=? AND list_id=?)')
  expect(list).toContain('subscriptions_list (list_id=?)')
  for (const plan of plans) expect(plan).not.toContain('SCAN')
  await sqlite.close()
})
