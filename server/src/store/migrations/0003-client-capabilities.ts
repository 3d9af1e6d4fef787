import type { Migration } from './migration.ts'

/** The table is made anew: SQLite has no other way to let a client be silent about its messages. */
export const clientCapabilities: Migration = {
  number: 3,
  name: 'what clients agreed on before',
  up: ({ text, integer, tableOptions }) => [
    'ALTER TABLE client_settings RENAME TO former_settings',
    `CREATE TABLE client_settings (
      user_id ${text} NOT NULL REFERENCES accounts ON DELETE CASCADE,
      client_key ${text} NOT NULL,
      offline_handling ${text},
      capabilities ${text},
      offline_bearers ${text},
      msisdn ${text},
      used_at ${integer} NOT NULL,
      PRIMARY KEY (user_id, client_key)
    )${tableOptions}`,
    `INSERT INTO client_settings (user_id, client_key, offline_handling, used_at)
      SELECT user_id, client_key, offline_handling, changed_at FROM former_settings`,
    'DROP TABLE former_settings',
  ],
}
