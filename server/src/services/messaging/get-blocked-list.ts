import type { Handler } from '../context.ts'
import { writeEntries } from './access-entries.ts'

/**
 * Tells users whom they block and grant, and whether either list is in use; a list without entries is left out
 * (CSP 9.3.1.1). The request has no address in it, so they are written in the form of the login (CSP 5.3.2).
 * IMPS-CSP-IMSE-S-011.
 */
export const getBlockedList: Handler<'GetBlockedListRequest'> = async (_, { session, house }) => {
  const { block, grant } = await house.store.accessLists.find(session.userId)
  const blocked = writeEntries(block.entries, session)
  const granted = writeEntries(grant.entries, session)
  return {
    name: 'GetBlockedListResponse',
    body: {
      blockList: blocked && { entityList: blocked },
      blockListInUse: block.isInUse,
      grantList: granted && { entityList: granted },
      grantListInUse: grant.isInUse,
    },
  }
}
