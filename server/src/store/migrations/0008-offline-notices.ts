import type { Migration } from './migration.ts'

export const offlineNotices: Migration = {
  number: 8,
  name: 'notices to users who are not logged in',
  up: ({ text, integer, tableOptions }) => [
    `ALTER TABLE client_settings ADD COLUMN wants_notices ${integer}`,
    `CREATE TABLE offline_notices (
      user_id ${text} NOT NULL PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
      last_at ${integer} NOT NULL,
      count ${integer} NOT NULL
    )${tableOptions}`,
  ],
}
