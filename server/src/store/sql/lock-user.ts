import type { Database, Statement } from '../database.ts'

const USER = 'SELECT 1 FROM accounts WHERE user_id = ?'

/** Who comes next with the same user waits, and then counts anew. Conflict `NoSuchAccount`. */
export const lockUser = ({ dialect }: Pick<Database, 'dialect'>, userId: string): Statement => ({
  sql: USER + dialect.lockRow,
  params: [userId],
  guard: { rows: 1, otherwise: 'NoSuchAccount', subject: userId },
})
