import { Client, type ClientConfig, DatabaseError, type QueryResult } from 'pg'
import type { Guard, SqlValue, Statement, Unit } from './database.ts'
import { type Conflict, StatementFailed, StoreUnavailable, unmet, violated } from './database.ts'

/** A statement as PostgreSQL knows it: named, so that it is planned once per connection. */
export interface Named {
  readonly name: string
  readonly text: string
}

/** Serialization failure and deadlock: the engine rolled one of two units back and expects it again. */
const TRANSIENT: ReadonlySet<string> = new Set(['40001', '40P01'])
const ATTEMPTS = 3
/** SQLSTATE classes that are nobody's mistake: connection, transaction, resources, operator, system. */
const UNAVAILABLE: ReadonlySet<string> = new Set(['08', '40', '53', '57', '58'])
/** A standby that has not been promoted yet; a lock not had within lock_timeout. */
const UNAVAILABLE_CODES: ReadonlySet<string> = new Set(['25006', '55P03'])
const UNIQUE_VIOLATION = '23505'
const FOREIGN_KEY_VIOLATION = '23503'

const BACKOFF_FIRST_MILLISECONDS = 100
const BACKOFF_LONGEST_MILLISECONDS = 5000

/** Only the message is kept: `detail` quotes whole rows, and rows hold credentials. */
const translate = (error: unknown, guard?: Guard): Error => {
  if (!(error instanceof DatabaseError)) return new StoreUnavailable(`PostgreSQL: ${(error as Error).message}`)
  const code = error.code ?? ''
  let conflict: Conflict | undefined
  if (code === UNIQUE_VIOLATION) conflict = violated(guard, 'duplicate')
  else if (code === FOREIGN_KEY_VIOLATION) conflict = violated(guard, 'orphan')
  if (conflict) return conflict
  const away = error.severity === 'FATAL' || UNAVAILABLE.has(code.slice(0, 2)) || UNAVAILABLE_CODES.has(code)
  const message = `PostgreSQL: ${error.message} (${code})`
  return away ? new StoreUnavailable(message) : new StatementFailed(message)
}

interface Failure {
  readonly reason: Error
  /** Whether the engine asks for the same unit again. */
  readonly again: boolean
}

const isTransient = (error: unknown): boolean => error instanceof DatabaseError && TRANSIENT.has(error.code ?? '')

/**
 * One connection that is made when needed and made again after it broke. Statements are pipelined: everything a unit
 * says is on its way before the first answer is back.
 */
export class PostgresConnection {
  readonly #config: ClientConfig
  readonly #named: (sql: string) => Named
  #client: Promise<Client> | undefined
  #turn: Promise<void> = Promise.resolve()
  #failures = 0
  #retryAt = 0
  /** Units given and not yet answered. */
  pending = 0

  constructor(config: ClientConfig, named: (sql: string) => Named) {
    this.#config = config
    this.#named = named
  }

  async read<Row>(sql: string, params: readonly SqlValue[]): Promise<Row[]> {
    const client = await this.#connected()
    try {
      const result = await this.#query(client, sql, params)
      return result.rows as Row[]
    } catch (error) {
      // The package has given the connection up, but says so only when its socket is closed: the next read needs another.
      if (!(error instanceof DatabaseError)) this.#drop(client)
      throw translate(error)
    }
  }

  /**
   * A unit takes its turn when the one before it has *sent* its COMMIT, not when that is answered: the server works
   * through one connection in order, so only the round trip is saved and no unit sees half of another.
   */
  async commit(unit: Unit): Promise<void> {
    const { promise, resolve: passOn } = Promise.withResolvers<void>()
    const previous = this.#turn
    this.#turn = promise
    this.pending += 1
    try {
      await previous
      const client = await this.#connected()
      let failure = await this.#run(client, unit)
      for (let attempt = 1; attempt < ATTEMPTS && failure?.again; attempt++) {
        await this.#finish(client, 'ROLLBACK')
        failure = await this.#run(client, unit)
      }
      const finished = this.#finish(client, failure ? 'ROLLBACK' : 'COMMIT')
      passOn()
      await finished
      if (failure) throw failure.reason
    } finally {
      this.pending -= 1
      passOn()
    }
  }

  async close(): Promise<void> {
    await this.#turn
    const client = await this.#client?.catch(() => undefined)
    await client?.end()
  }

  /** @returns the first failure in the order of the statements; those behind it failed only because of it. */
  async #run(client: Client, unit: Unit): Promise<Failure | undefined> {
    const begun = client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
    const answers = await Promise.allSettled([
      begun,
      ...unit.map(({ sql, params }: Statement) => this.#query(client, sql, params)),
    ])
    for (const [index, answer] of answers.entries()) {
      const guard = unit[index - 1]?.guard
      if (answer.status === 'rejected')
        return { reason: translate(answer.reason, guard), again: isTransient(answer.reason) }
      const conflict = unmet(guard, answer.value.rowCount ?? 0)
      if (conflict) return { reason: conflict, again: false }
    }
    return undefined
  }

  async #finish(client: Client, verdict: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    try {
      const result = await client.query(verdict)
      if (result.command === verdict) return
    } catch (error) {
      // Nobody can tell which transaction the connection is in now.
      this.#drop(client)
      throw translate(error)
    }
    throw new StoreUnavailable(`PostgreSQL answered ${verdict} by rolling back`)
  }

  #query(client: Client, sql: string, params: readonly SqlValue[]): Promise<QueryResult> {
    return client.query({ ...this.#named(sql), values: params as SqlValue[] })
  }

  async #connected(): Promise<Client> {
    if (this.#client === undefined) {
      if (Date.now() < this.#retryAt) throw new StoreUnavailable('PostgreSQL cannot be reached; trying again soon')
      const opening = this.#open()
      this.#client = opening
      opening.catch(() => this.#forget(opening))
    }
    try {
      return await this.#client
    } catch (error) {
      throw translate(error)
    }
  }

  async #open(): Promise<Client> {
    const client = new Client(this.#config)
    client.on('error', () => this.#drop(client))
    try {
      await client.connect()
      // "Acknowledged means on disk" does not bend to a server set up otherwise.
      await client.query(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
      )
    } catch (error) {
      const wait = Math.min(BACKOFF_FIRST_MILLISECONDS * 2 ** this.#failures, BACKOFF_LONGEST_MILLISECONDS)
      this.#failures += 1
      this.#retryAt = Date.now() + wait
      void client.end().catch(() => {})
      throw error
    }
    this.#failures = 0
    return client
  }

  #drop(client: Client): void {
    const current = this.#client
    void current?.then(
      held => held === client && this.#forget(current),
      () => {},
    )
    void client.end().catch(() => {})
  }

  /** The next use connects anew. */
  #forget(client: Promise<Client>): void {
    if (this.#client === client) this.#client = undefined
  }
}
