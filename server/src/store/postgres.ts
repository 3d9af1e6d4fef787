import { type ClientConfig, TypeOverrides } from 'pg'
import { type Database, type SqlValue, StoreUnavailable, type Unit } from './database.ts'
import { numbered, postgres } from './dialect.ts'
import { type Named, PostgresConnection } from './postgres-connection.ts'

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`; never appears in an error. */
  readonly url: string
  /** Connections that write; units on different ones share the server's flush. */
  readonly writers?: number | undefined
  /** Connections that read. Apart from the writers, where a read would see the inside of a running unit. */
  readonly readers?: number | undefined
  /** How long the server may work on one statement or wait for one lock; 0 for as long as it takes. */
  readonly statementTimeoutMilliseconds?: number | undefined
}

const OID_BYTEA = 17
const OID_BIGINT = 20
const CONNECT_TIMEOUT_MILLISECONDS = 5000
/** Beyond the server's own timeout: the answer is lost, not late. */
const ANSWER_MARGIN_MILLISECONDS = 5000

/** Connects on first use; a server that is away shows as StoreUnavailable on every call until it is back. */
export const openPostgres = (options: PostgresOptions): Database => new PostgresDatabase(options)

class PostgresDatabase implements Database {
  readonly dialect = postgres
  readonly #writers: readonly PostgresConnection[]
  readonly #readers: readonly PostgresConnection[]
  // Bounded by the program: statement texts are constants, values are always parameters.
  readonly #named = new Map<string, Named>()
  #nextReader = 0
  #closed = false

  constructor({ url, writers = 8, readers = 2, statementTimeoutMilliseconds = 10_000 }: PostgresOptions) {
    const config = clientConfig(url, statementTimeoutMilliseconds)
    const connections = (count: number) =>
      Array.from({ length: count }, () => new PostgresConnection(config, sql => this.#name(sql)))
    this.#writers = connections(writers)
    this.#readers = connections(readers)
  }

  async read<Row>(sql: string, params: readonly SqlValue[] = []): Promise<Row[]> {
    this.#requireOpen()
    this.#nextReader = (this.#nextReader + 1) % this.#readers.length
    return this.#readers[this.#nextReader]!.read(sql, params)
  }

  async commit(unit: Unit, lane?: string): Promise<void> {
    this.#requireOpen()
    if (unit.length > 0) await this.#writer(lane).commit(unit)
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#writers, ...this.#readers].map(connection => connection.close()))
  }

  #requireOpen(): void {
    if (this.#closed) throw new StoreUnavailable('the store is closed')
  }

  /** A lane stays on its connection, which is what keeps it in order; anything else goes where least is waiting. */
  #writer(lane: string | undefined): PostgresConnection {
    if (lane !== undefined) return this.#writers[hash(lane) % this.#writers.length]!
    return this.#writers.reduce((least, connection) => (connection.pending < least.pending ? connection : least))
  }

  #name(sql: string): Named {
    let named = this.#named.get(sql)
    if (named === undefined) {
      named = { name: `village-${this.#named.size}`, text: numbered(sql) }
      this.#named.set(sql, named)
    }
    return named
  }
}

const clientConfig = (url: string, statementTimeoutMilliseconds: number): ClientConfig => {
  // Parsers of these connections only: the package's own table is shared by the whole process.
  const types = new TypeOverrides()
  const toBuffer = types.getTypeParser(OID_BYTEA) as unknown as (text: string) => Buffer
  types.setTypeParser(OID_BIGINT, 'text', Number)
  types.setTypeParser(OID_BYTEA, 'text', text => {
    const { buffer, byteOffset, byteLength } = toBuffer(text)
    return new Uint8Array(buffer, byteOffset, byteLength)
  })
  return {
    connectionString: url,
    types,
    pipeline: true,
    keepAlive: true,
    fallback_application_name: 'village',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
    statement_timeout: statementTimeoutMilliseconds,
    lock_timeout: statementTimeoutMilliseconds,
    idle_in_transaction_session_timeout: statementTimeoutMilliseconds,
    query_timeout: statementTimeoutMilliseconds && statementTimeoutMilliseconds + ANSWER_MARGIN_MILLISECONDS,
  }
}

/** FNV-1a, 32 bit. */
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  }
  return value >>> 0
}
