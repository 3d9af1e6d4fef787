import type { Unit } from './database.ts'

/** Whom an attribute list is for: everybody who has no other, a user, or who is on a contact list (CSP 8.2.2). */
export type ListKind = 'default' | 'user' | 'contactList'

export interface ListSubject {
  readonly kind: ListKind
  /** Key of the user or the contact list; `''` of the default. */
  readonly subject: string
}

/** Presence attributes that some may see, and whether the user hears of it where they ask for others (CSP 8.2). */
export interface AttributeList extends ListSubject {
  /** Qualified, in the spelling first written; `''` of the default. */
  readonly name: string
  /** Names separated by blanks. An empty list shows nothing; null: there is no list, and only the flag is kept. */
  readonly attributes: string | null
  /** Default-Notify, User-Notify or ContactList-Notify; undefined where the user never said. */
  readonly notify: boolean | undefined
}

/** Where `notify` is undefined the flag stays as it was (CSP 8.2.4). */
export type ListTarget = Omit<AttributeList, 'attributes'>

/**
 * Attribute lists: what a user lets others see (CSP 8.2). They go with the account of their user, and with the contact
 * list they are for. Writes of one user wait for each other, so that the limit holds exactly.
 */
export interface AttributeLists {
  /**
   * Takes the place of the lists there are. Conflicts `NoSuchAccount`, `NoSuchContactList` where one is not the user's,
   * `TooManyAttributeLists` where the user has more than `most` then. Of subjects without a list the flags of so many are
   * kept too, those assigned last.
   */
  assign(userId: string, targets: readonly ListTarget[], attributes: string, most: number): Unit

  /** The flags stay (CSP 8.2.4); what is not there is not missed. Conflict `NoSuchAccount`. */
  clear(userId: string, subjects: readonly ListSubject[]): Unit

  /**
   * Adds one attribute to the list of a contact list, which is made if need be (AuthorizeAndGrant, CSP 8.1.2). Conflicts as
   * of `assign`.
   */
  addAttribute(
    userId: string,
    contactList: { readonly listId: string; readonly name: string },
    attribute: string,
    most: number,
  ): Unit

  /** Sorted by kind and subject, also those of which only the flag is left. */
  of(userId: string): Promise<AttributeList[]>
}
