import { ownerKey, parseContactListId, type ResourceAddress, refuse } from '@village/protocol'
import type { ContactList } from '../../store/contact-lists.ts'
import type { Context, SessionView } from '../context.ts'

/**
 * The address of a contact list that belongs to the user (CSP 5.3.5). Lists of others, public ones, and what is no
 * address at all are refused like lists that do not exist, so that nobody learns which lists others have.
 * @throws Refusal ContactListDoesNotExist
 */
export const ownList = (contactList: string, session: SessionView): ResourceAddress =>
  ownAddress(contactList, session) ??
  refuse('ContactListDoesNotExist', {
    description: 'This is none of your contact lists: theirs are named like wv:you/friends',
  })

/** A contact list of the user, if there is such a one. */
export async function findOwnList(contactList: string, { session, house }: Context): Promise<ContactList | undefined> {
  const address = ownAddress(contactList, session)
  return address && house.store.contactLists.find(session.userId, address.key)
}

const ownAddress = (contactList: string, { userId, homeDomain }: SessionView): ResourceAddress | undefined => {
  const address = parseContactListId(contactList, homeDomain)
  return address !== undefined && ownerKey(address) === userId ? address : undefined
}
