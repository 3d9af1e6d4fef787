/** Milliseconds; a round of the event loop in which there was nothing to do takes a tenth of it. */
const idleRound = 0.02

/**
 * Keeps the core of the generator from falling asleep. On a virtual machine waking it is work of some microseconds for
 * whoever sends it something, which on loopback is the server, and on a network nobody.
 */
export class Vigil {
  readonly #isKept: boolean
  readonly #begun = process.cpuUsage()
  #isOver = false
  #busyMilliseconds = 0
  #last = performance.now()

  /** @param isKept false: the generator has no core of its own, and sleeps when it likes */
  constructor(isKept: boolean) {
    this.#isKept = isKept
    if (isKept) this.#watch()
  }

  /** How long there was something to do, since it began. */
  get busySeconds(): number {
    if (this.#isKept) return this.#busyMilliseconds / 1000
    const { user, system } = process.cpuUsage(this.#begun)
    return (user + system) / 1e6
  }

  end() {
    this.#isOver = true
  }

  #watch() {
    const now = performance.now()
    const round = now - this.#last
    if (round > idleRound) this.#busyMilliseconds += round
    this.#last = now
    if (!this.#isOver) setImmediate(() => this.#watch())
  }
}
