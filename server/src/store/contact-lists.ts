import type { Unit } from './database.ts'

/**
 * Contact lists by their keys (`wv:alice/friends@example.com`), and who is in them by user key. A member need not have
 * an account here. Lists go with the account of their user, members with their list.
 */
export interface ContactLists {
  /** Conflicts `NoSuchAccount`, `ContactListExists`. */
  create(listId: string, userId: string): Unit

  /** Conflict `NoSuchContactList`. */
  remove(listId: string): Unit

  /** Members that are in it already stay. Conflict `NoSuchContactList`. */
  addMembers(listId: string, members: readonly string[]): Unit

  removeMembers(listId: string, members: readonly string[]): Unit

  exists(listId: string): Promise<boolean>

  /** The lists of a user, sorted. */
  ofUser(userId: string): Promise<string[]>

  /** Sorted. */
  members(listId: string): Promise<string[]>
}
