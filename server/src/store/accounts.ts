import type { Unit } from './database.ts'

/** What a password is checked against; the secret is meaningless without the key (sealed) or one-way (hash). */
export interface Credential {
  /** `sealed`: encrypted, as digest logins need the password itself. `hash`: a slow one-way hash. */
  readonly mode: 'sealed' | 'hash'
  readonly secret: Uint8Array
  /** Which key sealed it; null for a hash. */
  readonly keyId: string | null
  /** Layout of the secret, so that it can change. */
  readonly version: number
}

export interface Account {
  /** Canonical address, the key by which users are compared: `wv:alice@example.com`. */
  readonly userId: string
  /** The address as it was first written. */
  readonly address: string
  readonly createdAt: number
  readonly credential: Credential
}

/** The people this server knows. Methods that return a Unit only describe a write; see Database.commit. */
export interface Accounts {
  /** Conflict `AccountExists`. */
  add(account: Account): Unit

  /**
   * As `add`, while there are fewer than `mostAccounts` in all. Conflicts `TooManyAccounts`, `AccountExists`. On PostgreSQL
   * units that run at the same moment do not see each other, as with Mailboxes.append.
   */
  addWithin(account: Account, mostAccounts: number): Unit

  find(userId: string): Promise<Account | undefined>

  /** Accounts sorted by userId, beginning behind `after` (`''` for the first page). */
  list(after: string, limit: number): Promise<Account[]>

  /** Removes the account with its sessions and its mailbox. Conflict `NoSuchAccount`. */
  remove(userId: string): Unit

  /** Conflict `NoSuchAccount`. */
  setCredential(userId: string, credential: Credential): Unit

  /** OnlineETEMHandling (CSP 6.9.1); undefined where the user never said. */
  onlineHandling(userId: string): Promise<string | undefined>

  /** Conflict `NoSuchAccount`. */
  setOnlineHandling(userId: string, handling: string): Unit

  /** How many accounts can only be used with a key: asked at start, before somebody finds out by failing to log in. */
  countSealed(): Promise<number>
}
