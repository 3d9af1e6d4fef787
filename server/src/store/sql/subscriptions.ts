import type { Database, Unit } from '../database.ts'
import type { Subscription, SubscriptionSubject, Subscriptions, Wanted, Watcher } from '../subscriptions.ts'

const OF_SESSION = `SELECT publisher, list_id AS "listId", attributes FROM subscriptions
  WHERE id_digest = ? ORDER BY publisher, list_id`
const SUBSCRIBE = `INSERT INTO subscriptions (id_digest, publisher, list_id, attributes) VALUES (?, ?, ?, ?)
  ON CONFLICT (id_digest, publisher, list_id) DO UPDATE SET attributes = excluded.attributes`
const TOO_MANY = 'SELECT count(*) FROM subscriptions WHERE id_digest = ? HAVING count(*) > ?'
// That publisher and list are not empty is said again where an index is to serve which has the others only.
const BY_PUBLISHER = `publisher = ? AND publisher <> ''`
const TOO_MANY_WATCHERS = `SELECT count(*) FROM subscriptions JOIN sessions USING (id_digest)
  WHERE ${BY_PUBLISHER} AND list_id = '' AND ended_at IS NULL HAVING count(*) > ?`
const UNSUBSCRIBE = `DELETE FROM subscriptions WHERE id_digest = ? AND publisher = ? AND list_id = ''`
const UNSUBSCRIBE_LIST = 'DELETE FROM subscriptions WHERE id_digest = ? AND list_id = ?'
const UNSUBSCRIBE_EVERYWHERE = `DELETE FROM subscriptions WHERE list_id = ? AND list_id <> ''`
const WATCHERS = `SELECT user_id AS "userId", address FROM accounts WHERE user_id IN (
    SELECT user_id FROM subscriptions JOIN sessions USING (id_digest) WHERE ${BY_PUBLISHER} AND ended_at IS NULL
    UNION
    SELECT user_id FROM contact_list_members
      JOIN subscriptions ON subscriptions.list_id = contact_list_members.list_id AND subscriptions.list_id <> ''
      JOIN sessions USING (id_digest)
      WHERE member = ? AND publisher = '' AND ended_at IS NULL)
  ORDER BY user_id`
const WANTED = `SELECT user_id AS "userId", attributes FROM subscriptions JOIN sessions USING (id_digest)
    WHERE ${BY_PUBLISHER} AND ended_at IS NULL
  UNION
  SELECT sessions.user_id, subscriptions.attributes FROM contact_list_members
    JOIN subscriptions ON subscriptions.list_id = contact_list_members.list_id AND subscriptions.list_id <> ''
    JOIN sessions USING (id_digest)
    WHERE member = ? AND publisher = '' AND ended_at IS NULL
  ORDER BY 1, 2`

export const sqlSubscriptions = (database: Database): Subscriptions => ({
  subscribe: (idDigest, entries, { mostPerSession, mostWatchers }) => [
    ...entries.map(({ publisher, listId, attributes }) => ({
      sql: SUBSCRIBE,
      params: [idDigest, publisher, listId, attributes],
      guard: { rows: 1, otherwise: 'NoSuchSession' } as const,
    })),
    {
      sql: TOO_MANY,
      params: [idDigest, mostPerSession],
      guard: { rows: 0, otherwise: 'TooManySubscriptions' },
    },
    ...entries.flatMap(entry => watcherLimit(entry, mostWatchers)),
  ],

  unsubscribe: (idDigest, subjects) =>
    subjects.map(({ publisher, listId }) =>
      listId === ''
        ? { sql: UNSUBSCRIBE, params: [idDigest, publisher] }
        : { sql: UNSUBSCRIBE_LIST, params: [idDigest, listId] },
    ),

  unsubscribeList: listId => [{ sql: UNSUBSCRIBE_EVERYWHERE, params: [listId] }],

  ofSession: idDigest => database.read<Subscription>(OF_SESSION, [idDigest]),

  watchersOf: publisher => database.read<Watcher>(WATCHERS, [publisher, publisher]),

  wantedFrom: publisher => database.read<Wanted>(WANTED, [publisher, publisher]),
})

const watcherLimit = ({ publisher, listId }: SubscriptionSubject, most: number): Unit =>
  listId === ''
    ? [
        {
          sql: TOO_MANY_WATCHERS,
          params: [publisher, most],
          guard: { rows: 0, otherwise: 'TooManyWatchers', subject: publisher },
        },
      ]
    : []
