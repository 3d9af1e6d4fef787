const minute = 60_000
/** When more addresses than this have been wrong within a minute, the oldest are forgotten. */
const mostRemembered = 10_000

/** Session-IDs that lead nowhere, by the network address they came from. */
export class Guesses {
  readonly #perMinute: number
  readonly #now: () => number
  readonly #wrong = new Map<string, { count: number; readonly since: number }>()

  /** @param now milliseconds, of a clock that never goes back */
  constructor(perMinute: number, now: () => number) {
    this.#perMinute = perMinute
    this.#now = now
  }

  /** Whether so many came from there within a minute that what comes now need not be looked at. */
  areTooMany(address: string): boolean {
    const found = this.#wrong.get(address)
    if (found === undefined) return false
    if (this.#now() - found.since < minute) return found.count >= this.#perMinute
    this.#wrong.delete(address)
    return false
  }

  /** One more. */
  note(address: string) {
    const before = this.#wrong.get(address)
    if (before !== undefined && this.#now() - before.since < minute) {
      before.count++
      return
    }
    this.#wrong.delete(address)
    this.#wrong.set(address, { count: 1, since: this.#now() })
    if (this.#wrong.size > mostRemembered) this.#wrong.delete(this.#wrong.keys().next().value!)
  }
}
