import type { ClientRecord, ClientSettings, ToNotify } from '../client-settings.ts'
import type { Database } from '../database.ts'

const FIND = `SELECT user_id AS "userId", client_key AS "clientKey", offline_handling AS "offlineHandling", capabilities,
  offline_bearers AS "offlineBearers", msisdn, used_at AS "usedAt"
  FROM client_settings WHERE user_id = ? AND client_key = ?`
const REMEMBER = `INSERT INTO client_settings
  (user_id, client_key, offline_handling, capabilities, offline_bearers, msisdn, used_at) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (user_id, client_key) DO UPDATE SET
    offline_handling = COALESCE(excluded.offline_handling, client_settings.offline_handling),
    capabilities = excluded.capabilities,
    offline_bearers = excluded.offline_bearers,
    msisdn = CASE WHEN excluded.offline_bearers IS NOT NULL THEN COALESCE(excluded.msisdn, client_settings.msisdn) END,
    used_at = excluded.used_at`
const DROP_OLDEST = `DELETE FROM client_settings WHERE user_id = ? AND client_key NOT IN
  (SELECT client_key FROM client_settings WHERE user_id = ? ORDER BY used_at DESC, client_key LIMIT ? + 0)`

const WANT_NOTICES = `INSERT INTO client_settings (user_id, client_key, used_at, wants_notices) VALUES (?, ?, ?, 1)
  ON CONFLICT (user_id, client_key) DO UPDATE SET wants_notices = 1, used_at = excluded.used_at`
const WANT_NONE = `UPDATE client_settings SET wants_notices = NULL
  WHERE user_id = ? AND client_key = ? AND wants_notices IS NOT NULL`
const TO_NOTIFY = `SELECT client_key AS "clientKey", offline_bearers AS "offlineBearers", msisdn FROM client_settings
  WHERE user_id = ? AND wants_notices = 1 AND offline_bearers IS NOT NULL ORDER BY used_at DESC, client_key`

export const sqlClientSettings = (database: Database): ClientSettings => ({
  async find(userId, clientKey) {
    const [row] = await database.read<ClientRecord>(FIND, [userId, clientKey])
    return row
  },

  remember: ({ userId, clientKey, offlineHandling, capabilities, offlineBearers, msisdn, usedAt }, most) => [
    {
      sql: REMEMBER,
      params: [userId, clientKey, offlineHandling, capabilities, offlineBearers, msisdn, usedAt],
      guard: { rows: 1, otherwise: 'NoSuchAccount', subject: userId },
    },
    { sql: DROP_OLDEST, params: [userId, userId, most] },
  ],

  setNotices: ({ userId, clientKey, usedAt }, isWanted, most) =>
    isWanted
      ? [
          {
            sql: WANT_NOTICES,
            params: [userId, clientKey, usedAt],
            guard: { rows: 1, otherwise: 'NoSuchAccount', orphan: 'NoSuchAccount', subject: userId },
          },
          { sql: DROP_OLDEST, params: [userId, userId, most] },
        ]
      : [{ sql: WANT_NONE, params: [userId, clientKey] }],

  toNotify: userId => database.read<ToNotify>(TO_NOTIFY, [userId]),
})
