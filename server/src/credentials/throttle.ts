import { sourceOf } from './source.ts'

/** A try to log in: to which account, and from which network address or sender's number. */
export interface LoginTry {
  /** The account's comparable key; one that does not exist is throttled like any other. */
  readonly account: string
  readonly source: string
}

export type Admission =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly because: 'account' | 'source'; readonly retryAfterMs: number }

interface ThrottleOptions {
  /** Milliseconds, from any start; must not run backwards. */
  readonly now: () => number
  readonly accountAttemptsPerMinute?: number | undefined
  readonly sourceAttemptsPerMinute?: number | undefined
  /** How many accounts, sources and known devices are remembered, each; beyond, the oldest are forgotten. */
  readonly remembered?: number | undefined
}

interface Tries {
  count: number
  /** When the count began, then when the last delay was set. */
  since: number
  closedUntil: number
}

const minuteMs = 60_000
const longestDelayMs = 15 * minuteMs
const quietMs = 60 * minuteMs
const knownDeviceMs = 30 * 24 * 60 * minuteMs

/**
 * Slows down guessing of passwords. An account takes five tries a minute, then each further try has to wait twice as
 * long as the one before; a source takes thirty. Tries are counted when they begin, so that many at once gain nothing,
 * and a success gives its try back.
 *
 * A source from which an account was logged in to within 30 days is a known device of that account: it has a count of
 * its own and looks at no other, so that strangers who close the account or the shared source (a WAP gateway has one
 * address for all its phones) do not lock the owner out.
 */
export class Throttle {
  readonly #now: () => number
  readonly #perAccount: number
  readonly #perSource: number
  readonly #remembered: number
  readonly #accounts = new Map<string, Tries>()
  readonly #sources = new Map<string, Tries>()
  readonly #devices = new Map<string, Tries>()
  readonly #lastSuccess = new Map<string, number>()

  constructor(options: ThrottleOptions) {
    this.#now = options.now
    this.#perAccount = options.accountAttemptsPerMinute ?? 5
    this.#perSource = options.sourceAttemptsPerMinute ?? 30
    this.#remembered = options.remembered ?? 100_000
  }

  /** Asks whether a try may be made now. An admitted one is counted; tell `succeeded` if it was right. */
  admit(attempt: LoginTry): Admission {
    const now = this.#now()
    const device = deviceOf(attempt)
    if (this.#isKnown(device)) return this.#admitTo(this.#devices, device, now)
    const source = this.#recall(this.#sources, sourceOf(attempt.source), now)
    if (now >= source.since + minuteMs) Object.assign(source, { count: 0, since: now })
    if (source.count >= this.#perSource) return refused('source', source.since + minuteMs - now)
    const admission = this.#admitTo(this.#accounts, attempt.account, now)
    if (admission.admitted) source.count += 1
    return admission
  }

  /** The admitted try gave the right password: it counts no longer, and its source becomes a known device. */
  succeeded(attempt: LoginTry): void {
    const device = deviceOf(attempt)
    if (this.#isKnown(device)) {
      this.#devices.delete(device)
    } else {
      this.#giveBack(this.#accounts, attempt.account)
      this.#giveBack(this.#sources, sourceOf(attempt.source))
    }
    remember(this.#lastSuccess, device, this.#now(), this.#remembered)
  }

  #isKnown(device: string): boolean {
    const last = this.#lastSuccess.get(device)
    return last !== undefined && this.#now() - last < knownDeviceMs
  }

  #admitTo(kept: Map<string, Tries>, name: string, now: number): Admission {
    const tries = this.#recall(kept, name, now)
    if (now < tries.closedUntil) return refused('account', tries.closedUntil - now)
    const forgottenAfterMs = tries.count >= this.#perAccount ? quietMs : minuteMs
    if (now >= Math.max(tries.since, tries.closedUntil) + forgottenAfterMs) {
      Object.assign(tries, { count: 0, since: now })
    }
    tries.count += 1
    const beyond = tries.count - this.#perAccount
    if (beyond >= 0) {
      tries.since = now
      tries.closedUntil = now + Math.min(longestDelayMs, minuteMs * 2 ** beyond)
    }
    return { admitted: true }
  }

  #giveBack(kept: Map<string, Tries>, name: string): void {
    const tries = kept.get(name)
    if (tries === undefined) return
    tries.count = Math.max(0, tries.count - 1)
    if (tries.count < this.#perAccount) tries.closedUntil = 0
  }

  #recall(kept: Map<string, Tries>, name: string, now: number): Tries {
    const known = kept.get(name)
    if (known !== undefined) return known
    const fresh: Tries = { count: 0, since: now, closedUntil: 0 }
    remember(kept, name, fresh, this.#remembered)
    return fresh
  }
}

// A space is in no address, so two different pairs never make the same name.
const deviceOf = ({ account, source }: LoginTry): string => `${sourceOf(source)} ${account}`

const refused = (because: 'account' | 'source', retryAfterMs: number): Admission => ({
  admitted: false,
  because,
  retryAfterMs,
})

/** Keeps the map at its size: a Map lists its keys in the order in which they were put in. */
const remember = <T>(kept: Map<string, T>, name: string, value: T, most: number): void => {
  kept.delete(name)
  const oldest = kept.keys().next()
  if (kept.size >= most && !oldest.done) kept.delete(oldest.value)
  kept.set(name, value)
}
