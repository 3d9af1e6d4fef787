import type { Database } from '../database.ts'
import type { CopyName, History, HistoryEntry } from '../history.ts'

const NAME = 'sequence, message_id AS "messageId"'

// A repeat that reaches further recipients meets the content of the first time.
const ADD_CONTENT = `INSERT INTO history_contents (message_id, info, content, expires_at) VALUES (?, ?, ?, ?)
  ON CONFLICT (message_id) DO UPDATE SET expires_at = excluded.expires_at
  WHERE excluded.expires_at > history_contents.expires_at`
const ADD_COPY = `INSERT INTO history (owner, message_id, direction, other, accepted_at, expires_at)
  VALUES (?, ?, ?, ?, ?, ?)`
const SIZES = `SELECT sequence, coalesce(length(content), 0) AS "octets"
  FROM history JOIN history_contents USING (message_id)
  WHERE owner = ? AND sequence > ? ORDER BY sequence LIMIT ? + 0`
const PAGE = `SELECT sequence, message_id AS "messageId", owner, direction, other, accepted_at AS "acceptedAt",
  history.expires_at AS "expiresAt", info, content FROM history JOIN history_contents USING (message_id)
  WHERE owner = ? AND sequence > ? AND sequence <= ? ORDER BY sequence`
const BEFORE = `SELECT ${NAME} FROM history WHERE owner = ? AND accepted_at < ? ORDER BY sequence LIMIT ? + 0`
const EXPIRED = `SELECT ${NAME} FROM history WHERE expires_at <= ? ORDER BY expires_at LIMIT ? + 0`
// Whoever takes another copy of the message at the same moment waits, and then sees whether it was the last.
const LOCK = 'SELECT message_id FROM history_contents WHERE message_id = ?'
const FORGET = 'DELETE FROM history WHERE sequence = ?'
const DROP_UNKEPT = `DELETE FROM history_contents WHERE message_id = ?
  AND NOT EXISTS (SELECT 1 FROM history WHERE history.message_id = history_contents.message_id)`
const DROP_OWN = `DELETE FROM history_contents WHERE message_id IN (SELECT message_id FROM history WHERE owner = ?)
  AND NOT EXISTS (SELECT 1 FROM history WHERE history.message_id = history_contents.message_id AND owner <> ?)`
const PURGE = `DELETE FROM history_contents WHERE message_id IN
  (SELECT message_id FROM history_contents WHERE expires_at <= ? ORDER BY expires_at LIMIT ? + 0)`

export const sqlHistory = (database: Database): History => ({
  add: ({ messageId, info, content }, copies) => {
    if (copies.length === 0) return []
    const latest = Math.max(...copies.map(({ expiresAt }) => expiresAt))
    return [
      { sql: ADD_CONTENT, params: [messageId, info, content, latest] },
      ...copies.map(({ owner, direction, other, acceptedAt, expiresAt }) => ({
        sql: ADD_COPY,
        params: [owner, messageId, direction, other, acceptedAt, expiresAt],
        guard: { rows: 1, otherwise: 'NoSuchAccount', subject: owner } as const,
      })),
    ]
  },

  async page(owner, after, limit, octets) {
    const sizes = await database.read<{ sequence: number; octets: number }>(SIZES, [owner, after, limit])
    let [upTo, sum] = [after, 0]
    for (const copy of sizes) {
      sum += copy.octets
      if (upTo > after && sum > octets) break
      upTo = copy.sequence
    }
    return database.read<HistoryEntry>(PAGE, [owner, after, upTo])
  },

  before: (owner, time, limit) => database.read<CopyName>(BEFORE, [owner, time, limit]),

  expired: (now, limit) => database.read<CopyName>(EXPIRED, [now, limit]),

  forget: copies => [
    ...messagesOf(copies).map(messageId => ({ sql: LOCK + database.dialect.lockRow, params: [messageId] })),
    ...copies.map(({ sequence }) => ({ sql: FORGET, params: [sequence] })),
    ...messagesOf(copies).map(messageId => ({ sql: DROP_UNKEPT, params: [messageId] })),
  ],

  forgetAllOf: owner => [{ sql: DROP_OWN, params: [owner, owner] }],

  purge: (now, limit) => [{ sql: PURGE, params: [now, limit] }],
})

/** In an order that is the same for all, so that two who lock them cannot wait for each other. */
const messagesOf = (copies: readonly CopyName[]) => [...new Set(copies.map(({ messageId }) => messageId))].sort()
