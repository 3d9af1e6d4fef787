import type { Unit } from './database.ts'

/** What can be on a block or grant list (CSP 9.3.1). */
export type EntityKind = 'user' | 'screenName' | 'group' | 'contactList' | 'application'

/** One entry of a list. */
export interface AccessEntry {
  readonly kind: EntityKind
  /** What is compared: folded and qualified; two entries of a kind with one key are the same. */
  readonly key: string
  /** As it is shown; of a screen name, its first part. */
  readonly name: string
  /** Of a screen name, its group as it is shown; null for all else. */
  readonly groupId: string | null
}

export interface AccessList {
  readonly isInUse: boolean
  readonly entries: readonly AccessEntry[]
}

/** Whom a user hears. Both lists stay as they are while they are not in use. */
export interface UserAccess {
  readonly block: AccessList
  readonly grant: AccessList
}

/**
 * Without a word from the user a block list is in use, since blocking holds from the moment an entity is blocked, and a
 * grant list is not, since it would shut out everybody else (CSP 9.3.1).
 */
export const untouched: UserAccess = {
  block: { isInUse: true, entries: [] },
  grant: { isInUse: false, entries: [] },
}

export type ListName = keyof UserAccess

/** What becomes of one list; removed first, then added. */
export interface ListChange {
  /** Left as it is where this is undefined. */
  readonly isInUse?: boolean | undefined
  readonly remove: readonly AccessEntry[]
  readonly add: readonly AccessEntry[]
  /** How many entries the list may have after something was added. */
  readonly most: number
}

/** A list that is left out stays as it is. */
export type ListChanges = { readonly [name in ListName]?: ListChange | undefined }

/** Block and grant lists (CSP 9.3.1). They go with their account. */
export interface AccessLists {
  /**
   * Entries sorted by kind and key. Of a user who never said anything it is {@link untouched}, for the price of one look.
   */
  find(userId: string): Promise<UserAccess>

  /**
   * Adding what is there and removing what is not changes nothing. Conflicts `NoSuchAccount`, `BlockListFull`,
   * `GrantListFull`; units of one user wait for each other, so that the limits hold exactly.
   */
  change(userId: string, changes: ListChanges): Unit
}
