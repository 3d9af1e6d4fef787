import { ownerKey, parseContactListId, type ResourceAddress, refuse } from '@village/protocol'
import type { SessionView } from '../context.ts'

/**
 * The address of a contact list that belongs to the user (CSP 5.3.5). Lists of others, public ones, and what is no
 * address at all are refused like lists that do not exist, so that nobody learns which lists others have.
 * @throws Refusal ContactListDoesNotExist
 */
export function ownList(contactList: string, { userId, homeDomain }: SessionView): ResourceAddress {
  const address = parseContactListId(contactList, homeDomain)
  if (address === undefined || ownerKey(address) !== userId)
    refuse('ContactListDoesNotExist', {
      description: 'This is none of your contact lists: theirs are named like wv:you/friends',
    })
  return address
}
