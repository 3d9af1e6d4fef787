import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engines, type Scratch } from './contract/engines.ts'
import { account, alice, bob, write } from './contract/fixtures.ts'
import type { Database } from './database.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'
import { sqlAccounts } from './sql/accounts.ts'
import { sqlAttributeLists } from './sql/attribute-lists.ts'
import { sqlClientSettings } from './sql/client-settings.ts'
import { sqlContactLists } from './sql/contact-lists.ts'
import { sqlListSyncs } from './sql/list-syncs.ts'

const step = (number: number, ...statements: string[]): Migration => ({
  number,
  name: `step ${number}`,
  up: () => statements,
})
const one = step(1, 'CREATE TABLE one (id INTEGER)')
const two = step(2, 'CREATE TABLE two (id INTEGER)', 'INSERT INTO one (id) VALUES (2)')

describe('the released steps', () => {
  it('are numbered without gaps', () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1))
  })
})

for (const engine of engines) {
  const title = engine.skip === undefined ? `migrate on ${engine.name}` : `migrate on ${engine.name} (${engine.skip})`
  describe.skipIf(engine.skip !== undefined)(title, () => {
    let scratch: Scratch
    let database: Database
    const recorded = () => database.read('SELECT number, at FROM migrations ORDER BY number')

    beforeEach(async () => {
      scratch = await engine.scratch()
      database = scratch.open()
    })
    afterEach(async () => {
      await database.close()
      await scratch.remove()
    })

    it('takes each step once and notes when', async () => {
      expect(await migrate(database, 10, [one])).toEqual(['step 1'])
      expect(await migrate(database, 20, [one, two])).toEqual(['step 2'])
      expect(await migrate(database, 30, [one, two])).toEqual([])
      expect(await recorded()).toEqual([
        { number: 1, at: 10 },
        { number: 2, at: 20 },
      ])
      expect(await database.read('SELECT id FROM one')).toEqual([{ id: 2 }])
    })

    it('takes a step whole or not at all', async () => {
      await migrate(database, 10, [one])
      const broken = step(2, 'CREATE TABLE two (id INTEGER)', 'INSERT INTO nowhere VALUES (1)')
      await expect(migrate(database, 20, [one, broken])).rejects.toThrow('nowhere')
      expect(await recorded()).toEqual([{ number: 1, at: 10 }])
      expect(await migrate(database, 30, [one, two])).toEqual(['step 2'])
    })

    it('brings the wishes of clients from schema 2 over to schema 3, where they still go with their account', async () => {
      await migrate(database, 10, migrations.slice(0, 2))
      await database.commit([
        ...sqlAccounts(database).add(account(alice)),
        write('INSERT INTO client_settings VALUES (?, ?, ?, ?)', [alice, 'phone', 'REJECT', 5]),
      ])
      await migrate(database, 20, migrations)
      const nothing = { capabilities: null, offlineBearers: null, msisdn: null }
      expect(await sqlClientSettings(database).find(alice, 'phone')).toEqual({
        ...{ userId: alice, clientKey: 'phone', offlineHandling: 'REJECT', usedAt: 5 },
        ...nothing,
      })
      await database.commit(sqlAccounts(database).remove(alice))
      expect(await sqlClientSettings(database).find(alice, 'phone')).toBeUndefined()
    })

    it('brings contact lists from schema 9: what AuthorizeAndGrant kept, and who is on them, news to each client', async () => {
      await migrate(database, 10, migrations.slice(0, 9))
      const insert = 'INSERT INTO contact_lists VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
      await database.commit([
        ...sqlAccounts(database).add(account(alice)),
        write(insert, ['wv:alice/a@example.com', alice, 'wv:Alice/A@example.com', 'A', 1, 0, 1, 1]),
        write(insert, ['wv:alice/b@example.com', alice, 'wv:Alice/B@example.com', '', 0, 1, 0, 2]),
        write('INSERT INTO contact_list_members VALUES (?, ?, ?, ?, ?)', [
          'wv:alice/b@example.com',
          bob,
          bob,
          'Bob',
          1,
        ]),
      ])
      await migrate(database, 20, migrations)
      const [granted, ...others] = await sqlAttributeLists(database).of(alice)
      const subject = { kind: 'contactList', subject: 'wv:alice/a@example.com', name: 'wv:Alice/A@example.com' }
      expect(granted).toEqual({ ...subject, attributes: 'OnlineStatus', notify: undefined })
      expect(others).toEqual([])
      expect((await sqlContactLists(database).ofUser(alice)).map(({ isDefault }) => isDefault)).toEqual([true, false])
      const news = { listId: 'wv:alice/b@example.com', address: 'wv:Alice/B@example.com', revision: 1, removed: [] }
      expect(await sqlListSyncs(database).pending(alice, 'phone')).toEqual([
        { ...news, added: [{ userId: bob, address: bob, nickName: 'Bob' }] },
      ])
    })

    it('refuses a database from a newer program and says what to do', async () => {
      await migrate(database, 10, [one, two])
      await expect(migrate(database, 20, [one])).rejects.toThrow(
        /schema 2 and this program knows schemas up to 1: start the version .* or restore a backup/,
      )
    })

    it('lets nodes that start together take turns', async () => {
      const others = engine.name === 'sqlite in memory' ? [] : [scratch.open(), scratch.open(), scratch.open()]
      const taken = await Promise.all([database, ...others].map(node => migrate(node, 10, [one, two])))
      expect(taken.flat().sort()).toEqual(['step 1', 'step 2'])
      for (const node of others) await node.close()
    })
  })
}
