import { parseContactListId } from '@village/protocol'
import type { House, SessionView } from '../context.ts'
import type { Outcome } from './outcome.ts'

/**
 * The User-IDs in contact lists of the user, each once (CSP 5.5.2.1). Lists that are empty, or not the user's own, are
 * told to the outcome: nobody learns which lists others have (CSP 5.3.5).
 */
export async function membersOf(
  contactLists: readonly string[],
  { userId, homeDomain }: SessionView,
  { store }: House,
  outcome: Outcome,
): Promise<string[]> {
  const own = new Set((await store.contactLists.ofUser(userId)).map(({ listId }) => listId))
  const members = new Set<string>()
  // However often a list is named, and in whatever spellings, it is read once.
  const named = Map.groupBy(contactLists, list => parseContactListId(list, homeDomain)?.key ?? list)
  for (const [key, [contactList]] of named) {
    const found = own.has(key) ? await store.contactLists.members(key) : undefined
    if (found === undefined) outcome.fail('ContactListDoesNotExist', { contactLists: [contactList!] })
    else if (found.length === 0) outcome.fail('ContactListEmpty', { contactLists: [contactList!] })
    else for (const member of found) members.add(member.userId)
  }
  return [...members]
}
