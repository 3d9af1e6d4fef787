import type { House } from '../services/context.ts'
import { failureToReport, settle } from '../services/messaging/settlement.ts'
import type { Log } from '../telemetry/log.ts'
import type { Timer } from '../world.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

/** How long it is remembered why a session ended. */
const endedMilliseconds = 3_600_000
const batch = 200

/**
 * What has to be done without anybody asking: ending idle sessions, noting activity, dropping what has expired. Each
 * duty has its own interval; a failed round is logged and tried again the next time.
 */
export class Housekeeping {
  readonly #house: House
  readonly #sessions: Sessions
  readonly #log: Log
  readonly #startedAt: number
  readonly #timers = new Set<Timer>()
  readonly #running = new Set<Promise<void>>()
  #isStopped = false

  constructor(house: House, sessions: Sessions, log: Log) {
    this.#house = house
    this.#sessions = sessions
    this.#log = log
    this.#startedAt = house.world.now()
  }

  start() {
    this.#every(1000, () => this.endIdle())
    this.#every(15_000, () => this.saveActivity())
    this.#every(5000, () => this.dropExpired())
    this.#every(30_000, () => this.dropTraces())
    this.#every(300_000, () => this.endForsaken())
  }

  /** Stops the duties, lets those under way finish, and writes down what is only in memory. */
  async stop() {
    this.#isStopped = true
    for (const timer of this.#timers) timer.cancel()
    await Promise.all(this.#running)
    await this.saveActivity()
  }

  /** Sessions of this node whose keep-alive time has run out (CSP 6.6, 6.7). */
  async endIdle() {
    const now = this.#house.world.now()
    const idle: Session[] = []
    for (const session of this.#sessions.all()) {
      if (session.expiresAt <= now && session.releasePoll === undefined) idle.push(session)
      else session.repeats.prune(now)
    }
    // From now on, not from the flush on: a request that comes meanwhile must not be served by a session that is over.
    for (const session of idle) session.isEnded = true
    await Promise.all(idle.map(session => this.#sessions.end(session, 600)))
  }

  /** Activity is written when it has changed, many sessions in one unit; a restart forgives what was not. */
  async saveActivity() {
    const changed = [...this.#sessions.all()].filter(session => session.lastActivityAt > session.savedActivityAt)
    const { store } = this.#house
    for (let start = 0; start < changed.length; start += batch) {
      const some = changed.slice(start, start + batch)
      await store.commit(store.sessions.touch(some))
      for (const session of some) session.savedActivityAt = session.lastActivityAt
    }
  }

  /** Messages past their validity (CSP 5.6.4.2). Often: who asked for a report is waiting for it. */
  async dropExpired() {
    const { store, world } = this.#house
    const now = world.now()
    for (let items = await store.mailboxes.expired(now, batch); items.length > 0; ) {
      await Promise.all(items.map(item => settle(item, failureToReport('MessageExpired', this.#house), this.#house)))
      items = items.length < batch ? [] : await store.mailboxes.expired(now, batch)
    }
  }

  /** Traces of messages that are settled; announcements, history and sessions of long ago. */
  async dropTraces() {
    const { store, world, config } = this.#house
    const now = world.now()
    // In portions, so that nobody waits long behind one.
    while (await store.mailboxes.hasForgettable(now)) await store.commit(store.mailboxes.forget(now, 5 * batch))
    await store.commit(store.announcements.purge(now, 10 * batch))
    await this.#dropHistory(now)
    const keptMilliseconds = Math.max(endedMilliseconds, 1000 * config.session.contextSeconds)
    await store.commit(store.sessions.purgeEnded(now - keptMilliseconds))
  }

  /** Sessions from before a restart whose clients never came back. Their time counts from the restart. */
  async endForsaken() {
    const { store, world } = this.#house
    const now = world.now()
    let after = ''
    for (;;) {
      const page = await store.sessions.allOpen(after, batch)
      for (const record of page) {
        const { keepAliveSeconds } = record
        if (keepAliveSeconds === null || this.#sessions.held(record.idDigest) !== undefined) continue
        const since = Math.max(record.lastActivityAt, this.#startedAt)
        if (since + keepAliveSeconds * 1000 <= now) await this.#sessions.endForsaken(record, 600)
      }
      if (page.length < batch) return
      after = page.at(-1)!.idDigest
    }
  }

  /** Also where none is kept any more: what was written while it was has its date. */
  async #dropHistory(now: number) {
    const { store } = this.#house
    for (let copies = await store.history.expired(now, batch); copies.length > 0; ) {
      await store.commit(store.history.forget(copies))
      copies = copies.length < batch ? [] : await store.history.expired(now, batch)
    }
    await store.commit(store.history.purge(now, batch))
  }

  #every(milliseconds: number, run: () => Promise<void>) {
    const timer = this.#house.world.after(milliseconds, () => {
      this.#timers.delete(timer)
      const round = run()
        .catch(error => this.#log.error('Housekeeping failed and will be tried again', { error }))
        .finally(() => {
          this.#running.delete(round)
          if (!this.#isStopped) this.#every(milliseconds, run)
        })
      this.#running.add(round)
    })
    this.#timers.add(timer)
  }
}
