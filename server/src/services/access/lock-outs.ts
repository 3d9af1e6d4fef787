import type { World } from '../../world.ts'

interface Tally {
  faults: number
  /** Milliseconds since the epoch; until then faults are remembered, or the user is locked out. */
  until: number
  isLocked: boolean
}

interface Limits {
  /** So many bad answers lock a user out. */
  readonly mostFaults: number
  readonly seconds: number
}

/** Users are many, those who answer badly are few; beyond this the oldest are forgotten. */
const mostTallies = 10_000

/** Who gave too many bad answers to System Messages (CSP 7.1.1). In memory only: a restart forgives. */
export class LockOuts {
  readonly #world: World
  readonly #limits: Limits
  readonly #tallies = new Map<string, Tally>()

  constructor(world: World, limits: Limits) {
    this.#world = world
    this.#limits = limits
  }

  /** Counts a bad answer; true if that was one too many. */
  count(userId: string): boolean {
    const now = this.#world.now()
    const before = this.#tallies.get(userId)
    const faults = before !== undefined && before.until > now ? before.faults + 1 : 1
    const isLocked = faults >= this.#limits.mostFaults
    this.#tallies.delete(userId) // so that it becomes the youngest
    this.#tallies.set(userId, { faults, isLocked, until: now + this.#limits.seconds * 1000 })
    if (this.#tallies.size > mostTallies) this.#tallies.delete(this.#tallies.keys().next().value!)
    return isLocked
  }

  /** Seconds until the user may try again; 0 for who is not locked out. */
  secondsLeft(userId: string): number {
    const tally = this.#tallies.get(userId)
    if (tally === undefined || !tally.isLocked) return 0
    return Math.max(0, Math.ceil((tally.until - this.#world.now()) / 1000))
  }

  /** A good answer: earlier bad ones do not count any more. */
  forgive(userId: string) {
    this.#tallies.delete(userId)
  }
}
