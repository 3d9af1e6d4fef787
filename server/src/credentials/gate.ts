/** More work waits than may wait. The caller answers "try again later" and drops the request. */
export class TooBusy extends Error {
  override readonly name = 'TooBusy'

  constructor() {
    super('too many password checks are waiting')
  }
}

/** Lets a few run, keeps some waiting in order of arrival, and refuses the rest at once. */
export class Gate {
  readonly #atOnce: number
  readonly #waitingLimit: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(limits: { atOnce: number; waiting: number }) {
    this.#atOnce = limits.atOnce
    this.#waitingLimit = limits.waiting
  }

  /** Runs `work` when its turn comes. Throws `TooBusy`, without waiting, when there is no room left. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter()
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  #enter(): Promise<void> | undefined {
    if (this.#running < this.#atOnce) {
      this.#running += 1
      return undefined
    }
    if (this.#waiting.length >= this.#waitingLimit) throw new TooBusy()
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  // The place goes straight to the next in line: were it freed first, a newcomer could slip in between.
  #leave(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#running -= 1
    else next()
  }
}
