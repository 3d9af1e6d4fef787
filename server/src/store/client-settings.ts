import type { Unit } from './database.ts'

/** What is remembered of a client while it is not there; it outlives all its sessions (CSP 6.9.1). */
export interface ClientRecord {
  readonly userId: string
  /** Canonical Client-ID. */
  readonly clientKey: string
  /** OfflineETEMHandling; null where the client never said. */
  readonly offlineHandling: string | null
  /** What was agreed on last and in what language, as JSON; null where the client has to be asked. */
  readonly capabilities: string | null
  /** SupportedOfflineBearer as agreed on, in order of preference and separated by blanks; null for none. */
  readonly offlineBearers: string | null
  /** Where those bearers find the user; null where no gateway ever told. */
  readonly msisdn: string | null
  /** Milliseconds since the epoch. */
  readonly usedAt: number
}

/** How a client is told of messages while nobody of its user is logged in (CSP 9.1.7). */
export interface ToNotify {
  readonly clientKey: string
  /** Agreed bearers, separated by blanks, the one the client likes best first. */
  readonly offlineBearers: string
  readonly msisdn: string | null
}

export interface ClientSettings {
  /** Undefined where the client settled nothing, or so long ago that it made room for others. */
  find(userId: string, clientKey: string): Promise<ClientRecord | undefined>

  /**
   * Takes the place of what was remembered of the client. Two things stay where the record has null: its wish for
   * messages, and, as long as there are bearers to use it, its number. Clients draw their ids as they like, so that only
   * those of a user that were used last are kept, `most` of them. Conflict `NoSuchAccount`.
   */
  remember(client: ClientRecord, most: number): Unit

  /**
   * Whether a client has agreed to be told of messages while it is not there (OFFNOTIF), the last word counts. A client
   * nothing was remembered of is from now on, as `remember` does it. Conflict `NoSuchAccount`.
   */
  setNotices(client: Pick<ClientRecord, 'userId' | 'clientKey' | 'usedAt'>, isWanted: boolean, most: number): Unit

  /** The clients of a user that agreed to be told, and on a bearer for it; the one used last comes first. */
  toNotify(userId: string): Promise<ToNotify[]>
}
