import type { Unit } from './database.ts'

/** What was said, kept once however many keep a copy of it. */
export interface HistoryContent {
  readonly messageId: string
  /** What the content is, as JSON; names nobody, since not everybody who keeps it may know of the others. */
  readonly info: string
  readonly content: Uint8Array | null
}

/** That one user sent a message to one other, or got it from one: the record of that user alone. */
export interface HistoryCopy {
  /** User key. */
  readonly owner: string
  readonly direction: 'sent' | 'received'
  /** User key of who was at the other end. */
  readonly other: string
  /** Milliseconds since the epoch. */
  readonly acceptedAt: number
  /** From when on it must not be kept; milliseconds since the epoch. */
  readonly expiresAt: number
}

export interface HistoryEntry extends HistoryCopy, HistoryContent, CopyName {}

/** Names a copy. */
export interface CopyName {
  /** Sorts the copies of a user; see `Mailboxes.waiting` for what it does not promise. */
  readonly sequence: number
  readonly messageId: string
}

/** Messages after their delivery, for operators who have to keep them. Each copy is its owner's: see docs/store.md. */
export interface History {
  /** Nothing where there are no copies. Conflict `NoSuchAccount`, about the owner who is not there. */
  add(content: HistoryContent, copies: readonly HistoryCopy[]): Unit

  /**
   * The copies of a user behind `after` (0 for the first page), oldest first: at most `limit`, and beyond the first
   * only as many as have `octets` of content together.
   */
  page(owner: string, after: number, limit: number, octets: number): Promise<HistoryEntry[]>

  /** Copies of a user that were accepted before a time, oldest first. */
  before(owner: string, time: number, limit: number): Promise<CopyName[]>

  /** Copies that must not be kept any longer. */
  expired(now: number, limit: number): Promise<CopyName[]>

  /** Takes copies away, and with the last copy of a message its content. Copies that are gone already do not matter. */
  forget(copies: readonly CopyName[]): Unit

  /** Belongs before the removal of an account, which takes its copies: the contents that nobody else keeps. */
  forgetAllOf(owner: string): Unit

  /**
   * Takes away contents past the date of their latest copy, at most `limit`: nothing outlives it, not even what the
   * removal of an account left behind because a message was on its way.
   */
  purge(now: number, limit: number): Unit
}
