import { describe, expect, it } from 'vitest'
import { engines } from './contract/engines.ts'
import { account, alice, item } from './contract/fixtures.ts'
import { openStore } from './store.ts'

describe('openStore', () => {
  for (const engine of engines) {
    const title =
      engine.skip === undefined ? `serves from ${engine.name}` : `serves from ${engine.name} (${engine.skip})`
    it.skipIf(engine.skip !== undefined)(title, async () => {
      const scratch = await engine.scratch()
      const store = await openStore({ url: scratch.url, now: 1 })
      await store.ping()
      const mail = store.mailboxes.append([item('m1', { recipient: alice })], 10)
      await store.commit([...store.accounts.add(account(alice)), ...mail], 'lane')
      expect(await store.accounts.find(alice)).toMatchObject({ userId: alice })
      expect(await store.mailboxes.count(alice, 'message')).toBe(1)
      expect(await store.sessions.ofUser(alice)).toEqual([])
      await store.close()
      await expect(store.ping()).rejects.toThrow('the store is closed')
      await scratch.remove()
    })
  }

  it.each([
    ['village.db', /must begin with 'sqlite:' or 'postgres:\/\/': write 'sqlite:\.\/data\/village\.db'/],
    ['mysql://root@localhost/village', /must begin with/],
    ['sqlite:', /names no file: write/],
    ['sqlite:/no/such/folder/village.db', /cannot open \/no\/such\/folder\/village\.db/],
    ['postgres://village:hunter2@host:port/village', /not a valid address: write 'postgres:/],
    ['postgres://village:hunter2@127.0.0.1:1/village', /PostgreSQL: .*ECONNREFUSED/],
  ])('explains what is wrong with %s and keeps the password to itself', async (url, message) => {
    const failure = await openStore({ url, now: 1 }).then(
      () => undefined,
      (error: Error) => error,
    )
    expect(failure?.message).toMatch(message)
    expect(`${failure?.stack}${JSON.stringify(failure)}`).not.toContain('hunter2')
  })
})
