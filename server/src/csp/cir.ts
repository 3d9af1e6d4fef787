import { agreedMethods } from '../services/access/cir-agreement.ts'
import type { CirMethod, WakeMethod } from '../services/access/wake-method.ts'
import type { Log } from '../telemetry/log.ts'
import type { Timer, World } from '../world.ts'
import type { Callers } from './callers.ts'
import type { Deliveries } from './deliveries.ts'
import { meantBefore } from './demands.ts'
import { Session } from './session.ts'
import type { Gone, Sessions } from './sessions.ts'

interface CirOptions {
  readonly world: World
  readonly log: Log
  readonly sessions: Sessions
  readonly callers: Callers
  readonly deliveries: Deliveries
  /** The System Messages that its client has to answer first (CSP 7.1.1). */
  readonly demands: (session: Session) => readonly unknown[] | Promise<readonly unknown[]>
}

/** From one knock to the next while the client does not poll; after the last only new traffic knocks. */
const repeatSeconds: readonly number[] = [20, 60, 300]
/** So long a client may take to set up its channel before it is told that there is none. */
const setupMilliseconds = 10_000

/** What a client has been told since it last polled. */
interface Round {
  /** Whether it knows that something waits: by a knock, or by the Poll flag. */
  isTold: boolean
  /** How it was knocked last. */
  by?: string | undefined
  timer: Timer | undefined
}

/**
 * Communication Initiation Requests (CSP 6.2): tells idle clients to poll. A burst of news is one knock, which says
 * nothing but whom it is for. Channels are the transports' business; when one is used is decided here.
 */
export class Cir {
  readonly #options: CirOptions
  readonly #methods = new Map<string, WakeMethod>()
  readonly #rounds = new Map<Session, Round>()
  readonly #downSince = new WeakMap<Session, number>()

  constructor(options: CirOptions) {
    this.#options = options
  }

  get methods(): ReadonlyMap<string, WakeMethod> {
    return this.#methods
  }

  /** From now on clients can agree to a method. */
  use(name: CirMethod, method: WakeMethod) {
    this.#methods.set(name, method)
  }

  /** The session of a Session-ID, if its client agreed to be woken by this method. */
  async find(sessionId: string, method: CirMethod): Promise<Session | undefined> {
    return agreedTo(method, await this.#options.sessions.find(sessionId))
  }

  /** As `find`, by the digest of the id, for whoever asks from some address; `busy` where nobody has looked. */
  async findFor(address: string, idDigest: string, method: CirMethod): Promise<Session | undefined | 'busy'> {
    const found = await this.#options.callers.find(idDigest, address)
    return found === undefined ? 'busy' : agreedTo(method, found)
  }

  /** Whether a poll would bring something. */
  async isWaiting(session: Session): Promise<boolean> {
    const { deliveries, demands, world } = this.#options
    if (!session.outbox.isComplete) await deliveries.fill(session)
    return session.hasWaiting(world.now(), meantBefore(await demands(session)))
  }

  /** Something may be there for the client to fetch. */
  onNews(session: Session) {
    if (agreedMethods(session.agreement).length === 0 || this.#rounds.get(session)?.isTold) return
    this.#attempt(session, () => this.#look(session))
  }

  /** The client has a channel now: what waits is announced on it. */
  onOpened(session: Session) {
    this.#close(session)
    this.onNews(session)
  }

  /** The client has fetched. What it has not been given, or does not answer, it is told of again. */
  onPoll(session: Session, isTold: boolean) {
    this.#close(session)
    if (session.isEnded || !session.isOwed || agreedMethods(session.agreement).length === 0) return
    this.#begin(session, isTold)
  }

  onEnd(session: Session) {
    this.#close(session)
    // So that it polls, and is told why (CSP 6.6).
    if (session.endReason !== undefined && session.endReason !== 200) this.#knock(session)
    for (const method of this.#methods.values()) method.close?.(session)
  }

  /** Whether a client that agreed to hold a channel open has been without for some time. */
  isDown(session: Session): boolean {
    const isWithout = (name: string) => this.#methods.get(name)?.isConnected?.(session) === false
    if (session.isEnded || !agreedMethods(session.agreement).some(isWithout)) {
      this.#downSince.delete(session)
      return false
    }
    const now = this.#options.world.now()
    const since = this.#downSince.get(session) ?? now
    this.#downSince.set(session, since)
    return now - since >= setupMilliseconds
  }

  async #look(session: Session) {
    if (!(await this.isWaiting(session)) || this.#rounds.get(session)?.isTold) return
    const by = this.#knock(session)
    this.#close(session)
    this.#begin(session, by !== undefined, by)
  }

  #begin(session: Session, isTold: boolean, by?: string) {
    const round: Round = { isTold, by, timer: undefined }
    this.#rounds.set(session, round)
    this.#repeat(session, round, 0)
  }

  #repeat(session: Session, round: Round, step: number) {
    const seconds = repeatSeconds[step]
    if (seconds === undefined) return this.#close(session)
    round.timer = this.#options.world.after(seconds * 1000, () =>
      this.#attempt(session, async () => {
        const isWaiting = await this.isWaiting(session)
        if (this.#rounds.get(session) !== round) return
        if (!isWaiting) return this.#close(session)
        round.by = this.#knock(session, round.by)
        round.isTold = round.by !== undefined
        this.#repeat(session, round, step + 1)
      }),
    )
  }

  /**
   * The first method that can be used now, in the client's order (CSP 6.9.1). One that brought no poll is tried after the
   * others: its channel may be dead without anybody knowing. A poll that is held needs none.
   */
  #knock(session: Session, before?: string): string | undefined {
    if (session.releasePoll !== undefined) return undefined
    const line = `WVCI ${session.version} ${session.cookie}`
    const agreed = agreedMethods(session.agreement)
    const next = before === undefined ? 0 : agreed.indexOf(before) + 1
    const inTurn = [...agreed.slice(next), ...agreed.slice(0, next)]
    return inTurn.find(name => this.#methods.get(name)?.knock(session, line) === true)
  }

  #close(session: Session) {
    this.#rounds.get(session)?.timer?.cancel()
    this.#rounds.delete(session)
  }

  /** Where the mailbox cannot be read, news are not lost: the client polls in time, and so finds them. */
  #attempt(session: Session, run: () => Promise<void>) {
    run().catch(error => {
      this.#close(session)
      this.#options.log.error('A client could not be woken', { userId: session.userId, error })
    })
  }
}

const agreedTo = (method: CirMethod, session: Session | Gone): Session | undefined =>
  session instanceof Session && agreedMethods(session.agreement).includes(method) ? session : undefined
