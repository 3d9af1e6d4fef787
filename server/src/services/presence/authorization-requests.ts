import { type Attributes, noAttributes } from './attributes.ts'

/** For so long a client is not told the same again: asking again and again is no way to bother somebody. */
const repeatMilliseconds = 10 * 60 * 1000
/** Of so many users it is remembered what they asked for, and so many wait to be told of. */
const mostUsers = 1000

interface Told {
  readonly attributes: Attributes
  /** When the first of them was told. */
  readonly at: number
}

/**
 * Who wants to see more of a user's presence than is authorized, as far as one client is concerned (CSP 8.2.3): what it is
 * still to be told, and what it was told lately.
 */
export class AuthorizationRequests {
  #waiting: Map<string, Attributes> | undefined
  #told: Map<string, Told> | undefined

  get isEmpty(): boolean {
    return !this.#waiting?.size
  }

  /** @param watcher key of a user; false where there is nothing in it that is new */
  add(watcher: string, missing: Attributes, now: number): boolean {
    const told = this.#told?.get(watcher)
    const lately = told !== undefined && told.at > now - repeatMilliseconds ? told : undefined
    if (lately !== undefined && (missing & ~lately.attributes) === 0) return false
    if (!this.#wait(watcher, missing)) return false
    this.#told ??= new Map()
    this.#told.delete(watcher)
    this.#told.set(watcher, { attributes: missing | (lately?.attributes ?? noAttributes), at: lately?.at ?? now })
    if (this.#told.size > mostUsers) this.#told.delete(this.#told.keys().next().value!)
    return true
  }

  take(): [watcher: string, missing: Attributes] | undefined {
    const first = this.#waiting?.entries().next().value
    if (first !== undefined) this.#waiting!.delete(first[0])
    return first
  }

  /** It could not be told. */
  giveBack(watcher: string, missing: Attributes) {
    this.#wait(watcher, missing)
  }

  /** What somebody was missing when the client was told of it last. */
  missedBy(watcher: string): Attributes {
    return this.#told?.get(watcher)?.attributes ?? noAttributes
  }

  /** The user has decided something: whoever asks after that may be told at once. */
  onDecision() {
    for (const [watcher, told] of this.#told ?? []) this.#told!.set(watcher, { ...told, at: Number.NEGATIVE_INFINITY })
  }

  /** Those who came first are told of, and others when the client comes back. */
  #wait(watcher: string, missing: Attributes): boolean {
    this.#waiting ??= new Map()
    const waiting = this.#waiting.get(watcher)
    if (waiting === undefined && this.#waiting.size >= mostUsers) return false
    this.#waiting.set(watcher, missing | (waiting ?? noAttributes))
    return true
  }
}
