import type { Unit } from './database.ts'

/** What a user has been sent since the last login (CSP 9.1.7). */
export interface NoticeRecord {
  /** Milliseconds since the epoch. */
  readonly lastAt: number
  readonly count: number
}

/** Notices to users who are not logged in: each has at most one record, which ends with the next login. */
export interface NoticeRecords {
  /** Undefined for a user who has been sent nothing since the last login. */
  find(userId: string): Promise<NoticeRecord | undefined>

  /**
   * A notice is about to be sent to a user with this record. Conflict `NoNotice` where the user is logged in, or the
   * record has changed: of several that try, one succeeds. Conflict `NoSuchAccount`.
   */
  note(userId: string, before: NoticeRecord | undefined, at: number): Unit

  /** The notice noted at that time was not sent after all: the record is again what it was before. */
  takeBack(userId: string, before: NoticeRecord | undefined, at: number): Unit

  /** The user has logged in. */
  forget(userId: string): Unit
}
