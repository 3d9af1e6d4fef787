import type { Migration } from './migration.ts'

export const contacts: Migration = {
  number: 9,
  name: 'contact lists with their properties, members with their names',
  up: ({ text, integer, tableOptions }) => [
    // Made anew rather than altered: no version of the program has put anything into them.
    'DROP TABLE contact_list_members',
    'DROP TABLE contact_lists',
    `CREATE TABLE contact_lists (
      list_id ${text} NOT NULL PRIMARY KEY,
      user_id ${text} NOT NULL REFERENCES accounts ON DELETE CASCADE,
      address ${text} NOT NULL,
      display_name ${text} NOT NULL,
      is_default ${integer} NOT NULL,
      do_not_notify ${integer} NOT NULL,
      shows_online ${integer} NOT NULL,
      position ${integer} NOT NULL
    )${tableOptions}`,
    'CREATE INDEX contact_lists_user ON contact_lists (user_id, position)',
    'CREATE UNIQUE INDEX contact_lists_default ON contact_lists (user_id) WHERE is_default = 1',
    `CREATE TABLE contact_list_members (
      list_id ${text} NOT NULL REFERENCES contact_lists ON DELETE CASCADE,
      member ${text} NOT NULL,
      address ${text} NOT NULL,
      nick_name ${text} NOT NULL,
      position ${integer} NOT NULL,
      PRIMARY KEY (list_id, member)
    )${tableOptions}`,
    'CREATE INDEX contact_list_members_position ON contact_list_members (list_id, position)',
  ],
}
