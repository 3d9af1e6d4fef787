import type { Migration } from './migration.ts'

export const severalClients: Migration = {
  number: 4,
  name: 'messages that go to several clients of a user',
  up: ({ text }) => [
    `ALTER TABLE mail ADD COLUMN given_to ${text}`,
    `ALTER TABLE accounts ADD COLUMN online_handling ${text}`,
  ],
}
