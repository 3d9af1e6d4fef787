import type { Migration } from './migration.ts'

export const clientSettings: Migration = {
  number: 2,
  name: 'what clients settled for the time after their sessions',
  up: ({ text, integer, tableOptions }) => [
    `CREATE TABLE client_settings (
      user_id ${text} NOT NULL REFERENCES accounts ON DELETE CASCADE,
      client_key ${text} NOT NULL,
      offline_handling ${text} NOT NULL,
      changed_at ${integer} NOT NULL,
      PRIMARY KEY (user_id, client_key)
    )${tableOptions}`,
  ],
}
