import { refuse, type StatusName } from '@village/protocol'
import { Conflict, type ConflictName, type Unit } from '../../store/database.ts'
import type { Context, House, SessionView } from '../context.ts'
import { removeBlocked } from '../messaging/blocked-mail.ts'

const refusals: Partial<Record<ConflictName, StatusName>> = {
  ContactListExists: 'ContactListAlreadyExists',
  NoSuchContactList: 'ContactListDoesNotExist',
  TooManyContactLists: 'TooManyContactLists',
  TooManyContacts: 'TooManyContacts',
  TooManyAttributeLists: 'TooManyAttributeLists',
  GrantListFull: 'GrantListFull',
}

/**
 * Writes a change of the user's contact lists that one of the user's clients has asked for.
 * @throws Conflict see {@link refuseConflict}
 */
export const changeLists = (unit: Unit, { session, house }: Context): Promise<void> =>
  writeLists([...session.hold(), ...unit], session, house)

/**
 * Writes a change of a user's contact lists, whoever makes it. From then on access control goes by who is on them now, for
 * messages that wait as well (CSP 9.3.1), and so do authorization and subscriptions (CSP 8.1.2, 8.2.2). Clients that want
 * to hear of it are told (NCLS).
 * @throws Conflict see {@link refuseConflict}
 */
export async function writeLists(unit: Unit, { userId, homeDomain }: Owner, house: House): Promise<void> {
  try {
    await house.store.commit(unit, userId)
  } finally {
    // Where the store failed, nobody can tell whether it was written.
    house.accessRules.forget(userId)
  }
  await Promise.all([house.presence.onLists(userId), house.listDesk.onLists(userId)])
  await removeBlocked(userId, homeDomain, house)
}

/** Whose lists they are. */
export type Owner = Pick<SessionView, 'userId' | 'homeDomain'>

/** Tells the client what stood in the way of a change, by the codes of CSP 8.1.3. */
export const refuseConflict = (error: unknown): never => {
  const name = error instanceof Conflict ? refusals[error.conflict] : undefined
  if (name !== undefined) refuse(name)
  throw error
}
