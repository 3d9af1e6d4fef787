import { Client } from 'pg'

export interface ScratchStore {
  /** For `store.url`; undefined for the SQLite file in the data folder. */
  readonly url: string | undefined
  remove(): Promise<void>
}

const usualPostgres = 'postgres://postgres@127.0.0.1:5432/test'

/** An empty place for a store: `sqlite`, or `postgres` for a schema of its own that goes away again. */
export const scratchStore = async (kind: string): Promise<ScratchStore> => {
  if (kind === 'sqlite') return { url: undefined, remove: async () => {} }
  if (kind !== 'postgres') throw new Error(`--store is sqlite or postgres, not ${kind}`)
  const base = process.env.VILLAGE_TEST_POSTGRES_URL ?? usualPostgres
  const schema = `village_kill_${crypto.randomUUID().replaceAll('-', '')}`
  const administer = async (sql: string) => {
    const client = new Client({ connectionString: base })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  await administer(`CREATE SCHEMA ${schema}`)
  const url = new URL(base)
  url.searchParams.set('options', `-csearch_path=${schema}`)
  return { url: url.href, remove: () => administer(`DROP SCHEMA ${schema} CASCADE`) }
}
