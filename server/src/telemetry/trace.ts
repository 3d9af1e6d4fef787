import type { World } from '../world.ts'

/** One message of a traced user, in or out, without anything secret: it is shown to operators as it is. */
export interface TraceEntry {
  /** Counts from 1 within a trace. */
  readonly number: number
  /** ISO 8601 */
  readonly at: string
  readonly direction: 'in' | 'out'
  /** The beginning of a digest of the Session-ID: tells sessions apart, and opens none. */
  readonly session?: string | undefined
  /** `url:…` or `msisdn:…`, of a number only the end. */
  readonly client?: string | undefined
  /** The network address of the client. */
  readonly source: string
  readonly version?: string | undefined
  readonly syntax?: string | undefined
  readonly octets: number
  /** How long the answer took. */
  readonly milliseconds?: number | undefined
  /** Stands for so many polls that brought nothing, the last of them at `at`. */
  readonly idlePolls?: number | undefined
  /** Why it could not be read, or not be answered. */
  readonly fault?: string | undefined
  readonly transactions: readonly TracedTransaction[]
  /** How many there were that are left out. */
  readonly moreTransactions?: number | undefined
}

export interface TracedTransaction {
  readonly mode: 'Request' | 'Response'
  readonly id?: string | undefined
  readonly primitive?: string | undefined
  /** Code of CSP 11 in its Result. */
  readonly status?: number | undefined
  /** Why it could not be understood. */
  readonly fault?: string | undefined
  /** Its elements, a line each. */
  readonly content: readonly string[]
}

/** An entry that has no place in a trace yet. */
export type Traceable = Omit<TraceEntry, 'number'>

/** Polls of one session that brought nothing and have not been told yet. */
interface IdlePolls {
  readonly since: number
  readonly count: number
  readonly last: Traceable
}

/** Idle polls are counted for so long before a reader is told. */
const idleMilliseconds = 60_000
/** Sessions whose idle polls are counted at a time; of those that have ended nobody tells. */
const mostIdle = 20

/** The last messages of one user. */
export class Trace {
  readonly userId: string
  readonly startedAt: number
  /** Milliseconds since the epoch. */
  endsAt: number
  readonly #world: World
  readonly #mostEntries: number
  readonly #entries: TraceEntry[] = []
  /** By session. */
  readonly #idle = new Map<string | undefined, IdlePolls>()
  #count = 0

  constructor(userId: string, world: World, mostEntries: number) {
    this.userId = userId
    this.startedAt = this.endsAt = world.now()
    this.#world = world
    this.#mostEntries = mostEntries
  }

  add(entry: Traceable) {
    this.#forgetIdle(entry.session)
    this.#keep(entry)
  }

  /** A poll that brought nothing: there are many, so after the first of a session they are only counted. */
  addIdlePoll(poll: Traceable) {
    const idle = this.#idle.get(poll.session)
    const [since, count] = idle === undefined ? [this.#world.now(), 0] : [idle.since, idle.count + 1]
    if (idle === undefined) this.#keep({ ...poll, idlePolls: 1 })
    this.#idle.set(poll.session, { since, count, last: poll })
    const [oldest] = this.#idle.keys()
    if (this.#idle.size > mostIdle) this.#forgetIdle(oldest)
  }

  /** What came after the entry of this number, as far as it is still there. */
  after(number: number): readonly TraceEntry[] {
    const now = this.#world.now()
    for (const [session, { since }] of this.#idle) if (now - since >= idleMilliseconds) this.#tellIdle(session)
    return this.#entries.filter(entry => entry.number > number)
  }

  #forgetIdle(session: string | undefined) {
    this.#tellIdle(session)
    this.#idle.delete(session)
  }

  #tellIdle(session: string | undefined) {
    const idle = this.#idle.get(session)
    if (idle === undefined || idle.count === 0) return
    this.#keep({ ...idle.last, idlePolls: idle.count })
    this.#idle.set(session, { ...idle, since: this.#world.now(), count: 0 })
  }

  #keep(entry: Traceable) {
    this.#entries.push({ ...entry, number: ++this.#count })
    if (this.#entries.length > this.#mostEntries) this.#entries.shift()
  }
}
