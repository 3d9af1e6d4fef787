import type { Unit } from './database.ts'

/** How long it is known what a transaction has sent, and what was settled: as long as a client may repeat itself. */
export const REPEAT_MILLISECONDS = 600_000

/** One thing owed to one user: the durable copy behind what a session's outbox offers. */
export interface MailItem {
  /** Assigned when stored; sorts a mailbox. See {@link Mailboxes.waiting} for what it does not promise. */
  readonly sequence: number
  readonly messageId: string
  /** User key. */
  readonly recipient: string
  readonly kind: 'message' | 'report' | 'invitation' | 'system' | 'notice'
  /** Key of the transaction that made the item, by which a repeat is recognised; null where nothing can repeat. */
  readonly origin: string | null
  /** All but the content, as JSON. */
  readonly info: string
  readonly content: Uint8Array | null
  readonly acceptedAt: number
  readonly expiresAt: number
  /** User key of a sender who asked for a delivery report. */
  readonly reportTo: string | null
  /** JSON: the clients that have had it while it waits for others, by their keys, and for whom; null where none has. */
  readonly givenTo: string | null
}

export type NewMailItem = Omit<MailItem, 'sequence' | 'givenTo'>

/** That a transaction has put something into a mailbox; it may be out of it by now. */
export interface SentItem extends Pick<MailItem, 'messageId' | 'recipient' | 'acceptedAt'> {}

/** An item that waits, without what it says. */
export interface ListedItem
  extends Pick<MailItem, 'sequence' | 'messageId' | 'kind' | 'info' | 'acceptedAt' | 'expiresAt'> {
  /** Of the content, in octets. */
  readonly octets: number
}

/** What waits for one user. */
export interface Queue {
  readonly recipient: string
  readonly count: number
  /** When the oldest item was accepted. */
  readonly oldestAt: number
}

export interface Mailboxes {
  /**
   * Statements are about one item, so a conflict's `subject` is its recipient. Conflicts `QueueFull` (so many items of
   * the kind wait already, expired but unswept ones included), `NoSuchAccount`, `AlreadySent` (this origin has reached
   * this recipient before, some {@link REPEAT_MILLISECONDS} ago at most).
   * On PostgreSQL units that run at the same moment do not see each other, so a full queue may end up longer by the
   * number of writing connections less one; locking the mailbox instead would make its senders wait for each other.
   */
  append(items: readonly NewMailItem[], queueLimit: number): Unit

  /**
   * What waits for a user, in sequence order, beginning behind `after` (0 for the first page).
   * The sequence is given when a unit runs, not when it ends: with several connections item 8 can become visible before
   * item 7. Use `after` to page through one pass and begin the next pass at 0; never keep it as "seen up to here".
   */
  waiting(recipient: string, after: number, limit: number, now: number): Promise<MailItem[]>

  /** The oldest of a kind that wait for a user. */
  ofKind(recipient: string, kind: MailItem['kind'], limit: number, now: number): Promise<MailItem[]>

  /** An item that waits, expired or not. */
  find(recipient: string, messageId: string): Promise<MailItem | undefined>

  /** Whether there is such an item, or was until a while ago. */
  knows(recipient: string, messageId: string): Promise<boolean>

  /** What a transaction has sent lately: what to answer a repeat with. */
  byOrigin(origin: string): Promise<SentItem[]>

  /**
   * The item is done with: delivered, rejected or expired. Only that it was there stays. Exactly one of several nodes
   * succeeds, so what follows from it (a delivery report) belongs in the same unit. Conflict `NoSuchMessage`.
   */
  settle(recipient: string, messageId: string, at: number): Unit

  /**
   * A client has had an item that stays for others: notes all that have, where those before were `had`. Nobody is left
   * to be sent a report. Conflict `NoSuchMessage`, also where another client was noted meanwhile.
   */
  give(recipient: string, messageId: string, had: string | null, givenTo: string): Unit

  /** Items that waited too long, to be settled one by one; the oldest first. */
  expired(now: number, limit: number): Promise<MailItem[]>

  /** Forgets what nobody repeats any more ({@link REPEAT_MILLISECONDS}), at most `limit` items of either kind. */
  forget(now: number, limit: number): Unit

  /** Whether there is more of it. */
  hasForgettable(now: number): Promise<boolean>

  /** How many items of a kind wait for a user. */
  count(recipient: string, kind: MailItem['kind']): Promise<number>

  /** What waits for a user, expired or not, page by page as `waiting` gives it. */
  list(recipient: string, after: number, limit: number): Promise<ListedItem[]>

  /** The longest queues, longest first. Reads all that waits: for people who ask, not for every request. */
  longest(limit: number): Promise<Queue[]>

  /** How many items of each kind wait for a user, expired or not. */
  kinds(recipient: string): Promise<{ readonly kind: MailItem['kind']; readonly count: number }[]>

  /** How many items wait for anybody. */
  countAll(): Promise<number>
}
