import type { ClientSettings } from '../client-settings.ts'
import type { Database } from '../database.ts'

const FIND = `SELECT offline_handling AS "offlineHandling" FROM client_settings WHERE user_id = ? AND client_key = ?`
const SET = `INSERT INTO client_settings (user_id, client_key, offline_handling, changed_at) VALUES (?, ?, ?, ?)
  ON CONFLICT (user_id, client_key)
  DO UPDATE SET offline_handling = excluded.offline_handling, changed_at = excluded.changed_at`
const DROP_OLDEST = `DELETE FROM client_settings WHERE user_id = ? AND client_key NOT IN
  (SELECT client_key FROM client_settings WHERE user_id = ? ORDER BY changed_at DESC, client_key LIMIT ?)`

export const sqlClientSettings = (database: Database): ClientSettings => ({
  async offlineHandling(userId, clientKey) {
    const [row] = await database.read<{ offlineHandling: string }>(FIND, [userId, clientKey])
    return row?.offlineHandling
  },

  setOfflineHandling: (userId, clientKey, handling, at, most) => [
    {
      sql: SET,
      params: [userId, clientKey, handling, at],
      guard: { rows: 1, otherwise: 'NoSuchAccount', subject: userId },
    },
    { sql: DROP_OLDEST, params: [userId, userId, most] },
  ],
})
