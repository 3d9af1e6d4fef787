import type { Database, Guard, Statement, Unit } from '../database.ts'
import {
  type ListedItem,
  type Mailboxes,
  type MailItem,
  type NewMailItem,
  type Queue,
  REPEAT_MILLISECONDS,
} from '../mailboxes.ts'

const COLUMNS = `sequence, message_id AS "messageId", recipient, kind, origin, info, content,
  accepted_at AS "acceptedAt", expires_at AS "expiresAt", report_to AS "reportTo", given_to AS "givenTo"`

const COUNT = 'SELECT count(*) AS "count" FROM mail WHERE recipient = ? AND kind = ?'
const COUNT_ALL = 'SELECT count(*) AS "count" FROM mail'
const LIST = `SELECT sequence, message_id AS "messageId", kind, info, accepted_at AS "acceptedAt",
  expires_at AS "expiresAt", coalesce(length(content), 0) AS "octets" FROM mail
  WHERE recipient = ? AND sequence > ? ORDER BY sequence LIMIT ? + 0`
const LONGEST = `SELECT recipient, count(*) AS "count", min(accepted_at) AS "oldestAt" FROM mail
  GROUP BY recipient ORDER BY count(*) DESC, recipient LIMIT ? + 0`
const KINDS = 'SELECT kind, count(*) AS "count" FROM mail WHERE recipient = ? GROUP BY kind ORDER BY kind'
const SEND = 'INSERT INTO sent_mail (origin, recipient, message_id, accepted_at) VALUES (?, ?, ?, ?)'
const APPEND = `INSERT INTO mail
  (message_id, recipient, kind, origin, info, content, accepted_at, expires_at, report_to)
  SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE (${COUNT}) < ?`
const WAITING = `SELECT ${COLUMNS} FROM mail
  WHERE recipient = ? AND sequence > ? AND expires_at > ? ORDER BY sequence LIMIT ? + 0`
const OF_KIND = `SELECT ${COLUMNS} FROM mail
  WHERE recipient = ? AND kind = ? AND expires_at > ? ORDER BY sequence LIMIT ? + 0`
const FIND = `SELECT ${COLUMNS} FROM mail WHERE message_id = ? AND recipient = ?`
const KNOWS = `SELECT 1 FROM mail WHERE message_id = ? AND recipient = ?
  UNION ALL SELECT 1 FROM settled_mail WHERE message_id = ? AND recipient = ?`
const BY_ORIGIN = `SELECT message_id AS "messageId", recipient, accepted_at AS "acceptedAt" FROM sent_mail
  WHERE origin = ? ORDER BY accepted_at, recipient`
const KEEP_SETTLED = `INSERT INTO settled_mail (message_id, recipient, origin, accepted_at, forget_at)
  SELECT message_id, recipient, origin, accepted_at, ? + 0 FROM mail WHERE message_id = ? AND recipient = ?`
const TAKE_OUT = 'DELETE FROM mail WHERE message_id = ? AND recipient = ?'
const GIVE = `UPDATE mail SET given_to = ?, report_to = NULL
  WHERE message_id = ? AND recipient = ? AND given_to IS NOT DISTINCT FROM ?`
const EXPIRED = `SELECT ${COLUMNS} FROM mail WHERE expires_at <= ? ORDER BY expires_at, sequence LIMIT ? + 0`
const FORGET_SETTLED = `DELETE FROM settled_mail WHERE (message_id, recipient) IN
  (SELECT message_id, recipient FROM settled_mail WHERE forget_at <= ? ORDER BY forget_at LIMIT ? + 0)`
const FORGET_SENT = `DELETE FROM sent_mail WHERE (origin, recipient) IN
  (SELECT origin, recipient FROM sent_mail WHERE accepted_at <= ? ORDER BY accepted_at LIMIT ? + 0)`
const FORGETTABLE = `SELECT 1 WHERE EXISTS (SELECT 1 FROM settled_mail WHERE forget_at <= ?)
  OR EXISTS (SELECT 1 FROM sent_mail WHERE accepted_at <= ?)`

const appending = (item: NewMailItem, queueLimit: number): Statement => ({
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
  guard: { rows: 1, otherwise: 'QueueFull', orphan: 'NoSuchAccount', subject: item.recipient },
})

/** Nothing where the transaction cannot be repeated. */
const sending = ({ origin, recipient, messageId, acceptedAt }: NewMailItem): Unit =>
  origin === null
    ? []
    : [
        {
          sql: SEND,
          params: [origin, recipient, messageId, acceptedAt],
          guard: { rows: 1, otherwise: 'AlreadySent', subject: recipient },
        },
      ]

export const sqlMailboxes = (database: Database): Mailboxes => ({
  append: (items, queueLimit) => items.flatMap(item => [...sending(item), appending(item, queueLimit)]),

  waiting: (recipient, after, limit, now) => database.read(WAITING, [recipient, after, now, limit]),

  ofKind: (recipient, kind, limit, now) => database.read(OF_KIND, [recipient, kind, now, limit]),

  async find(recipient, messageId) {
    const [row] = await database.read<MailItem>(FIND, [messageId, recipient])
    return row
  },

  knows: async (recipient, messageId) =>
    (await database.read(KNOWS, [messageId, recipient, messageId, recipient])).length > 0,

  byOrigin: origin => database.read(BY_ORIGIN, [origin]),

  settle: (recipient, messageId, at) => {
    const guard: Guard = { rows: 1, otherwise: 'NoSuchMessage', subject: recipient }
    return [
      { sql: KEEP_SETTLED, params: [at + REPEAT_MILLISECONDS, messageId, recipient], guard },
      { sql: TAKE_OUT, params: [messageId, recipient], guard },
    ]
  },

  give: (recipient, messageId, had, givenTo) => [
    {
      sql: GIVE,
      params: [givenTo, messageId, recipient, had],
      guard: { rows: 1, otherwise: 'NoSuchMessage', subject: recipient },
    },
  ],

  expired: (now, limit) => database.read(EXPIRED, [now, limit]),

  forget: (now, limit) => [
    { sql: FORGET_SETTLED, params: [now, limit] },
    { sql: FORGET_SENT, params: [now - REPEAT_MILLISECONDS, limit] },
  ],

  hasForgettable: async now => (await database.read(FORGETTABLE, [now, now - REPEAT_MILLISECONDS])).length > 0,

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
