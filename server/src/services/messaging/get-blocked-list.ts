import type { Handler } from '../context.ts'
import { writeEntries } from './access-entries.ts'

/**
 * Tells users whom they block and grant, and whether either list is in use; a list without entries is left out
 * (CSP 9.3.1.1). IMPS-CSP-IMSE-S-011.
 */
export const getBlockedList: Handler<'GetBlockedListRequest'> = async (_, { session, house }) => {
  const { block, grant } = await house.store.accessLists.find(session.userId)
  const blocked = writeEntries(block.entries, session.homeDomain)
  const granted = writeEntries(grant.entries, session.homeDomain)
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
