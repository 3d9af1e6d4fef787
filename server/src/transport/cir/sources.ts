/** Limits for one network address that has not shown a session yet. */
export interface SourceLimits {
  /** Connections that have not said who they are. */
  readonly strangers: number
  /** Wrong Session-IDs in a minute. */
  readonly wrongIdsPerMinute: number
}

const minute = 60_000
/** When more addresses than this have been wrong within a minute, the oldest are forgotten. */
const mostRemembered = 10_000

/**
 * Who knocks at the door, by network address. Clients that named a session do not count: there are as many of them
 * as there are sessions, and a whole mobile network can stand behind one address.
 */
export class Sources {
  readonly #limits: SourceLimits
  readonly #now: () => number
  readonly #strangers = new Map<string, number>()
  readonly #wrong = new Map<string, { count: number; readonly since: number }>()

  /** @param now milliseconds, of a clock that never goes back */
  constructor(limits: SourceLimits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  /** Whether one more may come in; counts it if so, until `leave`. */
  enter(address: string): boolean {
    const strangers = this.#strangers.get(address) ?? 0
    if (strangers >= this.#limits.strangers || this.#isBlocked(address)) return false
    this.#strangers.set(address, strangers + 1)
    return true
  }

  /** A stranger has gone, or has said who it is. */
  leave(address: string) {
    const strangers = (this.#strangers.get(address) ?? 0) - 1
    if (strangers > 0) this.#strangers.set(address, strangers)
    else this.#strangers.delete(address)
  }

  /** A Session-ID that leads nowhere. */
  wrong(address: string) {
    const before = this.#wrong.get(address)
    if (before !== undefined && this.#now() - before.since < minute) {
      before.count++
      return
    }
    this.#wrong.delete(address)
    this.#wrong.set(address, { count: 1, since: this.#now() })
    if (this.#wrong.size > mostRemembered) this.#wrong.delete(this.#wrong.keys().next().value!)
  }

  #isBlocked(address: string): boolean {
    const found = this.#wrong.get(address)
    if (found === undefined) return false
    if (this.#now() - found.since < minute) return found.count >= this.#limits.wrongIdsPerMinute
    this.#wrong.delete(address)
    return false
  }
}
