/** Where SQLite and PostgreSQL differ, by name. All other SQL is written once. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres'
  /** Column type of whole numbers up to 2^53. */
  readonly integer: string
  /** Column type of text that is compared and sorted by code point, whatever the locale of the server. */
  readonly text: string
  readonly bytes: string
  /** Column type of a primary key the engine assigns, growing and never used twice. */
  readonly sequence: string
  /** Follows the closing parenthesis of CREATE TABLE. */
  readonly tableOptions: string
  /** The same for a table whose rows are small and lie in the order of their primary key. */
  readonly keyedTableOptions: string
  /** What is known for minutes only is kept in memory: one process alone has the database, and reads it at its start. */
  readonly inMemory: boolean
  /**
   * Follows a SELECT whose row must stay as it is until the unit ends. The exclusive kind, since two units that share
   * a lock and then both update the row would deadlock; units of one session are in one lane and do not wait for it.
   */
  readonly lockRow: string
  /** Statements that make other nodes wait until this one has migrated. */
  readonly lockMigrations: readonly string[]
}

export const sqlite: Dialect = {
  name: 'sqlite',
  integer: 'INTEGER',
  text: 'TEXT',
  bytes: 'BLOB',
  sequence: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  // Without STRICT a wrong type is stored as it came and found out about only on PostgreSQL.
  tableOptions: ' STRICT',
  keyedTableOptions: ' STRICT, WITHOUT ROWID',
  inMemory: true,
  // A unit is the only writer while it runs.
  lockRow: '',
  lockMigrations: [],
}

export const postgres: Dialect = {
  name: 'postgres',
  integer: 'BIGINT',
  text: 'TEXT COLLATE "C"',
  bytes: 'BYTEA',
  sequence: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
  tableOptions: '',
  keyedTableOptions: '',
  inMemory: false,
  lockRow: ' FOR NO KEY UPDATE',
  // The number only has to be the same in every Village: the bytes of "vill".
  lockMigrations: ['SELECT pg_advisory_xact_lock(1986620524)'],
}

/** `?` placeholders to `$1`, `$2`, …  No statement of the store has a question mark in a literal. */
export const numbered = (sql: string): string => {
  let count = 0
  return sql.replaceAll('?', () => `$${++count}`)
}
