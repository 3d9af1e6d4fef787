import { refuse, type StatusName } from '@village/protocol'
import type { ListChange } from '../../store/access-lists.ts'
import { Conflict, type ConflictName, type Unit } from '../../store/database.ts'
import { notifying, notifyOthers } from '../access/notify.ts'
import type { Context, House, SessionView } from '../context.ts'
import { accessEvents } from '../messaging/access-events.ts'
import { removeBlocked } from '../messaging/blocked-mail.ts'
import { readListsNow, tellListChange } from './list-events.ts'
import { askPublisher } from './reactive-authorization.ts'

const refusals: Partial<Record<ConflictName, StatusName>> = {
  ContactListExists: 'ContactListAlreadyExists',
  NoSuchContactList: 'ContactListDoesNotExist',
  TooManyContactLists: 'TooManyContactLists',
  TooManyContacts: 'TooManyContacts',
  TooManyAttributeLists: 'TooManyAttributeLists',
  GrantListFull: 'GrantListFull',
}

/**
 * Writes a change of one of the user's contact lists that a client of the user has asked for.
 * @param grant what becomes of the grant list by that
 * @throws Conflict see {@link refuseConflict}
 */
export async function changeLists(listId: string, unit: Unit, context: Context, grant?: ListChange): Promise<void> {
  const { session, house } = context
  const { accessLists } = house.store
  const access = grant && (await accessLists.find(session.userId))
  const granting = grant ? accessLists.change(session.userId, { grant }) : []
  await writeLists(listId, [...session.hold(), ...unit, ...granting], session, house, session)
  if (access) await notifyOthers(session, accessEvents(access, { grant }), house)
}

/**
 * Writes a change of one of a user's contact lists, whoever makes it. From then on access control goes by who is on them
 * now, for messages that wait as well (CSP 9.3.1), and so do authorization and subscriptions (CSP 8.1.2, 8.2.2). Clients
 * that want to hear of it are told (CSP 7.2, NCLS).
 * @param doer the client that changes it, and so knows
 * @throws Conflict see {@link refuseConflict}
 */
export async function writeLists(
  listId: string,
  unit: Unit,
  owner: Owner,
  house: House,
  doer?: SessionView,
): Promise<void> {
  const { userId } = owner
  const before = await readListsNow(listId, owner, house)
  try {
    await house.store.commit(unit, userId)
  } catch (error) {
    // Nobody can tell whether it was written, unless a guard says that it was not.
    if (!(error instanceof Conflict)) await followLists(userId, house)
    throw error
  } finally {
    house.accessRules.forget(userId)
  }
  await followLists(userId, house)
  await notifying(userId, house, async () =>
    tellListChange({ listId, owner, doer }, before, await readListsNow(listId, owner, house), house),
  )
  await removeBlocked(userId, owner.homeDomain, house)
}

/** Reads anew what depends on who is on a user's contact lists. */
async function followLists(userId: string, house: House) {
  await notifying(userId, house, async () => {
    const subscribed = await house.presence.onLists(userId)
    for (const [publisher, attributes] of subscribed) await askPublisher(publisher, userId, attributes, house)
  })
  await notifying(userId, house, () => house.listDesk.onLists(userId))
}

/** Whose lists they are. */
export type Owner = Pick<SessionView, 'userId' | 'homeDomain'>

/** Tells the client what stood in the way of a change, by the codes of CSP 8.1.3. */
export const refuseConflict = (error: unknown): never => {
  const name = error instanceof Conflict ? refusals[error.conflict] : undefined
  if (name !== undefined) refuse(name)
  throw error
}
