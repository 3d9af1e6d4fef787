import type { Timer, World } from '../world.ts'
import type { Log } from './log.ts'
import { Trace } from './trace.ts'

export interface TracesOptions {
  readonly world: World
  readonly log: Log
  /** How many messages are kept of a user. */
  readonly entries: number
  /** How long a trace lasts unless it is stopped or started again. */
  readonly minutes: number
}

const mostTraces = 50

/**
 * Which users are traced. In memory only: a trace is gone after a restart, and ends by itself, so that none is left on
 * by mistake.
 */
export class Traces {
  readonly #options: TracesOptions
  readonly #byUser = new Map<string, { readonly trace: Trace; readonly timer: Timer }>()

  constructor(options: TracesOptions) {
    this.#options = options
  }

  get isEmpty(): boolean {
    return this.#byUser.size === 0
  }

  get isFull(): boolean {
    return this.#byUser.size >= mostTraces
  }

  /** Starts a trace of a user, by key, or gives the one there is its full time again. */
  start(userId: string): Trace {
    const { world, log, entries, minutes } = this.#options
    const known = this.#byUser.get(userId)
    known?.timer.cancel()
    const trace = known?.trace ?? new Trace(userId, world, entries)
    trace.endsAt = world.now() + minutes * 60_000
    const timer = world.after(minutes * 60_000, () => this.#end(userId, 'its time is over'))
    this.#byUser.set(userId, { trace, timer })
    log.info('A trace was started', { userId })
    return trace
  }

  /** Whether there was one. */
  stop(userId: string): boolean {
    const known = this.#byUser.get(userId)
    known?.timer.cancel()
    if (known !== undefined) this.#end(userId, 'stopped')
    return known !== undefined
  }

  of(userId: string): Trace | undefined {
    return this.#byUser.get(userId)?.trace
  }

  all(): readonly Trace[] {
    return [...this.#byUser.values()].map(({ trace }) => trace)
  }

  #end(userId: string, reason: string) {
    this.#byUser.delete(userId)
    this.#options.log.info('A trace has ended', { userId, reason })
  }
}
