import { hash } from 'node:crypto'
import type { Timer, World } from '../../src/world.ts'
import type { Chance } from './chance.ts'

interface Due {
  readonly at: number
  readonly run: () => void
}

/** Some moment; only differences matter. */
const beginning = Date.UTC(2004, 0, 1)

/**
 * A world in which nothing is real: time passes only when it is told to, and chance comes from a seed. Timers run one
 * at a time, and everything that one of them sets off is over before the next one runs.
 */
export class SimulatedWorld implements World {
  #now = beginning
  /** By time, the latest first; of those at one time the one set first is last. */
  readonly #timers: Due[] = []
  readonly #chance: Chance

  constructor(chance: Chance) {
    this.#chance = chance
  }

  now(): number {
    return this.#now
  }

  /** Milliseconds since the beginning. */
  get elapsed(): number {
    return this.#now - beginning
  }

  after(milliseconds: number, run: () => void): Timer {
    const due: Due = { at: this.#now + Math.max(0, Math.ceil(milliseconds)), run }
    this.#timers.splice(this.#placeOf(due.at), 0, due)
    return {
      cancel: () => {
        const index = this.#timers.indexOf(due)
        if (index >= 0) this.#timers.splice(index, 1)
      },
    }
  }

  /** There is nobody to let go first: all that is due is over before anything else. */
  async turn(): Promise<void> {}

  token(): string {
    return Buffer.from(this.#chance.octets(18)).toString('base64url')
  }

  timedToken(): string {
    return this.#now.toString(36) + this.token().slice(0, 16)
  }

  digest(data: string | Uint8Array): string {
    return hash('sha256', data, 'base64url')
  }

  /** Lets time pass, and everything happen that is due in it. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds
    await settled()
    for (let due = this.#timers.at(-1); due !== undefined && due.at <= until; due = this.#timers.at(-1)) {
      this.#timers.pop()
      this.#now = due.at
      due.run()
      await settled()
    }
    this.#now = until
  }

  #placeOf(at: number): number {
    let low = 0
    let high = this.#timers.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#timers[middle]!.at > at) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Promises have run as far as they can without time passing: microtasks come before the next turn of the loop. */
const settled = () => new Promise<void>(resolve => setImmediate(resolve))
