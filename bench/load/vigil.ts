/** Milliseconds; a round of the event loop in which there was nothing to do takes a tenth of it. */
const idleRound = 0.02

/**
 * Keeps the core of the generator from falling asleep. On a virtual machine waking it is work of some microseconds for
 * whoever sends it something, which on loopback is the server, and on a network nobody.
 */
export class Vigil {
  #isOver = false
  #busyMilliseconds = 0
  #last = performance.now()

  constructor() {
    this.#watch()
  }

  /** How long there was something to do, since it began. */
  get busySeconds(): number {
    return this.#busyMilliseconds / 1000
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
