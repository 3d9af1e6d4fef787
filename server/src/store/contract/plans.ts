import type { Database, SqlValue, Unit } from '../database.ts'

/** A database that reads nothing: what it is asked for is explained. */
export interface Explained {
  readonly database: Database
  /** How SQLite looks for the rows of each statement, in the order they came. */
  readonly plans: string[]
  explain(unit: Unit): Promise<void>
}

export const explained = (database: Database): Explained => {
  const plans: string[] = []
  const read = async (sql: string, params: readonly SqlValue[] = []) => {
    const steps = await database.read<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params)
    plans.push(steps.map(({ detail }) => detail).join('; '))
    return []
  }
  return {
    database: { dialect: database.dialect, read, commit: async () => {}, close: async () => {} },
    plans,
    async explain(unit) {
      for (const { sql, params } of unit) await read(sql, params)
    },
  }
}
