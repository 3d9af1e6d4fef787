import { closeSync, constants as files, openSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Conflict, Database, Guard, SqlValue, Statement, Unit } from './database.ts'
import { StatementFailed, StoreUnavailable, unmet, violated } from './database.ts'
import { sqlite } from './dialect.ts'

export interface SqliteOptions {
  /** Path of the file, or `:memory:`. */
  readonly file: string
  /** Calls back once this turn's units have gathered; `setImmediate` unless a simulation brings its own. */
  readonly defer?: ((run: () => void) => void) | undefined
  /** Statements (not units) that may hold the event loop in one turn; some 10 microseconds each. */
  readonly statementsPerTurn?: number | undefined
}

interface Waiting {
  readonly unit: Unit
  readonly resolve: () => void
  readonly reject: (reason: Error) => void
  /** Set while a turn runs: why this unit has no effect. */
  failure?: Error | undefined
}

interface Prepared {
  readonly statement: StatementSync
  readonly reads: boolean
}

/** SQLite primary result codes that are nobody's mistake: the disk, the file or another process. */
const UNAVAILABLE: ReadonlySet<number> = new Set([
  5 /* BUSY */, 6 /* LOCKED */, 7 /* NOMEM */, 8 /* READONLY */, 10 /* IOERR */, 11 /* CORRUPT */, 13 /* FULL */,
  14 /* CANTOPEN */, 22 /* NOLFS */, 26 /* NOTADB */,
])
const CONSTRAINT_FOREIGN_KEY = 787
const CONSTRAINT_PRIMARY_KEY = 1555
const CONSTRAINT_UNIQUE = 2067

/** So often the event loop goes round at most before units that wait are flushed. */
const mostLooks = 16

/** Thrown inside a turn to start it again with savepoints. */
class NeedsSavepoints extends Error {}

const translate = (error: unknown, guard?: Guard): Error => {
  const { errcode, message } = error as { errcode?: number; message: string }
  if (errcode === undefined) return new StatementFailed(message)
  let conflict: Conflict | undefined
  if (errcode === CONSTRAINT_UNIQUE || errcode === CONSTRAINT_PRIMARY_KEY) conflict = violated(guard, 'duplicate')
  else if (errcode === CONSTRAINT_FOREIGN_KEY) conflict = violated(guard, 'orphan')
  if (conflict) return conflict
  if (UNAVAILABLE.has(errcode & 0xff)) return new StoreUnavailable(`SQLite: ${message}`)
  return new StatementFailed(`SQLite: ${message}`)
}

/** Opens or creates a database file, readable by its owner only. @throws StoreUnavailable */
export const openSqlite = (options: SqliteOptions): Database => new SqliteDatabase(options)

/**
 * Units queue up while requests are handled, as long as the network brings more of them, then run in one synchronous
 * loop: a turn. It is one transaction with one flush.
 */
class SqliteDatabase implements Database {
  readonly dialect = sqlite
  readonly #database: DatabaseSync
  readonly #defer: (run: () => void) => void
  readonly #statementsPerTurn: number
  // Bounded by the program: statement texts are constants, values are always parameters.
  readonly #prepared = new Map<string, Prepared>()
  #queue: Waiting[] = []
  #scheduled = false
  #isReading = false
  #asked = 0
  #closed = false

  constructor({ file, defer = setImmediate, statementsPerTurn = 512 }: SqliteOptions) {
    this.#defer = defer
    this.#statementsPerTurn = statementsPerTurn
    try {
      // SQLite would create it readable by all; the -wal and -shm files take the mode of this one.
      if (file !== ':memory:') closeSync(openSync(file, files.O_RDWR | files.O_CREAT, 0o600))
      this.#database = new DatabaseSync(file, { timeout: 1000, enableForeignKeyConstraints: true })
      this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY')
      // Most pages change many times over; 16 MiB of log carry each of them to its place less often than the usual 4.
      this.#database.exec('PRAGMA wal_autocheckpoint = 4096')
    } catch (error) {
      const hint = 'check that the folder exists, that you may write to it and that the file is a SQLite database'
      throw new StoreUnavailable(`cannot open ${file}: ${(error as Error).message}; ${hint}`)
    }
  }

  async read<Row>(sql: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    this.#requireOpen()
    this.#asked++
    try {
      this.#beginReads()
      return this.#prepare(sql).statement.all(...params) as Row[]
    } catch (error) {
      throw translate(error)
    }
  }

  async commit(unit: Unit): Promise<void> {
    this.#requireOpen()
    if (unit.length === 0) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#asked++
    this.#queue.push({ unit, resolve, reject })
    this.#schedule()
    await promise
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    while (this.#queue.length > 0) this.#runTurn()
    this.#endReads()
    this.#prepared.clear()
    this.#database.close()
  }

  #requireOpen(): void {
    if (this.#closed) throw new StoreUnavailable('the store is closed')
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#gather(0, 0)
  }

  /** A flush takes as long as many requests: as long as each look at the network brings work for the store it waits. */
  #gather(asked: number, looks: number): void {
    this.#defer(() => {
      if (this.#asked > asked && looks < mostLooks) return this.#gather(this.#asked, looks + 1)
      this.#scheduled = false
      if (this.#queue.length === 0) return
      this.#runTurn()
      if (this.#queue.length > 0) this.#schedule()
    })
  }

  #runTurn(): void {
    const turn = this.#takeTurn()
    try {
      this.#transact(turn)
    } catch (error) {
      // Nothing of this turn is on disk, or nobody can tell: its units fall together.
      const reason = new StoreUnavailable(`the flush failed: ${(error as Error).message}`)
      for (const waiting of turn) waiting.reject(reason)
      return
    }
    for (const { failure, resolve, reject } of turn) {
      if (failure) reject(failure)
      else resolve()
    }
  }

  /** Reads that come together are one transaction, since each by itself would have to take the locks of the file anew. */
  #beginReads(): void {
    if (this.#isReading) return
    this.#run('BEGIN')
    this.#isReading = true
    this.#defer(() => this.#endReads())
  }

  /** Nothing was written, so it is let go, which no disk can refuse. A read that failed badly may have ended it. */
  #endReads(): void {
    if (!this.#isReading) return
    this.#isReading = false
    if (this.#database.isTransaction) this.#run('ROLLBACK')
  }

  #takeTurn(): Waiting[] {
    let statements = 0
    let units = 0
    while (units < this.#queue.length) {
      statements += this.#queue[units]!.unit.length
      if (units > 0 && statements > this.#statementsPerTurn) break
      units += 1
    }
    return this.#queue.splice(0, units)
  }

  /** Savepoints cost 15 % and matter only to a unit that fails after it changed something, so they come second. */
  #transact(turn: Waiting[]): void {
    for (const savepoints of [false, true]) {
      try {
        this.#endReads()
        this.#run('BEGIN IMMEDIATE')
        for (const waiting of turn) waiting.failure = this.#runUnit(waiting.unit, savepoints)
        this.#run('COMMIT')
        return
      } catch (error) {
        if (this.#database.isTransaction) this.#run('ROLLBACK')
        if (!(error instanceof NeedsSavepoints)) throw error
      }
    }
  }

  /** @returns why the unit has no effect. @throws when the whole turn is lost. */
  #runUnit(unit: Unit, savepoints: boolean): Error | undefined {
    if (savepoints) this.#run('SAVEPOINT unit')
    let changes = 0
    let failure: Error | undefined
    for (const statement of unit) {
      try {
        const { rows, changed } = this.#runStatement(statement)
        changes += changed
        failure = unmet(statement.guard, rows)
      } catch (error) {
        // Where the disk is full SQLite ends the transaction by itself, and with it what earlier units did.
        if (!this.#database.isTransaction) throw error
        failure = translate(error, statement.guard)
      }
      if (failure) break
    }
    if (failure && changes > 0) {
      if (!savepoints) throw new NeedsSavepoints()
      this.#run('ROLLBACK TO unit')
    }
    if (savepoints) this.#run('RELEASE unit')
    return failure
  }

  #runStatement({ sql, params }: Statement): { rows: number; changed: number } {
    const { statement, reads } = this.#prepare(sql)
    if (reads) return { rows: statement.all(...params).length, changed: 0 }
    const changed = Number(statement.run(...params).changes)
    return { rows: changed, changed }
  }

  #run(sql: string): void {
    this.#prepare(sql).statement.run()
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#prepared.get(sql)
    if (prepared === undefined) {
      const statement = this.#database.prepare(sql)
      prepared = { statement, reads: statement.columns().length > 0 }
      this.#prepared.set(sql, prepared)
    }
    return prepared
  }
}
