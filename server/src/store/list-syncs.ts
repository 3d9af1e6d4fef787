import type { Contact } from './contact-lists.ts'
import type { Unit } from './database.ts'

/** So many clients of one user are remembered, for clients draw their ids as they like. */
export const MOST_SYNCED_CLIENTS = 50

/** What a client is to hear of one contact list. */
export interface PendingChange {
  /** Key; the list may be gone. */
  readonly listId: string
  /** Qualified, in the spelling first written. */
  readonly address: string
  /** Newest of the user's: what to confirm once the client has answered. */
  readonly revision: number
  /** New members, and those with another nickname, in the order of the list. */
  readonly added: readonly Contact[]
  /** Those who were removed first come first. */
  readonly removed: readonly Pick<Contact, 'userId' | 'address'>[]
}

/** Revisions up to which a client has heard of one list; what is left out stays as it was. */
export interface Confirmed {
  readonly added?: number | undefined
  readonly removed?: number | undefined
}

/**
 * How far each client of a user knows who is on the user's contact lists (CSP 8.1, as the change request for
 * ListManageNotification has it): each change has a revision, and clients confirm. They go with the account.
 */
export interface ListSyncs {
  /**
   * What the client has neither confirmed nor done itself, by list, in the order of the lists; those that are gone come
   * last. A client that nothing is remembered of hears of all members, and of nobody who was removed: it never had them.
   * A client is remembered from when it confirms, or changes who is on the list.
   */
  pending(userId: string, clientKey: string): Promise<PendingChange[]>

  /**
   * Never goes back. Of the clients remembered those furthest behind make room for others. Conflict `NoSuchAccount`.
   */
  confirm(userId: string, clientKey: string, listId: string, confirmed: Confirmed): Unit
}
