import type { Unit } from './database.ts'

/** Properties of a contact list (CSP 8.1.1). */
export interface ContactListProperties {
  /** What its user calls it; empty where the user has not said. */
  readonly displayName: string
  /** True of exactly one list of a user who has any. */
  readonly isDefault: boolean
  readonly doNotNotify: boolean
}

export interface ContactList extends ContactListProperties {
  /** Key: `wv:alice/friends@example.com`. */
  readonly listId: string
  /** Qualified, in the spelling first written. */
  readonly address: string
}

/** What is left out, or undefined, stays as it is. */
export type PropertyChange = {
  readonly [name in keyof ContactListProperties]?: ContactListProperties[name] | undefined
}

/** What a list begins with. */
export type NewContactList = Pick<ContactList, 'listId' | 'address' | 'displayName' | 'doNotNotify'>

/** Somebody on a list, who need not have an account here. */
export interface Contact {
  /** Key. */
  readonly userId: string
  /** Qualified, in the spelling first written. */
  readonly address: string
  readonly nickName: string
}

export interface NewContact extends Pick<Contact, 'userId' | 'address'> {
  /** Where it is undefined, who is on the list already keeps the one there is, and others are called by their address. */
  readonly nickName: string | undefined
}

/**
 * Contact lists and who is on them. Lists go with the account of their user, members with their list. Writes of one user
 * wait for each other, so that the limits hold exactly and one list is the default.
 *
 * Whatever changes who is on a list takes the next revision of its user, by which the user's clients hear of it
 * (ListSyncs): all but `changedBy`, the key of the client that did it; null where none did.
 */
export interface ContactLists {
  /**
   * The first list of a user is the default. Conflicts `NoSuchAccount`, `ContactListExists`, `TooManyContactLists` where
   * the user has `most` already.
   */
  create(userId: string, list: NewContactList, most: number): Unit

  /**
   * With who is on it, and the attribute list that is for it. Where it was the default, the oldest of the others becomes it.
   * Conflict `NoSuchContactList`.
   */
  remove(userId: string, listId: string, changedBy: string | null): Unit

  /**
   * A list stops being the default only when another becomes it, so `isDefault: false` changes nothing (CSP 8.1.1).
   * Conflict `NoSuchContactList`.
   */
  change(userId: string, listId: string, properties: PropertyChange): Unit

  /**
   * Members that are in it already keep their place, and are no change where their name stays. Conflicts
   * `NoSuchContactList`, `TooManyContacts` where all lists of the user together have more than `most` members then.
   */
  addMembers(
    userId: string,
    listId: string,
    contacts: readonly NewContact[],
    most: number,
    changedBy: string | null,
  ): Unit

  /** By their keys; who is not on the list is not missed. Conflict `NoSuchContactList`. */
  removeMembers(userId: string, listId: string, members: readonly string[], changedBy: string | null): Unit

  /** Undefined where the user has no such list. */
  find(userId: string, listId: string): Promise<ContactList | undefined>

  /** The lists of a user, oldest first. */
  ofUser(userId: string): Promise<ContactList[]>

  /** In the order in which they were added. */
  members(listId: string): Promise<Contact[]>
}
