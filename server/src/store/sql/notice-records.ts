import type { Database } from '../database.ts'
import type { NoticeRecord, NoticeRecords } from '../notice-records.ts'

const FIND = 'SELECT last_at AS "lastAt", count FROM offline_notices WHERE user_id = ?'
/** Nothing sent yet is a count of 0, which no row has: then only the insertion can succeed. */
const NOTE = `INSERT INTO offline_notices (user_id, last_at, count)
  SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE user_id = ? AND ended_at IS NULL)
  ON CONFLICT (user_id) DO UPDATE SET last_at = excluded.last_at, count = excluded.count
    WHERE offline_notices.count = ?`
const RESTORE = 'UPDATE offline_notices SET last_at = ?, count = ? WHERE user_id = ? AND last_at = ?'
const REMOVE = 'DELETE FROM offline_notices WHERE user_id = ? AND last_at = ?'
const FORGET = 'DELETE FROM offline_notices WHERE user_id = ?'

export const sqlNoticeRecords = (database: Database): NoticeRecords => ({
  async find(userId) {
    const [row] = await database.read<NoticeRecord>(FIND, [userId])
    return row
  },

  note(userId, before, at) {
    const count = before?.count ?? 0
    return [
      {
        sql: NOTE,
        params: [userId, at, count + 1, userId, count],
        guard: { rows: 1, otherwise: 'NoNotice', orphan: 'NoSuchAccount', subject: userId },
      },
    ]
  },

  takeBack: (userId, before, at) => [
    before === undefined
      ? { sql: REMOVE, params: [userId, at] }
      : { sql: RESTORE, params: [before.lastAt, before.count, userId, at] },
  ],

  forget: userId => [{ sql: FORGET, params: [userId] }],
})
