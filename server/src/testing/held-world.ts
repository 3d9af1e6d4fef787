import { hash } from 'node:crypto'
import type { World } from '../world.ts'

interface Alarm {
  readonly at: number
  readonly run: () => void
}

/** A world whose clock stands still until a test moves it, and whose tokens are the same in every run. */
export class HeldWorld implements World {
  #now = Date.UTC(2026, 0, 1)
  #tokens = 0
  readonly #alarms = new Set<Alarm>()
  readonly #seed: string

  constructor(seed = 'village') {
    this.#seed = seed
  }

  now(): number {
    return this.#now
  }

  after(milliseconds: number, run: () => void) {
    const alarm = { at: this.#now + milliseconds, run }
    this.#alarms.add(alarm)
    return { cancel: () => void this.#alarms.delete(alarm) }
  }

  turn(): Promise<void> {
    return new Promise(resolve => setImmediate(resolve))
  }

  token(): string {
    return this.digest(`${this.#seed} ${this.#tokens++}`).slice(0, 24)
  }

  timedToken(): string {
    return this.#now.toString(36) + this.token().slice(0, 16)
  }

  digest(data: string | Uint8Array): string {
    return hash('sha256', data, 'base64url')
  }

  /** How many timers have been set and not gone off. */
  get waiting(): number {
    return this.#alarms.size
  }

  /** Moves the clock on; timers go off in their order, each at its own time, and what they set in motion comes to rest. */
  async pass(seconds: number): Promise<void> {
    const until = this.#now + seconds * 1000
    for (;;) {
      const next = [...this.#alarms].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#alarms.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
      await atRest()
    }
    this.#now = until
  }
}

/** Lets everything that waits for nothing but its turn go on: reads, flushes, handlers. */
export const atRest = async (): Promise<void> => {
  for (let turn = 0; turn < 6; turn++) await new Promise(resolve => setImmediate(resolve))
}
