import type { Unit } from './database.ts'

/** What operators said to users (CSP 7.1); the copies that wait for users are in their mailboxes. */
export interface AnnouncementRecord {
  /** Grows from one announcement to the next. */
  readonly sequence: number
  /** The Message-ID of all its copies. */
  readonly id: string
  readonly text: string
  readonly requiresResponse: boolean
  /** Answers to choose from, numbered from 1. */
  readonly options: readonly string[]
  /** Milliseconds since the epoch, like all times here. */
  readonly sentAt: number
  /** Until when it waits for users. */
  readonly expiresAt: number
  /** How many users have got it. */
  readonly recipients: number
  /** How many of them have answered; whose client could not show it has not. */
  readonly answered: number
}

export interface NewAnnouncement extends Omit<AnnouncementRecord, 'sequence' | 'recipients' | 'answered'> {
  /** When it is forgotten, with its answers. */
  readonly forgetAt: number
}

/** In place of a choice: no client of the user has been able to show it so far (CSP 7.1.2: 439). */
export const cannotShow = 0

export interface AnnouncementAnswer {
  readonly userId: string
  /** The number of the option, from 1; null where there was nothing to choose, or nothing was chosen; `cannotShow`. */
  readonly choice: number | null
  readonly answeredAt: number
}

export interface Announcements {
  /** Of more than `most` the oldest are forgotten before their time. */
  add(announcement: NewAnnouncement, most: number): Unit

  /** So many more users have it. */
  reach(id: string, recipients: number): Unit

  /**
   * What a user answered. It belongs in the unit that settles the user's copy, which succeeds once; the answer to an
   * announcement that is not known (any more) is not kept. It takes the place of `cannotShow`, and never the other way.
   */
  answer(id: string, answer: AnnouncementAnswer): Unit

  /** The latest first, from those before `before`; undefined: from the latest. */
  list(before: number | undefined, limit: number, now: number): Promise<AnnouncementRecord[]>

  find(id: string, now: number): Promise<AnnouncementRecord | undefined>

  /** How often each option was chosen; those that never were are not there. */
  tally(id: string): Promise<{ readonly choice: number | null; readonly count: number }[]>

  /** In the order of user keys, from behind `after`. */
  answers(id: string, after: string, limit: number): Promise<AnnouncementAnswer[]>

  /** Drops at most `limit` answers whose time is over, and the announcements that have none left. */
  purge(now: number, limit: number): Unit
}
