import { Conflict, type Database, type Statement } from './database.ts'
import { REPEAT_MILLISECONDS } from './mailboxes.ts'
import { sentMail, sentMailFrom } from './migrations/0011-settled-mail.ts'
import { migrations as all } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'

/** Brings the schema up to date, and makes what the engine keeps in memory. @throws as `migrate` does */
export const makeReady = async (database: Database, now: number): Promise<void> => {
  await migrate(database, now)
  await recollect(database, now)
}

/** Makes what the engine keeps in memory anew, from what is on disk. */
export const recollect = async (database: Database, now: number): Promise<void> => {
  const { dialect } = database
  if (!dialect.inMemory) return
  const statements = [
    'DROP TABLE IF EXISTS temp.sent_mail',
    ...sentMail(dialect),
    ...sentMailFrom(now - REPEAT_MILLISECONDS),
  ]
  await database.commit(statements.map(plain))
}

/**
 * Brings the schema up to date, one unit per step. Nodes that start together take turns: each step waits for the lock,
 * then its guard sees whether another node was first.
 * @throws when the database was made by a newer program, with what to do about it.
 * @returns the names of the steps taken now.
 */
export const migrate = async (
  database: Database,
  now: number,
  migrations: readonly Migration[] = all,
): Promise<string[]> => {
  const { integer, text, tableOptions, lockMigrations } = database.dialect
  const lock = lockMigrations.map(plain)
  const create = `CREATE TABLE IF NOT EXISTS migrations
    (number ${integer} NOT NULL PRIMARY KEY, name ${text} NOT NULL, at ${integer} NOT NULL)${tableOptions}`
  await database.commit([...lock, plain(create)])

  const [row] = await database.read<{ newest: number | null }>('SELECT max(number) AS newest FROM migrations')
  const stored = row?.newest ?? 0
  const known = migrations.at(-1)?.number ?? 0
  if (stored > known) {
    throw new Error(
      `the database has schema ${stored} and this program knows schemas up to ${known}: ` +
        'start the version of Village that made it, or restore a backup from before the upgrade',
    )
  }

  const taken: string[] = []
  for (const { number, name, up } of migrations) {
    if (number <= stored) continue
    const untaken: Statement = {
      sql: 'SELECT number FROM migrations WHERE number = ?',
      params: [number],
      guard: { rows: 0, otherwise: 'AlreadyMigrated' },
    }
    const record: Statement = {
      sql: 'INSERT INTO migrations (number, name, at) VALUES (?, ?, ?)',
      params: [number, name, now],
    }
    try {
      await database.commit([...lock, untaken, ...up(database.dialect).map(plain), record])
      taken.push(name)
    } catch (error) {
      if (!(error instanceof Conflict)) throw error
    }
  }
  return taken
}

const plain = (sql: string): Statement => ({ sql, params: [] })
