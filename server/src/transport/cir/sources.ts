import { Guesses } from '../../csp/guesses.ts'

/** Limits for one network address that has not shown a session yet. */
export interface SourceLimits {
  /** Connections that have not said who they are. */
  readonly strangers: number
  /** Wrong Session-IDs in a minute. */
  readonly wrongIdsPerMinute: number
}

/**
 * Who knocks at the door, by network address. Clients that named a session do not count: there are as many of them
 * as there are sessions, and a whole mobile network can stand behind one address.
 */
export class Sources {
  readonly #limits: SourceLimits
  readonly #strangers = new Map<string, number>()
  readonly #guesses: Guesses

  /** @param now milliseconds, of a clock that never goes back */
  constructor(limits: SourceLimits, now: () => number) {
    this.#limits = limits
    this.#guesses = new Guesses(limits.wrongIdsPerMinute, now)
  }

  /** Whether one more may come in; counts it if so, until `leave`. */
  enter(address: string): boolean {
    const strangers = this.#strangers.get(address) ?? 0
    if (strangers >= this.#limits.strangers || this.#guesses.areTooMany(address)) return false
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
    this.#guesses.note(address)
  }
}
