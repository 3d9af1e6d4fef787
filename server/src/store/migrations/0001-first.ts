import type { Dialect } from '../dialect.ts'
import type { Migration } from './migration.ts'

const accounts = ({ text, integer, bytes, tableOptions }: Dialect): string[] => [
  `CREATE TABLE accounts (
    user_id ${text} NOT NULL PRIMARY KEY,
    address ${text} NOT NULL,
    created_at ${integer} NOT NULL,
    credential_mode ${text} NOT NULL CHECK (credential_mode IN ('sealed', 'hash')),
    credential_secret ${bytes} NOT NULL,
    credential_key_id ${text},
    credential_version ${integer} NOT NULL
  )${tableOptions}`,
]

const sessions = ({ text, integer, tableOptions }: Dialect): string[] => [
  `CREATE TABLE sessions (
    id_digest ${text} NOT NULL PRIMARY KEY,
    user_id ${text} NOT NULL REFERENCES accounts ON DELETE CASCADE,
    client_key ${text} NOT NULL,
    application_id ${text},
    version ${text} NOT NULL,
    syntax ${text} NOT NULL,
    cookie ${text} NOT NULL,
    login_epoch ${text} NOT NULL,
    claim_epoch ${integer} NOT NULL,
    node ${text} NOT NULL,
    keep_alive_seconds ${integer},
    address_form ${text} NOT NULL,
    agreement ${text} NOT NULL,
    started_at ${integer} NOT NULL,
    last_activity_at ${integer} NOT NULL,
    ended_at ${integer},
    end_reason ${integer}
  )${tableOptions}`,
  // One open session per user and Client-ID, whichever nodes two logins arrive at.
  'CREATE UNIQUE INDEX sessions_open ON sessions (user_id, client_key) WHERE ended_at IS NULL',
  // Every session of an account: the cascade of its removal would read the whole table for want of this.
  'CREATE INDEX sessions_account ON sessions (user_id)',
  'CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL',
]

const mail = ({ text, integer, bytes, sequence, tableOptions }: Dialect): string[] => [
  `CREATE TABLE mail (
    sequence ${sequence},
    message_id ${text} NOT NULL,
    recipient ${text} NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind ${text} NOT NULL,
    origin ${text},
    info ${text} NOT NULL,
    content ${bytes},
    accepted_at ${integer} NOT NULL,
    expires_at ${integer} NOT NULL,
    report_to ${text},
    settled_at ${integer}
  )${tableOptions}`,
  'CREATE UNIQUE INDEX mail_message ON mail (recipient, message_id)',
  'CREATE UNIQUE INDEX mail_origin ON mail (origin, recipient) WHERE origin IS NOT NULL',
  // settled_at, always null here, lets SQLite count a mailbox from the index alone; every append counts.
  'CREATE INDEX mail_waiting ON mail (recipient, settled_at, sequence) WHERE settled_at IS NULL',
  'CREATE INDEX mail_expiry ON mail (expires_at)',
]

export const first: Migration = {
  number: 1,
  name: 'accounts, sessions and mail',
  up: dialect => [...accounts(dialect), ...sessions(dialect), ...mail(dialect)],
}
