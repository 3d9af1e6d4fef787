import type { Database } from '../database.ts'
import { type ListedItem, type Mailboxes, type MailItem, type Queue, TOMBSTONE_MILLISECONDS } from '../mailboxes.ts'

const COLUMNS = `sequence, message_id AS "messageId", recipient, kind, origin, info, content,
  accepted_at AS "acceptedAt", expires_at AS "expiresAt", report_to AS "reportTo", given_to AS "givenTo",
  settled_at AS "settledAt"`

const COUNT = 'SELECT count(*) AS "count" FROM mail WHERE recipient = ? AND settled_at IS NULL AND kind = ?'
const COUNT_ALL = 'SELECT count(*) AS "count" FROM mail WHERE settled_at IS NULL'
const LIST = `SELECT sequence, message_id AS "messageId", kind, info, accepted_at AS "acceptedAt",
  expires_at AS "expiresAt", coalesce(length(content), 0) AS "octets" FROM mail
  WHERE recipient = ? AND sequence > ? AND settled_at IS NULL ORDER BY sequence LIMIT ? + 0`
const LONGEST = `SELECT recipient, count(*) AS "count", min(accepted_at) AS "oldestAt" FROM mail
  WHERE settled_at IS NULL GROUP BY recipient ORDER BY count(*) DESC, recipient LIMIT ? + 0`
const KINDS = `SELECT kind, count(*) AS "count" FROM mail
  WHERE recipient = ? AND settled_at IS NULL GROUP BY kind ORDER BY kind`
const APPEND = `INSERT INTO mail
  (message_id, recipient, kind, origin, info, content, accepted_at, expires_at, report_to)
  SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE (${COUNT}) < ?`
const WAITING = `SELECT ${COLUMNS} FROM mail
  WHERE recipient = ? AND sequence > ? AND settled_at IS NULL AND expires_at > ? ORDER BY sequence LIMIT ? + 0`
const OF_KIND = `SELECT ${COLUMNS} FROM mail
  WHERE recipient = ? AND settled_at IS NULL AND kind = ? AND expires_at > ? ORDER BY sequence LIMIT ? + 0`
const FIND = `SELECT ${COLUMNS} FROM mail WHERE recipient = ? AND message_id = ? AND settled_at IS NULL`
const KNOWS = 'SELECT 1 FROM mail WHERE recipient = ? AND message_id = ?'
const BY_ORIGIN = `SELECT ${COLUMNS} FROM mail WHERE origin = ? ORDER BY sequence`
const SETTLE = `UPDATE mail SET info = '', content = NULL, settled_at = ?, expires_at = ?
  WHERE recipient = ? AND message_id = ? AND settled_at IS NULL`
const GIVE = `UPDATE mail SET given_to = ?, report_to = NULL
  WHERE recipient = ? AND message_id = ? AND settled_at IS NULL AND given_to IS NOT DISTINCT FROM ?`
const EXPIRED = `SELECT ${COLUMNS} FROM mail
  WHERE expires_at <= ? AND settled_at IS NULL ORDER BY expires_at, sequence LIMIT ? + 0`
const PURGE_SETTLED = `DELETE FROM mail WHERE sequence IN
  (SELECT sequence FROM mail WHERE expires_at <= ? AND settled_at IS NOT NULL ORDER BY expires_at LIMIT ? + 0)`

export const sqlMailboxes = (database: Database): Mailboxes => ({
  append: (items, queueLimit) =>
    items.map(item => ({
      sql: APPEND,
      params: [
        item.messageId,
        item.recipient,
        item.kind,
        item.origin,
        item.info,
        item.content,
        item.acceptedAt,
        item.expiresAt,
        item.reportTo,
        item.recipient,
        item.kind,
        queueLimit,
      ],
      guard: {
        rows: 1,
        otherwise: 'QueueFull',
        duplicate: 'AlreadySent',
        orphan: 'NoSuchAccount',
        subject: item.recipient,
      },
    })),

  waiting: (recipient, after, limit, now) => database.read(WAITING, [recipient, after, now, limit]),

  ofKind: (recipient, kind, limit, now) => database.read(OF_KIND, [recipient, kind, now, limit]),

  async find(recipient, messageId) {
    const [row] = await database.read<MailItem>(FIND, [recipient, messageId])
    return row
  },

  knows: async (recipient, messageId) => (await database.read(KNOWS, [recipient, messageId])).length > 0,

  byOrigin: origin => database.read(BY_ORIGIN, [origin]),

  settle: (recipient, messageId, at) => [
    {
      sql: SETTLE,
      params: [at, at + TOMBSTONE_MILLISECONDS, recipient, messageId],
      guard: { rows: 1, otherwise: 'NoSuchMessage', subject: recipient },
    },
  ],

  give: (recipient, messageId, had, givenTo) => [
    {
      sql: GIVE,
      params: [givenTo, recipient, messageId, had],
      guard: { rows: 1, otherwise: 'NoSuchMessage', subject: recipient },
    },
  ],

  expired: (now, limit) => database.read(EXPIRED, [now, limit]),

  purgeSettled: (now, limit) => [{ sql: PURGE_SETTLED, params: [now, limit] }],

  list: (recipient, after, limit) => database.read<ListedItem>(LIST, [recipient, after, limit]),

  longest: limit => database.read<Queue>(LONGEST, [limit]),

  kinds: recipient => database.read(KINDS, [recipient]),

  async count(recipient, kind) {
    const [row] = await database.read<{ count: number }>(COUNT, [recipient, kind])
    return row?.count ?? 0
  },

  async countAll() {
    const [row] = await database.read<{ count: number }>(COUNT_ALL)
    return row?.count ?? 0
  },
})
