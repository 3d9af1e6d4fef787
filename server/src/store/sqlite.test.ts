import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scratchFolder } from './contract/engines.ts'
import { outcome, write } from './contract/fixtures.ts'
import { Conflict, type Database, StoreUnavailable } from './database.ts'
import { openSqlite } from './sqlite.ts'

const insert = (id: number, size = 1) =>
  write('INSERT INTO things (id, body) VALUES (?, ?)', [id, new Uint8Array(size)])
const MISSING = { rows: 1, otherwise: 'NoSuchMessage' } as const
const missing = write('DELETE FROM things WHERE id = -1', [], MISSING)

describe('sqlite', () => {
  let folder: string
  let database: Database
  let turns: (() => void)[]
  const goRound = () => {
    for (const run of turns.splice(0)) run()
  }
  /** The first round finds units, the second no more of them. */
  const runTurns = () => {
    goRound()
    goRound()
  }
  const ids = async () => (await database.read<{ id: number }>('SELECT id FROM things ORDER BY id')).map(({ id }) => id)
  const open = (statementsPerTurn = 100) =>
    openSqlite({ file: join(folder, 'village.db'), defer: run => turns.push(run), statementsPerTurn })

  beforeEach(async () => {
    folder = scratchFolder()
    turns = []
    database = open()
    const made = database.commit([write('CREATE TABLE things (id INTEGER PRIMARY KEY, body BLOB)', [])])
    runTurns()
    await made
  })
  afterEach(async () => {
    await database.close()
    rmSync(folder, { recursive: true })
  })

  it('writes through to the disk and keeps the file to its owner', async () => {
    const [settings] = await database.read('PRAGMA synchronous')
    expect(settings).toEqual({ synchronous: 2 })
    expect(await database.read('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
    for (const name of ['village.db', 'village.db-wal']) expect(statSync(join(folder, name)).mode & 0o077).toBe(0)
  })

  it('gathers the units of a turn and answers none before it has run', async () => {
    const answered: number[] = []
    const units = [1, 2, 3].map(id => database.commit([insert(id)]).then(() => answered.push(id)))
    await Promise.resolve()
    expect(turns).toHaveLength(1)
    expect([answered, await ids()]).toEqual([[], []])
    runTurns()
    expect(await ids()).toEqual([1, 2, 3])
    await Promise.all(units)
    expect(answered).toEqual([1, 2, 3])
  })

  it('reads what was committed last, in the middle of a turn as after it', async () => {
    expect(await ids()).toEqual([])
    const made = database.commit([insert(1)])
    expect(await ids()).toEqual([])
    runTurns()
    expect(await ids()).toEqual([1])
    await made
    const other = new DatabaseSync(join(folder, 'village.db'))
    other.exec('INSERT INTO things (id) VALUES (2)')
    other.close()
    goRound()
    expect(await ids()).toEqual([1, 2])
  })

  it('waits for more units as long as each round brings some, and for no more than sixteen rounds', async () => {
    const commits = [database.commit([insert(0)])]
    for (let round = 1; round <= 16; round++) {
      goRound()
      commits.push(database.commit([insert(round)]))
    }
    expect(await ids()).toEqual([])
    goRound()
    await Promise.all(commits)
    expect(turns).toEqual([])
    expect(await ids()).toHaveLength(17)
  })

  it('takes a long queue in several turns, a long unit in one', async () => {
    await database.close()
    database = open(4)
    const long = database.commit([1, 2, 3, 4, 5, 6].map(id => insert(id)))
    const rest = [7, 8, 9, 10, 11].map(id => database.commit([insert(id)]))
    runTurns()
    expect(await ids()).toEqual([1, 2, 3, 4, 5, 6])
    runTurns()
    expect(await ids()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    runTurns()
    await Promise.all([long, ...rest])
    expect(turns).toEqual([])
  })

  it('undoes a unit that fails late, even where its own statement is the one that changed too much', async () => {
    const clear = write('DELETE FROM things', [], MISSING)
    const units = [[insert(1)], [insert(2)], [insert(3), missing], [clear], [insert(4)]].map(unit =>
      database.commit(unit),
    )
    const outcomes = Promise.all(units.map(outcome))
    runTurns()
    expect(await outcomes).toEqual(['done', 'done', 'NoSuchMessage', 'NoSuchMessage', 'done'])
    expect(await ids()).toEqual([1, 2, 4])
  })

  it.each([
    ['', [insert(2)]],
    [' while savepoints are used', [insert(2), missing]],
  ])('rejects every unit of a turn in which the disk was full%s, and serves the next one', async (_, second) => {
    const [{ page_count }] = (await database.read<{ page_count: number }>('PRAGMA page_count')) as [
      { page_count: number },
    ]
    await database.read(`PRAGMA max_page_count = ${page_count + 4}`)
    const units = [[insert(1)], second, [insert(3, 100_000)], [insert(4)]]
    const answers = Promise.allSettled(units.map(unit => database.commit(unit)))
    runTurns()
    for (const answer of await answers) {
      expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) })
    }
    expect(await ids()).toEqual([])
    const later = database.commit([insert(5)])
    runTurns()
    await later
    expect(await ids()).toEqual([5])
  })

  it('rejects every unit of a turn whose COMMIT failed, and serves the next one', async () => {
    const made = database.commit([
      write('CREATE TABLE notes (thing INTEGER REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED)', []),
    ])
    runTurns()
    await made
    const dangling = write('INSERT INTO notes (thing) VALUES (99)', [])
    const answers = Promise.allSettled([[insert(1)], [dangling], [insert(2)]].map(unit => database.commit(unit)))
    runTurns()
    for (const answer of await answers) {
      expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) })
    }
    const later = database.commit([insert(3)])
    runTurns()
    await later
    expect(await ids()).toEqual([3])
  })

  it('is unavailable, not wrong, while another process holds the write lock', async () => {
    const other = new DatabaseSync(join(folder, 'village.db'))
    other.exec('BEGIN IMMEDIATE')
    const answer = database.commit([insert(1)])
    runTurns()
    await expect(answer).rejects.toThrow(StoreUnavailable)
    other.close()
  })

  it('finishes what is queued when it is closed, and takes nothing after', async () => {
    const [good, bad] = [database.commit([insert(1)]), database.commit([missing])]
    const answers = Promise.allSettled([good, bad])
    await database.close()
    expect(await answers).toMatchObject([{ status: 'fulfilled' }, { reason: expect.any(Conflict) }])
    await expect(database.commit([insert(2)])).rejects.toThrow('the store is closed')
    await expect(database.read('SELECT 1')).rejects.toThrow(StoreUnavailable)
    database = open()
    expect(await ids()).toEqual([1])
  })

  it('says what to check when it cannot be opened', () => {
    const file = join(folder, 'no such folder', 'village.db')
    expect(() => openSqlite({ file })).toThrow(/cannot open .*village\.db: .*check that the folder exists/)
  })
})
