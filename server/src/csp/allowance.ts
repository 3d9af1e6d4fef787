const minute = 60_000

/** So many of something a minute. */
export class Allowance {
  readonly #perMinute: number
  #since = Number.NEGATIVE_INFINITY
  #count = 0

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** Whether there may be one more; counts it if so. */
  take(now: number): boolean {
    if (now - this.#since >= minute) {
      this.#since = now
      this.#count = 0
    }
    if (this.#count >= this.#perMinute) return false
    this.#count++
    return true
  }
}
