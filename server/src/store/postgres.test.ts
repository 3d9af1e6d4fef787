import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engines, type Scratch } from './contract/engines.ts'
import { account, alice, outcome, session, takenBy, write } from './contract/fixtures.ts'
import { type Database, StoreUnavailable } from './database.ts'
import { makeReady } from './migrate.ts'
import { openPostgres } from './postgres.ts'
import { PostgresConnection } from './postgres-connection.ts'
import { sqlAccounts } from './sql/accounts.ts'
import { sqlSessionRecords } from './sql/session-records.ts'

const engine = engines.find(({ name }) => name === 'postgres')!
const title = engine.skip === undefined ? 'postgres' : `postgres (${engine.skip})`

describe.skipIf(engine.skip !== undefined)(title, () => {
  let scratch: Scratch
  let database: Database
  let admin: Client

  beforeEach(async () => {
    scratch = await engine.scratch()
    database = openPostgres({ url: scratch.url, writers: 2, statementTimeoutMilliseconds: 2000 })
    admin = new Client({ connectionString: scratch.url })
    await admin.connect()
    await admin.query('CREATE TABLE things (id INTEGER PRIMARY KEY, value INTEGER NOT NULL)')
    await admin.query('INSERT INTO things VALUES (1, 0), (2, 0)')
  })
  afterEach(async () => {
    await database.close()
    await admin.end()
    await scratch.remove()
  })

  const add = (id: number) => write('UPDATE things SET value = value + 1 WHERE id = ?', [id])
  const values = async () =>
    (await database.read<{ value: number }>('SELECT value FROM things ORDER BY id')).map(({ value }) => value)
  const sleep = write('SELECT pg_sleep(0.2)', [])

  it('never reads the inside of a running unit', async () => {
    const unit = database.commit([add(1), sleep, add(2)])
    const seen = new Set<string>()
    let running = true
    void unit.finally(() => {
      running = false
    })
    while (running) seen.add(String(await values()))
    await unit
    seen.add(String(await values()))
    expect([...seen]).toEqual(['0,0', '1,1'])
  })

  it('makes a claim wait for a unit that holds the session, so that it is written before', async () => {
    await makeReady(database, 0)
    const sessions = sqlSessionRecords(database)
    await database.commit([...sqlAccounts(database).add(account(alice)), ...sessions.open(session('s1'), 8)])
    const order: string[] = []
    const unit = database.commit([...sessions.hold('s1', 1), sleep], 'a').then(() => order.push('held'))
    await new Promise(resolve => setTimeout(resolve, 100))
    const claim = database.commit(sessions.claim('s1', 1, takenBy('n2')), 'b').then(() => order.push('claimed'))
    await Promise.all([unit, claim])
    expect(order).toEqual(['held', 'claimed'])
  })

  it('runs a unit again that lost a deadlock', async () => {
    const crossing = [database.commit([add(1), sleep, add(2)], 'a'), database.commit([add(2), sleep, add(1)], 'b')]
    expect(await Promise.all(crossing.map(outcome))).toEqual(['done', 'done'])
    expect(await values()).toEqual([2, 2])
  })

  it('is unavailable when a statement takes too long, and goes on', async () => {
    const slow = database.commit([add(1), write('SELECT pg_sleep(9)', [])], 'a')
    await expect(slow).rejects.toThrow(StoreUnavailable)
    await database.commit([add(2)], 'a')
    expect(await values()).toEqual([0, 1])
  })

  it('is unavailable while connections are cut, and connects anew on the next use', async () => {
    await database.commit([add(2)], 'a')
    const caught = Promise.allSettled([
      database.commit([add(1), sleep], 'a'),
      database.commit([add(1)], 'a'),
      database.read('SELECT pg_sleep(0.2)'),
    ])
    await new Promise(resolve => setTimeout(resolve, 100))
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()",
    )
    for (const answer of await caught) {
      expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) })
    }
    await database.commit([add(2)], 'a')
    expect(await values()).toEqual([0, 2])
  })

  it('reads on over another connection at once, where one gave no answer in time', async () => {
    const config = { connectionString: scratch.url, pipeline: true, query_timeout: 200 }
    const connection = new PostgresConnection(config, text => ({ name: text, text }))
    const backend = async () => (await connection.read<{ pid: number }>('SELECT pg_backend_pid() AS pid', []))[0]?.pid
    const before = await backend()
    await expect(connection.read('SELECT pg_sleep(1)', [])).rejects.toThrow(StoreUnavailable)
    expect(await backend()).not.toBe(before)
    await connection.close()
  })

  it('waits a little before it tries a server again that was away, and then finds it', async () => {
    const { hostname, port } = new URL(scratch.url)
    const relay = createServer(near => {
      const far = connect(Number(port || 5432), hostname)
      far.pipe(near).pipe(far)
      for (const socket of [near, far]) socket.on('error', () => {})
    })
    const listen = async (at: number): Promise<number> => {
      relay.listen(at, '127.0.0.1')
      await once(relay, 'listening')
      return (relay.address() as AddressInfo).port
    }
    const free = await listen(0)
    relay.close()
    await once(relay, 'close')
    const url = new URL(scratch.url)
    url.host = `127.0.0.1:${free}`
    const remote = openPostgres({ url: url.href, writers: 1, readers: 1 })
    await expect(remote.commit([add(1)])).rejects.toThrow('ECONNREFUSED')
    await expect(remote.commit([add(1)])).rejects.toThrow('trying again soon')
    await listen(free)
    await new Promise(resolve => setTimeout(resolve, 150))
    await remote.commit([add(1)])
    expect(await remote.read('SELECT value FROM things WHERE id = 1')).toEqual([{ value: 1 }])
    await remote.close()
    relay.close()
  })

  it('finishes what was given to it before it is closed, connected or not', async () => {
    const units = Array.from({ length: 20 }, () => database.commit([add(1)]))
    await database.close()
    await Promise.all(units)
    expect((await admin.query('SELECT value FROM things WHERE id = 1')).rows).toEqual([{ value: 20 }])
  })

  it('does not bend on durability where the server is set up otherwise', async () => {
    const url = new URL(scratch.url)
    url.searchParams.set('options', `${url.searchParams.get('options')} -csynchronous_commit=off`)
    const lax = openPostgres({ url: url.href })
    expect(await lax.read('SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }])
    await lax.close()
  })
})
