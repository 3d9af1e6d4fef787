import type { Unit } from './database.ts'

/** Whom a subscription is about. */
export interface SubscriptionSubject {
  /** Key of the user; `''` for whoever is on the contact list at the time. */
  readonly publisher: string
  /** Key of the contact list it was made by; `''` where it was made by User-ID. */
  readonly listId: string
}

/** The presence of somebody, or of everybody on a list, that a client wants to be told of (CSP 8.3.2). */
export interface Subscription extends SubscriptionSubject {
  /** Names separated by blanks. */
  readonly attributes: string
}

export interface Watcher {
  /** Key. */
  readonly userId: string
  /** In the spelling first written. */
  readonly address: string
}

/** What somebody has subscribed to. */
export interface Wanted {
  /** Key of the watcher. */
  readonly userId: string
  /** Names separated by blanks. */
  readonly attributes: string
}

export interface SubscriptionLimits {
  readonly mostPerSession: number
  /** Sessions that watch one publisher by User-ID. */
  readonly mostWatchers: number
}

/**
 * Presence subscriptions. Each belongs to one session (CSP 8.3.2.1) and is part of its context: it goes with the session's
 * record, and counts for nobody while the session has ended (CSP 5.1.1).
 */
export interface Subscriptions {
  /**
   * An entry takes the place of the one with the same publisher and list. Conflicts `NoSuchSession`, `TooManySubscriptions`,
   * and `TooManyWatchers` with the publisher as its subject. On PostgreSQL units that run at the same moment do not see each
   * other, so that a publisher may have a few watchers more, as with Mailboxes.append.
   */
  subscribe(idDigest: string, entries: readonly Subscription[], limits: SubscriptionLimits): Unit

  /**
   * Of a contact list all that was made by it; of a user only what was made by User-ID, for the other subscriptions stay
   * (CSP 8.3.2.1). What is not there is not missed.
   */
  unsubscribe(idDigest: string, subjects: readonly SubscriptionSubject[]): Unit

  /** In all sessions of its user: the list is deleted (CSP 8.1.2). */
  unsubscribeList(listId: string): Unit

  /** Sorted by publisher and list; also those of a session that has ended, which may be taken up again. */
  ofSession(idDigest: string): Promise<Subscription[]>

  /** Users with an open session that watches the publisher, by User-ID or by a list that the publisher is on now. */
  watchersOf(publisher: string): Promise<Watcher[]>

  /** What those users have subscribed to, one entry for each set of attributes; sorted by user. */
  wantedFrom(publisher: string): Promise<Wanted[]>
}
