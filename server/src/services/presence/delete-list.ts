import { done, type Handler } from '../context.ts'
import { changeLists, refuseConflict } from './list-change.ts'
import { deleting } from './list-units.ts'
import { ownList } from './own-list.ts'

/**
 * Deletes a contact list with who is on it, and with the subscriptions made by it; another becomes the default where it
 * was that (CSP 8.1.1, 8.1.2). IMPS-CSP-PRSE-S-003.
 */
export const deleteList: Handler<'DeleteListRequest'> = async ({ contactList }, context) => {
  const { session, house } = context
  const { key } = ownList(contactList, session)
  await changeLists(key, deleting(key, session, session.clientKey, house), context).catch(refuseConflict)
  return done
}
