import { parseContactListId } from '@village/protocol'
import { inForm } from '../address-form.ts'
import type { House, SessionView } from '../context.ts'
import type { Outcome } from './outcome.ts'

/**
 * The keys of the users in contact lists of the user, each with the address in the form in which the list was named
 * (CSP 5.3.2, 5.5.2.1). Lists that are empty, or not the user's own, are told to the outcome: nobody learns which lists
 * others have (CSP 5.3.5).
 */
export async function membersOf(
  contactLists: readonly string[],
  { userId, homeDomain }: SessionView,
  { store }: House,
  outcome: Outcome,
): Promise<ReadonlyMap<string, string>> {
  const members = new Map<string, string>()
  if (contactLists.length === 0) return members
  const own = new Set((await store.contactLists.ofUser(userId)).map(({ listId }) => listId))
  // However often a list is named, and in whatever spellings, it is read once.
  const named = Map.groupBy(contactLists, list => parseContactListId(list, homeDomain)?.key ?? list)
  for (const [key, [contactList]] of named) {
    const found = own.has(key) ? await store.contactLists.members(key) : undefined
    if (found === undefined) outcome.fail('ContactListDoesNotExist', { contactLists: [contactList!] })
    else if (found.length === 0) outcome.fail('ContactListEmpty', { contactLists: [contactList!] })
    else {
      const form = parseContactListId(contactList!, homeDomain)?.isLocal ? 'local' : 'qualified'
      for (const { userId } of found) if (!members.has(userId)) members.set(userId, inForm(userId, form, homeDomain))
    }
  }
  return members
}
