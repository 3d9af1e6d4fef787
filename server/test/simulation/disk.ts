import type { Database, Unit } from '../../src/store/database.ts'
import { StoreUnavailable } from '../../src/store/database.ts'
import { makeReady, recollect } from '../../src/store/migrate.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { type Store, storeOn } from '../../src/store/store.ts'
import type { Chance } from './chance.ts'
import type { SimulatedWorld } from './world.ts'

interface Turn {
  run: (() => void) | undefined
  isHeld: boolean
}

interface Waiting {
  readonly unit: Unit
  readonly lane: string | undefined
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

const never = new Promise<never>(() => {})

/** What outlives the server: a real store in memory, whose turns run when the simulation says so. */
export class Disk {
  /** Direct access, without delays: for what the simulation itself wants to know or prepare. */
  readonly store: Store
  /** How likely a flush is to fail, with or without its units having taken effect. */
  faultRate = 0
  /** Told of each flush that fails. */
  onFault: () => void = () => {}
  readonly #database: Database
  readonly #world: SimulatedWorld
  readonly #chance: Chance
  readonly #turn: { run: (() => void) | undefined; isHeld: boolean }

  private constructor(database: Database, turn: Turn, world: SimulatedWorld, chance: Chance) {
    this.#database = database
    this.store = storeOn(database)
    this.#turn = turn
    this.#world = world
    this.#chance = chance
  }

  static async open(world: SimulatedWorld, chance: Chance): Promise<Disk> {
    const turn: Turn = { run: undefined, isHeld: false }
    const defer = (run: () => void) => {
      if (turn.isHeld) turn.run = run
      else queueMicrotask(run)
    }
    const database = openSqlite({ file: ':memory:', defer })
    await makeReady(database, world.now())
    return new Disk(database, turn, world, chance)
  }

  /** The store as one life of the server sees it. Once `end` was called that life learns and changes nothing more. */
  mount(): { store: Store; end: () => void } {
    // What the engine kept in memory is gone with the life before.
    void recollect(this.#database, this.#world.now())
    let isOver = false
    let waiting: Waiting[] = []
    const during = async <T>(work: Promise<T>): Promise<T> => {
      try {
        const result = await work
        return isOver ? await never : result
      } catch (error) {
        if (isOver) return never
        throw error
      }
    }
    const flush = () => {
      if (isOver || waiting.length === 0) return
      const turn = waiting
      waiting = []
      const fault = this.#chance.happens(this.faultRate) ? new StoreUnavailable('the flush failed') : undefined
      if (fault) this.onFault()
      // What a failed flush left behind nobody can tell beforehand.
      if (fault === undefined || this.#chance.happens(0.5)) this.#commit(turn, fault)
      else for (const { reject } of turn) reject(fault)
    }
    const commit = (unit: Unit, lane?: string) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      if (waiting.push({ unit, lane, resolve, reject }) === 1) this.#world.after(this.#chance.between(0, 12), flush)
      return during(promise)
    }
    const { accounts, sessions, mailboxes, accessLists } = this.store
    const store: Store = {
      ...this.store,
      accounts: readThrough(accounts, during),
      sessions: readThrough(sessions, during),
      mailboxes: readThrough(mailboxes, during),
      accessLists: readThrough(accessLists, during),
      commit,
    }
    const end = () => {
      // What was queued is lost or was just written, without anybody hearing of it.
      if (this.#chance.happens(0.5)) flush()
      isOver = true
    }
    return { store, end }
  }

  #commit(turn: readonly Waiting[], fault: Error | undefined) {
    this.#turn.isHeld = true
    const written = turn.map(({ unit, lane }) => this.store.commit(unit, lane))
    this.#turn.isHeld = false
    this.#turn.run?.()
    this.#turn.run = undefined
    // Between the flush and those who wait for it there is time to crash in.
    const lag = this.#chance.between(0, 3)
    turn.forEach(({ resolve, reject }, index) => {
      const told = written[index]!.then(
        () => () => (fault ? reject(fault) : resolve()),
        error => () => reject(error),
      )
      void told.then(tell => this.#world.after(lag, tell))
    })
  }
}

/** The same noun, whose reads come back only while the life that asked goes on. */
const readThrough = <T extends object>(noun: T, during: <R>(work: Promise<R>) => Promise<R>): T =>
  Object.fromEntries(
    Object.entries(noun).map(([name, method]) => [
      name,
      (...args: unknown[]) => {
        const result: unknown = method(...args)
        return result instanceof Promise ? during(result) : result
      },
    ]),
  ) as T
