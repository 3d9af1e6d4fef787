import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import type { Database } from '../database.ts'
import { openPostgres } from '../postgres.ts'
import { openSqlite } from '../sqlite.ts'

/** An empty place for a database: `open` may be called several times, `remove` takes the place away. */
export interface Scratch {
  readonly url: string
  open(): Database
  remove(): Promise<void>
}

export interface Engine {
  readonly name: string
  /** Why the tests on this engine are left out, or undefined where they can run. */
  readonly skip?: string | undefined
  scratch(): Promise<Scratch>
}

export const scratchFolder = (): string => mkdtempSync(join(tmpdir(), 'village-store-'))

const memory: Engine = {
  name: 'sqlite in memory',
  scratch: async () => ({
    url: 'sqlite::memory:',
    open: () => openSqlite({ file: ':memory:' }),
    remove: async () => {},
  }),
}

const file: Engine = {
  name: 'sqlite file',
  scratch: async () => {
    const folder = scratchFolder()
    const path = join(folder, 'village.db')
    return {
      url: `sqlite:${path}`,
      open: () => openSqlite({ file: path }),
      remove: async () => rmSync(folder, { recursive: true }),
    }
  },
}

const postgresAt = (base: string | undefined): Engine => ({
  name: 'postgres',
  skip: base === undefined ? 'set VILLAGE_TEST_POSTGRES_URL to a database in which schemas may be made' : undefined,
  scratch: async () => {
    const schema = `village_test_${crypto.randomUUID().replaceAll('-', '')}`
    const administer = async (sql: string) => {
      const client = new Client({ connectionString: base })
      await client.connect()
      await client.query(sql)
      await client.end()
    }
    await administer(`CREATE SCHEMA ${schema}`)
    const url = new URL(base ?? '')
    url.searchParams.set('options', `-csearch_path=${schema}`)
    return {
      url: url.href,
      open: () => openPostgres({ url: url.href }),
      remove: () => administer(`DROP SCHEMA ${schema} CASCADE`),
    }
  },
})

/** Every engine the store runs on; PostgreSQL where VILLAGE_TEST_POSTGRES_URL says where one is. */
export const engines: readonly Engine[] = [memory, file, postgresAt(process.env.VILLAGE_TEST_POSTGRES_URL)]
