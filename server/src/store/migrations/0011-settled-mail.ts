import type { Dialect } from '../dialect.ts'
import type { Migration } from './migration.ts'

/**
 * Mail that waits is little where people are there to fetch it, and the tables of what does not wait grow at their end
 * alone, since Message-IDs begin with the time. So a message touches few pages, and each is shared with its neighbours.
 */
const settledMail = ({ text, integer, keyedTableOptions }: Dialect): string[] => [
  `CREATE TABLE settled_mail (
    message_id ${text} NOT NULL,
    recipient ${text} NOT NULL,
    origin ${text},
    accepted_at ${integer} NOT NULL,
    forget_at ${integer} NOT NULL,
    PRIMARY KEY (message_id, recipient)
  )${keyedTableOptions}`,
  'CREATE INDEX settled_mail_forget ON settled_mail (forget_at)',
  `INSERT INTO settled_mail (message_id, recipient, origin, accepted_at, forget_at)
    SELECT message_id, recipient, origin, accepted_at, expires_at FROM mail WHERE settled_at IS NOT NULL`,
  'DELETE FROM mail WHERE settled_at IS NOT NULL',
]

const waitingMail = (): string[] => [
  ...['mail_message', 'mail_origin', 'mail_waiting'].map(index => `DROP INDEX ${index}`),
  'ALTER TABLE mail DROP COLUMN settled_at',
  'CREATE UNIQUE INDEX mail_message ON mail (message_id, recipient)',
  // With the kind SQLite can count a mailbox from the index alone; every append counts.
  'CREATE INDEX mail_waiting ON mail (recipient, sequence, kind)',
]

/** So far a clock may have been set back. */
const clockMilliseconds = 600_000

/** Which transaction has sent what; in memory where the dialect says so, and then it is made anew at every start. */
export const sentMail = ({ text, integer, keyedTableOptions, inMemory }: Dialect): string[] => [
  `CREATE ${inMemory ? 'TEMP ' : ''}TABLE sent_mail (
    origin ${text} NOT NULL,
    recipient ${text} NOT NULL,
    message_id ${text} NOT NULL,
    accepted_at ${integer} NOT NULL,
    PRIMARY KEY (origin, recipient)
  )${keyedTableOptions}`,
  `CREATE INDEX ${inMemory ? 'temp.' : ''}sent_mail_accepted ON sent_mail (accepted_at)`,
]

/**
 * What was sent after that moment. Of the mail only the end is read: back to what was accepted a while before it, for a
 * clock may have been set back.
 */
export const sentMailFrom = (since: number): string[] => [
  `INSERT INTO sent_mail (origin, recipient, message_id, accepted_at)
    SELECT origin, recipient, message_id, accepted_at FROM mail
    WHERE origin IS NOT NULL AND accepted_at > ${since} AND sequence > coalesce(
      (SELECT sequence FROM mail WHERE accepted_at <= ${since - clockMilliseconds} ORDER BY sequence DESC LIMIT 1), 0)`,
  `INSERT INTO sent_mail (origin, recipient, message_id, accepted_at)
    SELECT origin, recipient, message_id, accepted_at FROM settled_mail
    WHERE origin IS NOT NULL AND accepted_at > ${since}`,
]

export const settled: Migration = {
  number: 11,
  name: 'settled mail by itself, and what was sent for as long as it may be repeated',
  up: dialect => [
    ...settledMail(dialect),
    ...waitingMail(),
    ...(dialect.inMemory ? [] : [...sentMail(dialect), ...sentMailFrom(0)]),
  ],
}
