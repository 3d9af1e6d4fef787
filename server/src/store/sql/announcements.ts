import { type AnnouncementRecord, type Announcements, cannotShow } from '../announcements.ts'
import type { Database } from '../database.ts'

const COLUMNS = `sequence, id, text, requires_response AS "requiresResponse", options, sent_at AS "sentAt", expires_at AS "expiresAt", recipients,
  (SELECT count(*) FROM announcement_answers
    WHERE announcement_id = announcements.id AND (choice IS NULL OR choice <> ${cannotShow})) AS "answered"`

const ADD = `INSERT INTO announcements
  (id, text, requires_response, options, sent_at, expires_at, forget_at, recipients) VALUES (?, ?, ?, ?, ?, ?, ?, 0)`
const FORGET_OLDEST = `UPDATE announcements SET forget_at = ? WHERE forget_at > ? AND sequence <=
  (SELECT sequence FROM announcements ORDER BY sequence DESC LIMIT 1 OFFSET ?)`
const REACH = 'UPDATE announcements SET recipients = recipients + ? WHERE id = ?'
const ANSWER = `INSERT INTO announcement_answers (announcement_id, user_id, choice, answered_at)
  SELECT ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM announcements WHERE id = ?)
  ON CONFLICT (announcement_id, user_id) DO UPDATE SET choice = excluded.choice, answered_at = excluded.answered_at
  WHERE announcement_answers.choice = ${cannotShow}`
const LIST = `SELECT ${COLUMNS} FROM announcements
  WHERE sequence < ? AND forget_at > ? ORDER BY sequence DESC LIMIT ? + 0`
const FIND = `SELECT ${COLUMNS} FROM announcements WHERE id = ? AND forget_at > ?`
const TALLY = `SELECT choice, count(*) AS "count" FROM announcement_answers
  WHERE announcement_id = ? GROUP BY choice ORDER BY choice`
const ANSWERS = `SELECT user_id AS "userId", choice, answered_at AS "answeredAt" FROM announcement_answers
  WHERE announcement_id = ? AND user_id > ? ORDER BY user_id LIMIT ? + 0`
const PURGE_ANSWERS = `DELETE FROM announcement_answers WHERE (announcement_id, user_id) IN
  (SELECT announcement_id, user_id FROM announcement_answers
    JOIN announcements ON id = announcement_id WHERE forget_at <= ? LIMIT ? + 0)`
const PURGE = `DELETE FROM announcements WHERE forget_at <= ? AND NOT EXISTS
  (SELECT 1 FROM announcement_answers WHERE announcement_id = announcements.id)`

interface Row extends Omit<AnnouncementRecord, 'requiresResponse' | 'options'> {
  readonly requiresResponse: number
  readonly options: string
}

const recordOf = (row: Row): AnnouncementRecord => ({
  ...row,
  requiresResponse: row.requiresResponse === 1,
  options: JSON.parse(row.options),
})

export const sqlAnnouncements = (database: Database): Announcements => ({
  add: ({ id, text, requiresResponse, options, sentAt, expiresAt, forgetAt }, most) => [
    {
      sql: ADD,
      params: [id, text, requiresResponse ? 1 : 0, JSON.stringify(options), sentAt, expiresAt, forgetAt],
    },
    { sql: FORGET_OLDEST, params: [sentAt, sentAt, most] },
  ],

  reach: (id, recipients) => [{ sql: REACH, params: [recipients, id] }],

  answer: (id, { userId, choice, answeredAt }) => [{ sql: ANSWER, params: [id, userId, choice, answeredAt, id] }],

  async list(before, limit, now) {
    const rows = await database.read<Row>(LIST, [before ?? Number.MAX_SAFE_INTEGER, now, limit])
    return rows.map(recordOf)
  },

  async find(id, now) {
    const [row] = await database.read<Row>(FIND, [id, now])
    return row && recordOf(row)
  },

  tally: id => database.read(TALLY, [id]),

  answers: (id, after, limit) => database.read(ANSWERS, [id, after, limit]),

  purge: (now, limit) => [
    { sql: PURGE_ANSWERS, params: [now, limit] },
    { sql: PURGE, params: [now] },
  ],
})
