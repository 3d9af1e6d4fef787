import type { Database } from '../database.ts'
import { MOST_PUBLISHING_CLIENTS, type Publications, type PublishedValue } from '../publications.ts'

const OF = `SELECT client_key AS "clientKey", attribute, value, published_at AS "publishedAt" FROM publications
  WHERE user_id = ? ORDER BY published_at DESC, client_key, attribute`
const PUBLISH = `INSERT INTO publications (user_id, client_key, attribute, value, published_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (user_id, client_key, attribute) DO UPDATE SET
    value = excluded.value, published_at = excluded.published_at`
const TAKE_BACK = 'DELETE FROM publications WHERE user_id = ? AND client_key = ? AND attribute = ?'
const DROP_OLDEST = `DELETE FROM publications WHERE user_id = ? AND client_key <> '' AND client_key NOT IN
  (SELECT client_key FROM publications WHERE user_id = ? AND client_key <> ''
    GROUP BY client_key ORDER BY max(published_at) DESC, client_key LIMIT ? + 0)`

export const sqlPublications = (database: Database): Publications => ({
  publish: (userId, values, at) => [
    ...values.map(({ clientKey, attribute, value }) =>
      value === null
        ? { sql: TAKE_BACK, params: [userId, clientKey, attribute] }
        : {
            sql: PUBLISH,
            params: [userId, clientKey, attribute, value, at],
            guard: { rows: 1, otherwise: 'NoSuchAccount', subject: userId } as const,
          },
    ),
    { sql: DROP_OLDEST, params: [userId, userId, MOST_PUBLISHING_CLIENTS] },
  ],

  of: userId => database.read<PublishedValue>(OF, [userId]),
})
