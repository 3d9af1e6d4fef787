import type { Database, Guard, Statement, Unit } from '../database.ts'
import type { SessionRecord, SessionRecords } from '../session-records.ts'

const COLUMNS = `id_digest AS "idDigest", user_id AS "userId", client_key AS "clientKey",
  application_id AS "applicationId", version, syntax, cookie, login_epoch AS "loginEpoch",
  claim_epoch AS "claimEpoch", node, keep_alive_seconds AS "keepAliveSeconds", address_form AS "addressForm",
  agreement, started_at AS "startedAt", last_activity_at AS "lastActivityAt", ended_at AS "endedAt",
  end_reason AS "endReason"`

// Every client_key is meant: it is named because SQLite then takes the index of open sessions. By the one of accounts,
// which it takes otherwise, each login would read all sessions of the user that have ended and are still kept.
const OPEN_OF_USER = `user_id = ? AND client_key >= '' AND ended_at IS NULL`

const ALL = `id_digest, user_id, client_key, application_id, version, syntax, cookie, login_epoch, claim_epoch, node,
  keep_alive_seconds, address_form, agreement, started_at, last_activity_at, ended_at, end_reason`
const VALUES = '?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?'
const OPEN = `INSERT INTO sessions (${ALL}) SELECT ${VALUES}
  WHERE (SELECT count(*) FROM sessions WHERE ${OPEN_OF_USER}) < ?`
const TAKE = 'SELECT 1 FROM sessions WHERE id_digest = ? AND claim_epoch = ?'
const OPEN_AGAIN = `UPDATE sessions SET (${ALL}) = (${VALUES})
  WHERE (SELECT count(*) FROM sessions WHERE ${OPEN_OF_USER} AND id_digest <> ?) < ? AND id_digest = ?`
const FIND = `SELECT ${COLUMNS} FROM sessions WHERE id_digest = ?`
const OF_USER = `SELECT ${COLUMNS} FROM sessions WHERE ${OPEN_OF_USER} ORDER BY started_at, id_digest`
const ALL_OPEN = `SELECT ${COLUMNS} FROM sessions WHERE id_digest > ? AND ended_at IS NULL ORDER BY id_digest LIMIT ? + 0`
const HOLD = 'SELECT 1 FROM sessions WHERE id_digest = ? AND claim_epoch = ? AND ended_at IS NULL'
const AGREE = `UPDATE sessions SET keep_alive_seconds = ?, address_form = ?, agreement = ?
  WHERE id_digest = ? AND ended_at IS NULL`
const TOUCH = `UPDATE sessions SET last_activity_at = ?
  WHERE id_digest = ? AND last_activity_at < ? AND ended_at IS NULL`
const END = 'UPDATE sessions SET ended_at = ?, end_reason = ? WHERE id_digest = ? AND ended_at IS NULL'
const CLAIM = `UPDATE sessions SET claim_epoch = claim_epoch + 1, node = ?, login_epoch = ?, cookie = ?,
  keep_alive_seconds = ?
  WHERE id_digest = ? AND claim_epoch = ? AND ended_at IS NULL`
const PURGE_ENDED = 'DELETE FROM sessions WHERE ended_at < ?'

const paramsOf = (session: SessionRecord) => [
  session.idDigest,
  session.userId,
  session.clientKey,
  session.applicationId,
  session.version,
  session.syntax,
  session.cookie,
  session.loginEpoch,
  session.claimEpoch,
  session.node,
  session.keepAliveSeconds,
  session.addressForm,
  session.agreement,
  session.startedAt,
  session.lastActivityAt,
  session.endedAt,
  session.endReason,
]

const opened = ({ userId }: SessionRecord): Guard => ({
  rows: 1,
  otherwise: 'TooManySessions',
  duplicate: 'ClientIdInUse',
  orphan: 'NoSuchAccount',
  subject: userId,
})

export const sqlSessionRecords = (database: Database): SessionRecords => {
  const hold = HOLD + database.dialect.lockRow
  const take = TAKE + database.dialect.lockRow
  const openNew = (session: SessionRecord, mostOpen: number): Statement => ({
    sql: OPEN,
    params: [...paramsOf(session), session.userId, mostOpen],
    guard: opened(session),
  })
  /** The row stays, so that what hangs on it stays: subscriptions belong to the context of a session (CSP 5.1.1). */
  const openAgain = (session: SessionRecord, mostOpen: number, fromEpoch: number): Unit => [
    { sql: take, params: [session.idDigest, fromEpoch], guard: { rows: 1, otherwise: 'SessionClaimed' } },
    {
      sql: OPEN_AGAIN,
      params: [...paramsOf(session), session.userId, session.idDigest, mostOpen, session.idDigest],
      guard: opened(session),
    },
  ]

  return {
    open: (session, mostOpen, fromEpoch) =>
      fromEpoch === undefined ? [openNew(session, mostOpen)] : openAgain(session, mostOpen, fromEpoch),

    async find(idDigest) {
      const [row] = await database.read<SessionRecord>(FIND, [idDigest])
      return row
    },

    ofUser: userId => database.read(OF_USER, [userId]),

    allOpen: (after, limit) => database.read(ALL_OPEN, [after, limit]),

    hold: (idDigest, claimEpoch) => [
      { sql: hold, params: [idDigest, claimEpoch], guard: { rows: 1, otherwise: 'SessionClaimed' } },
    ],

    agree: (idDigest, { keepAliveSeconds, addressForm, agreement }) => [
      {
        sql: AGREE,
        params: [keepAliveSeconds, addressForm, agreement, idDigest],
        guard: { rows: 1, otherwise: 'NoSuchSession' },
      },
    ],

    // In one order, so that two nodes that touch the same sessions do not wait for each other in a circle.
    touch: activities =>
      activities
        .toSorted((a, b) => (a.idDigest < b.idDigest ? -1 : 1))
        .map(({ idDigest, lastActivityAt }) => ({ sql: TOUCH, params: [lastActivityAt, idDigest, lastActivityAt] })),

    end: (idDigest, at, reason) => [
      { sql: END, params: [at, reason, idDigest], guard: { rows: 1, otherwise: 'NoSuchSession' } },
    ],

    claim: (idDigest, fromEpoch, { node, loginEpoch, cookie, keepAliveSeconds }) => [
      {
        sql: CLAIM,
        params: [node, loginEpoch, cookie, keepAliveSeconds, idDigest, fromEpoch],
        guard: { rows: 1, otherwise: 'SessionClaimed' },
      },
    ],

    purgeEnded: before => [{ sql: PURGE_ENDED, params: [before] }],
  }
}
