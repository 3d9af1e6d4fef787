import type { Dialect } from '../dialect.ts'
import type { Migration } from './migration.ts'

const publications = ({ text, integer, tableOptions }: Dialect): string[] => [
  `CREATE TABLE publications (
    user_id ${text} NOT NULL REFERENCES accounts ON DELETE CASCADE,
    client_key ${text} NOT NULL,
    attribute ${text} NOT NULL,
    value ${text} NOT NULL,
    published_at ${integer} NOT NULL,
    PRIMARY KEY (user_id, client_key, attribute)
  )${tableOptions}`,
]

const attributeLists = ({ text, integer, tableOptions }: Dialect): string[] => [
  `CREATE TABLE attribute_lists (
    user_id ${text} NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind ${text} NOT NULL CHECK (kind IN ('default', 'user', 'contactList')),
    subject ${text} NOT NULL,
    name ${text} NOT NULL,
    attributes ${text},
    notify ${integer},
    position ${integer} NOT NULL,
    PRIMARY KEY (user_id, kind, subject)
  )${tableOptions}`,
  // What AuthorizeAndGrant had kept for the time when there would be attribute lists.
  `INSERT INTO attribute_lists (user_id, kind, subject, name, attributes, position)
    SELECT user_id, 'contactList', list_id, address, 'OnlineStatus', position FROM contact_lists WHERE shows_online = 1`,
  'ALTER TABLE contact_lists DROP COLUMN shows_online',
]

const subscriptions = ({ text, tableOptions }: Dialect): string[] => [
  `CREATE TABLE subscriptions (
    id_digest ${text} NOT NULL REFERENCES sessions ON DELETE CASCADE,
    publisher ${text} NOT NULL,
    list_id ${text} NOT NULL,
    attributes ${text} NOT NULL,
    PRIMARY KEY (id_digest, publisher, list_id)
  )${tableOptions}`,
  // Without what has neither, which is most of each: SQLite would begin with all of that to find who watches somebody.
  `CREATE INDEX subscriptions_publisher ON subscriptions (publisher, list_id) WHERE publisher <> ''`,
  `CREATE INDEX subscriptions_list ON subscriptions (list_id) WHERE list_id <> ''`,
  // Which lists somebody is on, and so who watches by them, is asked from the side of the member.
  'CREATE INDEX contact_list_members_member ON contact_list_members (member)',
]

const revisions = ({ text, integer, tableOptions }: Dialect): string[] => [
  `CREATE TABLE contact_revisions (
    user_id ${text} NOT NULL PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    revision ${integer} NOT NULL
  )${tableOptions}`,
  'INSERT INTO contact_revisions (user_id, revision) SELECT DISTINCT user_id, 1 FROM contact_lists',
  // Who is on a list already is news to every client once. The default is for these rows only: there are no others.
  `ALTER TABLE contact_list_members ADD COLUMN revision ${integer} NOT NULL DEFAULT 1`,
  `ALTER TABLE contact_list_members ADD COLUMN changed_by ${text}`,
  'CREATE INDEX contact_list_members_revision ON contact_list_members (list_id, revision)',
  // Outlives the list, and so does not refer to it.
  `CREATE TABLE contact_list_removals (
    user_id ${text} NOT NULL REFERENCES accounts ON DELETE CASCADE,
    list_id ${text} NOT NULL,
    list_address ${text} NOT NULL,
    member ${text} NOT NULL,
    address ${text} NOT NULL,
    revision ${integer} NOT NULL,
    changed_by ${text},
    PRIMARY KEY (user_id, list_id, member)
  )${tableOptions}`,
  'CREATE INDEX contact_list_removals_revision ON contact_list_removals (user_id, revision)',
  `CREATE TABLE contact_list_syncs (
    user_id ${text} NOT NULL REFERENCES accounts ON DELETE CASCADE,
    client_key ${text} NOT NULL,
    list_id ${text} NOT NULL,
    added_revision ${integer} NOT NULL,
    removed_revision ${integer} NOT NULL,
    PRIMARY KEY (user_id, client_key, list_id)
  )${tableOptions}`,
]

export const presence: Migration = {
  number: 10,
  name: 'presence, who may see it and who watches it; what changed on contact lists',
  up: dialect => [
    ...publications(dialect),
    ...attributeLists(dialect),
    ...subscriptions(dialect),
    ...revisions(dialect),
  ],
}
