import type { Unit } from './database.ts'

/**
 * What a session needs to go on after a restart or on another node. The Session-ID itself is never stored, only its
 * digest: a stolen database opens no session.
 */
export interface SessionRecord extends SessionTerms {
  /** SHA-256 of the Session-ID in base64url. */
  readonly idDigest: string
  readonly userId: string
  /** Canonical Client-ID: at most one open session per user and client. */
  readonly clientKey: string
  readonly applicationId: string | null
  readonly version: '1.1' | '1.2' | '1.3'
  readonly syntax: 'xml' | 'wbxml'
  readonly cookie: string
  /** Drawn at login; part of the key by which a repeated transaction is known. */
  readonly loginEpoch: string
  /** Counts the nodes that have held the session; a node that holds an older one has lost it. */
  readonly claimEpoch: number
  readonly node: string
  readonly startedAt: number
  /** Written lazily: may lag behind by as much as the server's write interval. */
  readonly lastActivityAt: number
  readonly endedAt: number | null
  /** Status code with which the session ended. */
  readonly endReason: number | null
}

/** What changes when a session is taken over: by a node, and where its client logs in again also by a login. */
export type Claim = Pick<SessionRecord, 'node' | 'loginEpoch' | 'cookie' | 'keepAliveSeconds'>

/** What client and server settle between them, at login and after. */
export interface SessionTerms {
  readonly keepAliveSeconds: number | null
  readonly addressForm: 'local' | 'qualified'
  /** Services, capabilities and delivery method, as JSON. */
  readonly agreement: string
}

interface Activity {
  readonly idDigest: string
  readonly lastActivityAt: number
}

/** The sessions that are open, and for a while those that were. */
export interface SessionRecords {
  /**
   * Conflicts `ClientIdInUse`, `NoSuchAccount`, `TooManySessions` (the user has `mostOpen` already). To replace a session
   * put `end` of the old one before it. With `fromEpoch` it is one of before under the same id, open or ended, which is
   * taken up again from whoever held it at that epoch; conflict `SessionClaimed` if it is there no more.
   */
  open(session: SessionRecord, mostOpen: number, fromEpoch?: number): Unit

  /** Ended sessions are found too, until they are purged. */
  find(idDigest: string): Promise<SessionRecord | undefined>

  /** The user's open sessions, oldest first. */
  ofUser(userId: string): Promise<SessionRecord[]>

  /** All open sessions sorted by idDigest, beginning behind `after` (`''` for the first page). */
  allOpen(after: string, limit: number): Promise<SessionRecord[]>

  /**
   * Goes first in every unit of a session: nothing is written by a node that lost it. Conflict `SessionClaimed`, also
   * where the session has ended.
   */
  hold(idDigest: string, claimEpoch: number): Unit

  /** Conflict `NoSuchSession`. */
  agree(idDigest: string, terms: SessionTerms): Unit

  /** Never moves a session's activity backwards; sessions that ended meanwhile are passed over. */
  touch(activities: readonly Activity[]): Unit

  /** Conflict `NoSuchSession`, also where it has ended already. */
  end(idDigest: string, at: number, reason: number): Unit

  /** Takes a session over from whoever holds `fromEpoch`; the new epoch is one more. Conflict `SessionClaimed`. */
  claim(idDigest: string, fromEpoch: number, claim: Claim): Unit

  /** Forgets sessions that ended before a time. */
  purgeEnded(before: number): Unit
}
