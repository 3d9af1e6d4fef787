import { TransportFailed } from './failures.ts'
import { pause } from './pause.ts'
import { backoff } from './requests.ts'

export interface PollerHost {
  /** Polls once; resolves to whether anything came. */
  poll(timeout: number): Promise<boolean>
  /** Whether the server may hand out more: it never leaves more unanswered than was agreed. */
  hasRoom(): boolean
  /** Counts what the session sent besides polls: a server lets go of a held poll when something else comes. */
  sent(): number
  /** Whether some of that is not answered yet. */
  isAsking(): boolean
}

/** So long a server holds a poll, or another question, at most, and then some for the way. */
export const heldTimeout = 40_000
/** A poll that took so long was held, one that came back sooner was answered at once. */
const heldMilliseconds = 1000
/** Between a poll that was let go and the next: the answers that came instead tell as well when something waits. */
const releasedMilliseconds = 250
const idleGrowth = 1.5
const longestIdleMilliseconds = 60_000
/** A server that could not be reached is looked for at least so often, or as often as it wants to be polled. */
const longestLostMilliseconds = 10_000

/**
 * Fetches what the server has to say (CSP 6.2): at once when it says that something waits, else now and then, more
 * rarely the longer nothing happens. A session with MultiTrans of 2 or more is long-polled: there is always one poll
 * with the server, which holds it until there is something to say.
 */
export class Poller {
  /** Agreed ServerPollMin in milliseconds. */
  pollMin = 30_000
  /** Whether the server can be expected to hold polls. */
  isLong = false
  /** Whether to poll without being told to. */
  isIdling = false
  /** Whether somebody else calls when something waits, so that polling without being told is only for safety. */
  isCalled = false
  readonly #host: PollerHost
  readonly #signal: AbortSignal
  #alarm = new AbortController()
  #isWanted = false
  #lastStart = Number.NEGATIVE_INFINITY
  #wait = 0
  #empties = 0
  #failures = 0

  constructor(host: PollerHost, signal: AbortSignal) {
    this.#host = host
    this.#signal = signal
    signal.addEventListener('abort', () => this.#alarm.abort())
  }

  /** Something waits at the server (Poll T). */
  want() {
    this.#isWanted = true
    this.look()
  }

  /** Something changed: decide anew when to poll. */
  look() {
    this.#alarm.abort()
  }

  /** Something got through to the server: it is back, if it was gone. */
  reached() {
    if (this.#failures === 0) return
    this.#failures = 0
    this.#wait = 0
    this.look()
  }

  /** The user does something, so that answers may be near. */
  stir() {
    if (this.#empties === 0) return
    this.#empties = 0
    this.#wait = Math.min(this.#wait, this.pollMin)
    this.look()
  }

  async run(): Promise<void> {
    while (!this.#signal.aborted) {
      this.#alarm = new AbortController()
      const delay = this.#delay()
      if (delay > 0) await pause(delay, this.#alarm.signal)
      else await this.#poll()
    }
  }

  /** Milliseconds until the next poll is due. */
  #delay(): number {
    if (!this.#host.hasRoom()) return Number.POSITIVE_INFINITY
    const since = Date.now() - this.#lastStart
    if (this.#failures > 0) return this.#wait - since
    if (this.#isWanted) return this.isLong ? 0 : heldMilliseconds - since
    if (!this.isIdling) return Number.POSITIVE_INFINITY
    return this.#wait - since
  }

  async #poll() {
    const sentBefore = this.#host.sent()
    const isCrossed = this.#host.isAsking()
    this.#isWanted = false
    this.#lastStart = Date.now()
    try {
      const found = await this.#host.poll(heldTimeout)
      this.#failures = 0
      this.#wait = this.#restAfter(found, isCrossed || this.#host.sent() !== sentBefore)
    } catch (failure) {
      if (!(failure instanceof TransportFailed)) throw failure
      this.#failures++
      const longest = Math.max(this.pollMin, longestLostMilliseconds)
      this.#wait = Date.now() - this.#lastStart + Math.min(longest, backoff(this.#failures))
    }
  }

  /** Milliseconds from the start of this poll to that of the next. */
  #restAfter(found: boolean, isReleased: boolean): number {
    const lasted = Date.now() - this.#lastStart
    if (found) this.#empties = 0
    else if (this.isCalled) return Math.max(this.pollMin, longestIdleMilliseconds)
    else if (this.isLong && lasted >= heldMilliseconds) return 0
    else if (this.isLong && isReleased) return releasedMilliseconds
    else this.#empties++
    if (found && this.isLong) return 0
    const longest = Math.max(this.pollMin, longestIdleMilliseconds)
    return Math.min(longest, this.pollMin * idleGrowth ** Math.max(0, this.#empties - 1))
  }
}
