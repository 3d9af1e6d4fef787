/** One body for every engine: what the store promises does not depend on what it runs on. */

import { afterEach, beforeEach, describe } from 'vitest'
import type { Database } from '../database.ts'
import { makeReady } from '../migrate.ts'
import { describeAccessLists } from './access-lists.ts'
import { describeAccounts } from './accounts.ts'
import { describeAnnouncements } from './announcements.ts'
import { describeAttributeLists } from './attribute-lists.ts'
import { describeClientSettings } from './client-settings.ts'
import { describeContactLists } from './contact-lists.ts'
import { engines, type Scratch } from './engines.ts'
import { describeHistory } from './history.ts'
import { describeListSyncs } from './list-syncs.ts'
import { describeMailboxes } from './mailboxes.ts'
import { describeNotices } from './notice-records.ts'
import { describePublications } from './publications.ts'
import { describeSessions } from './session-records.ts'
import { describeSubscriptions } from './subscriptions.ts'
import { describeUnits } from './units.ts'

for (const engine of engines) {
  const title = engine.skip === undefined ? `store on ${engine.name}` : `store on ${engine.name} (${engine.skip})`
  describe.skipIf(engine.skip !== undefined)(title, () => {
    let scratch: Scratch
    let database: Database

    beforeEach(async () => {
      scratch = await engine.scratch()
      database = scratch.open()
      await makeReady(database, 0)
    })
    afterEach(async () => {
      await database.close()
      await scratch.remove()
    })

    const current = () => database
    describeUnits(current)
    describeAccounts(current)
    describeSessions(current)
    describeMailboxes(current)
    describeClientSettings(current)
    describeAnnouncements(current)
    describeHistory(current)
    describeAccessLists(current)
    describeContactLists(current)
    describeListSyncs(current)
    describeAttributeLists(current)
    describePublications(current)
    describeSubscriptions(current)
    describeNotices(current)
  })
}
