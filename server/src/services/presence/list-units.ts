import { format, type ResourceAddress } from '@village/protocol'
import type { PropertyChange } from '../../store/contact-lists.ts'
import type { Unit } from '../../store/database.ts'
import type { House } from '../context.ts'
import type { Owner } from './list-change.ts'

/** What creates a contact list with nobody on it. */
export function creating(
  address: ResourceAddress,
  { displayName = '', doNotNotify = false, isDefault }: PropertyChange,
  { userId, homeDomain }: Owner,
  { store, config }: House,
): Unit {
  const list = { listId: address.key, address: format(address, 'qualified', homeDomain), displayName, doNotNotify }
  return [
    ...store.contactLists.create(userId, list, config.contacts.maxLists),
    ...store.contactLists.change(userId, address.key, { isDefault }),
  ]
}

/**
 * What deletes a contact list with who is on it, and with the subscriptions made by it (CSP 8.1.2).
 * @param changedBy key of the client that does it, if one does
 */
export const deleting = (listId: string, { userId }: Owner, changedBy: string | null, { store }: House): Unit => [
  ...store.contactLists.remove(userId, listId, changedBy),
  ...store.subscriptions.unsubscribeList(listId),
]
