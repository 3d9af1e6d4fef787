import { refuse, type StatusName } from '@village/protocol'
import { Conflict, type ConflictName, type Unit } from '../../store/database.ts'
import type { Context } from '../context.ts'
import { removeBlocked } from '../messaging/blocked-mail.ts'
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
 * Writes a change of the user's contact lists. From then on access control goes by who is on them now, for messages that
 * wait as well (CSP 9.3.1), and so do authorization and subscriptions (CSP 8.1.2, 8.2.2).
 * @throws Conflict see {@link refuseConflict}
 */
export async function changeLists(unit: Unit, { session, house }: Context): Promise<void> {
  try {
    await house.store.commit([...session.hold(), ...unit], session.userId)
  } finally {
    // Where the store failed, nobody can tell whether it was written.
    house.accessRules.forget(session.userId)
  }
  const subscribed = await house.presence.onLists(session.userId)
  for (const [publisher, attributes] of subscribed) await askPublisher(publisher, session.userId, attributes, house)
  await removeBlocked(session.userId, session.homeDomain, house)
}

/** Tells the client what stood in the way of a change, by the codes of CSP 8.1.3. */
export const refuseConflict = (error: unknown): never => {
  const name = error instanceof Conflict ? refusals[error.conflict] : undefined
  if (name !== undefined) refuse(name)
  throw error
}
