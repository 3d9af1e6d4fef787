import type { Migration } from './migration.ts'

export const announcements: Migration = {
  number: 5,
  name: 'announcements and what users answered',
  up: ({ text, integer, sequence, tableOptions }) => [
    `CREATE TABLE announcements (
      sequence ${sequence},
      id ${text} NOT NULL UNIQUE,
      text ${text} NOT NULL,
      requires_response ${integer} NOT NULL,
      options ${text} NOT NULL,
      sent_at ${integer} NOT NULL,
      expires_at ${integer} NOT NULL,
      forget_at ${integer} NOT NULL,
      recipients ${integer} NOT NULL
    )${tableOptions}`,
    `CREATE TABLE announcement_answers (
      announcement_id ${text} NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
      user_id ${text} NOT NULL REFERENCES accounts ON DELETE CASCADE,
      choice ${integer},
      answered_at ${integer} NOT NULL,
      PRIMARY KEY (announcement_id, user_id)
    )${tableOptions}`,
    // The cascade of an account's removal would read all answers for want of this.
    'CREATE INDEX announcement_answers_account ON announcement_answers (user_id)',
  ],
}
