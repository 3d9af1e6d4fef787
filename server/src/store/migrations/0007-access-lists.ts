import type { Dialect } from '../dialect.ts'
import type { Migration } from './migration.ts'

const contactLists = ({ text, tableOptions }: Dialect): string[] => [
  `CREATE TABLE contact_lists (
    list_id ${text} NOT NULL PRIMARY KEY,
    user_id ${text} NOT NULL REFERENCES accounts ON DELETE CASCADE
  )${tableOptions}`,
  'CREATE INDEX contact_lists_user ON contact_lists (user_id, list_id)',
  `CREATE TABLE contact_list_members (
    list_id ${text} NOT NULL REFERENCES contact_lists ON DELETE CASCADE,
    member ${text} NOT NULL,
    PRIMARY KEY (list_id, member)
  )${tableOptions}`,
]

const access = ({ text, integer, tableOptions }: Dialect): string[] => [
  `CREATE TABLE access_use (
    user_id ${text} NOT NULL PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    block_in_use ${integer} NOT NULL,
    grant_in_use ${integer} NOT NULL
  )${tableOptions}`,
  `CREATE TABLE access_entries (
    user_id ${text} NOT NULL REFERENCES accounts ON DELETE CASCADE,
    list ${text} NOT NULL CHECK (list IN ('block', 'grant')),
    kind ${text} NOT NULL,
    key ${text} NOT NULL,
    name ${text} NOT NULL,
    group_id ${text},
    PRIMARY KEY (user_id, list, kind, key)
  )${tableOptions}`,
]

export const accessLists: Migration = {
  number: 7,
  name: 'contact lists, and lists of who is blocked and granted',
  up: dialect => [...contactLists(dialect), ...access(dialect)],
}
