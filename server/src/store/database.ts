/**
 * The seam between the nouns of the store and the engine below them.
 *
 * A write is a *unit*: a list of statements that take effect together or not at all. It is data rather than a callback,
 * so that nothing can be awaited in its middle, many units can share one flush, and a driver may run it again.
 */

import type { Dialect } from './dialect.ts'

export type SqlValue = string | number | Uint8Array | null

/** What a failed guard is called. Handlers catch these by name, read again and retry or refuse. */
export type ConflictName =
  | 'AccountExists'
  | 'TooManyAccounts'
  | 'NoSuchAccount'
  | 'ClientIdInUse'
  | 'TooManySessions'
  | 'SessionClaimed'
  | 'NoSuchSession'
  | 'QueueFull'
  | 'AlreadySent'
  | 'NoSuchMessage'
  | 'BlockListFull'
  | 'GrantListFull'
  | 'ContactListExists'
  | 'NoSuchContactList'
  | 'TooManyContactLists'
  | 'TooManyContacts'
  | 'TooManyAttributeLists'
  | 'TooManySubscriptions'
  | 'TooManyWatchers'
  | 'NoNotice'
  | 'AlreadyMigrated'

/**
 * What a statement promises. A broken promise undoes its unit and rejects it with a {@link Conflict}.
 * Constraints of the schema count as promises too: they hold across nodes, where a check before the write would not.
 */
export interface Guard {
  /** Rows the statement must change or, for a SELECT, return. */
  readonly rows: number
  readonly otherwise: ConflictName
  /** The name of a unique violation, where it differs from `otherwise`. */
  readonly duplicate?: ConflictName | undefined
  /** The name of a reference to a row that is not there, where it differs from `otherwise`. */
  readonly orphan?: ConflictName | undefined
  /** Whom the guard is about (a user key), so that a unit for many recipients can tell which of them failed. */
  readonly subject?: string | undefined
}

/** One statement with `?` placeholders: a SELECT, or a write without RETURNING. */
export interface Statement {
  readonly sql: string
  readonly params: readonly SqlValue[]
  readonly guard?: Guard | undefined
}

export type Unit = readonly Statement[]

export interface Database {
  readonly dialect: Dialect

  /**
   * Reads what is committed, never the inside of a running unit. `Row` is the caller's word for the columns selected.
   * @throws StoreUnavailable
   */
  read<Row>(sql: string, params?: readonly SqlValue[]): Promise<Row[]>

  /**
   * Runs a unit and resolves when it is on disk. Units of one lane take effect in the order they were given.
   * @throws Conflict when a guard failed: the unit had no effect.
   * @throws StoreUnavailable when the engine failed. Where that happened during the flush the unit may still have
   * taken effect, so a repeat has to be recognisable (see Mailboxes.byOrigin).
   */
  commit(unit: Unit, lane?: string): Promise<void>

  /** Lets queued units finish, then releases files and connections. */
  close(): Promise<void>
}

/** A guard did not hold; the unit had no effect. */
export class Conflict extends Error {
  override readonly name = 'Conflict'
  readonly conflict: ConflictName
  readonly subject: string | undefined

  constructor(conflict: ConflictName, subject?: string) {
    super(subject === undefined ? conflict : `${conflict}: ${subject}`)
    this.conflict = conflict
    this.subject = subject
  }
}

/** Whether a unit failed for one of these. */
export const isConflict = (error: unknown, ...names: readonly ConflictName[]): boolean =>
  error instanceof Conflict && names.includes(error.conflict)

/** What to do about a failed unit where these are as good as success: nothing. Everything else is thrown on. */
export const ignoring =
  (...names: readonly ConflictName[]) =>
  (error: unknown) => {
    if (!isConflict(error, ...names)) throw error
  }

/** The engine cannot serve now: disk full, connection lost, timeout. Worth trying again later. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** The engine refused a statement: a mistake in the program. Carries no values, for they may be secrets. */
export class StatementFailed extends Error {
  override readonly name = 'StatementFailed'
}

/** The conflict a row count amounts to, or undefined where the guard holds. */
export const unmet = (guard: Guard | undefined, rows: number): Conflict | undefined => {
  if (guard === undefined || rows === guard.rows) return undefined
  return new Conflict(guard.otherwise, guard.subject)
}

/** The conflict a violated constraint amounts to, or undefined where the statement made no promise about it. */
export const violated = (guard: Guard | undefined, constraint: 'duplicate' | 'orphan'): Conflict | undefined =>
  guard && new Conflict(guard[constraint] ?? guard.otherwise, guard.subject)
