import type { Migration } from './migration.ts'

export const history: Migration = {
  number: 6,
  name: 'history of messages',
  up: ({ text, integer, bytes, sequence, tableOptions }) => [
    `CREATE TABLE history_contents (
      message_id ${text} NOT NULL PRIMARY KEY,
      info ${text} NOT NULL,
      content ${bytes},
      expires_at ${integer} NOT NULL
    )${tableOptions}`,
    'CREATE INDEX history_contents_expiry ON history_contents (expires_at)',
    `CREATE TABLE history (
      sequence ${sequence},
      owner ${text} NOT NULL REFERENCES accounts ON DELETE CASCADE,
      message_id ${text} NOT NULL REFERENCES history_contents ON DELETE CASCADE,
      direction ${text} NOT NULL CHECK (direction IN ('sent', 'received')),
      other ${text} NOT NULL,
      accepted_at ${integer} NOT NULL,
      expires_at ${integer} NOT NULL
    )${tableOptions}`,
    'CREATE INDEX history_owner ON history (owner, sequence)',
    // Whether somebody else still keeps a content is asked with each copy that goes.
    'CREATE INDEX history_message ON history (message_id)',
    'CREATE INDEX history_expiry ON history (expires_at)',
  ],
}
