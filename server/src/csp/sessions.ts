import { Refusal, refuse } from '@village/protocol'
import { type Agreement, writeAgreement } from '../services/access/agreement.ts'
import { type OnlineHandling, onlineHandlingOf } from '../services/access/etem-handling.ts'
import { lastingNotices, lastingSettings } from '../services/access/lasting-settings.ts'
import type { OfflineBearers } from '../services/access/offline-bearers.ts'
import type { LoginDetails, SessionDesk, SessionView, Terms } from '../services/context.ts'
import { Conflict, ignoring, isConflict, StoreUnavailable } from '../store/database.ts'
import type { SessionRecord, SessionTerms } from '../store/session-records.ts'
import type { Store } from '../store/store.ts'
import type { World } from '../world.ts'
import { HeldSessions } from './held-sessions.ts'
import { newRecord } from './new-record.ts'
import { recoverable, takenUp } from './recovery.ts'
import { Session } from './session.ts'

export interface SessionsOptions {
  readonly world: World
  readonly store: Store
  /** The name of this node. */
  readonly node: string
  /** How many sessions one user may have open. */
  readonly maxPerUser: number
  /** How long the context of a session is kept after its end. */
  readonly contextSeconds: number
  /** By which clients can be told of messages while they are away: what needs one may have been agreed. */
  readonly bearers: () => OfflineBearers
}

/** How often a login that lost a race looks again. */
const mostAttempts = 3

/** What is known of a Session-ID that no longer leads to a session. */
export interface Gone {
  /** Status code with which the session ended; undefined for one that never was. */
  readonly endReason: number | undefined
  /** Key of the user it belonged to. */
  readonly userId: string | undefined
}

export interface SessionListeners {
  /** A session has ended, or this node has lost it. */
  readonly onEnd: (session: Session) => void
  /** There may be something that the client of a session should fetch. */
  readonly onNews?: (session: Session) => void
  /** A session that was there before is held by this node now. */
  readonly onTakenUp?: (session: Session) => Promise<void>
  /** A user has another session, one less, or has agreed on something else; that is on disk. */
  readonly onChange?: (userId: string) => Promise<void>
  /** A session that this node did not hold has ended; that is on disk. */
  readonly onForsaken?: (record: Pick<SessionRecord, 'idDigest' | 'userId'>) => Promise<void>
}

/**
 * The sessions of this node (CSP 5.1). They are in the store from login to logout; in memory are those that were used
 * since the server started. Of a Session-ID the store has the digest alone.
 */
export class Sessions implements SessionDesk {
  readonly #options: SessionsOptions
  readonly #held: HeldSessions
  readonly #loading = new Map<string, Promise<Session | Gone>>()
  readonly #listeners: SessionListeners

  constructor(options: SessionsOptions, listeners: SessionListeners) {
    this.#options = options
    this.#listeners = listeners
    this.#held = new HeldSessions(options.world)
  }

  get size(): number {
    return this.#held.size
  }

  all(): IterableIterator<Session> {
    return this.#held.all()
  }

  ofUser(userId: string): readonly Session[] {
    return this.#held.ofUser(userId)
  }

  digestOf(sessionId: string): string {
    return this.#held.digestOf(sessionId)
  }

  /** The session of an id with this digest, if it is in memory. */
  held(idDigest: string): Session | undefined {
    return this.#held.ofDigest(idDigest)
  }

  /** The session of an id, if it is in memory. */
  peek(sessionId: string): Session | undefined {
    return this.held(this.digestOf(sessionId))
  }

  /** The session of an id. One that was open before a restart is taken up again, with a fresh keep-alive time. */
  find(sessionId: string): Promise<Session | Gone> {
    return this.findByDigest(this.digestOf(sessionId))
  }

  findByDigest(idDigest: string): Promise<Session | Gone> {
    const session = this.held(idDigest)
    if (session !== undefined) return Promise.resolve(session)
    let loading = this.#loading.get(idDigest)
    if (loading === undefined) {
      loading = this.#load(idDigest).finally(() => this.#loading.delete(idDigest))
      this.#loading.set(idDigest, loading)
    }
    return loading
  }

  async openOf(userId: string): Promise<readonly Session[]> {
    const records = await this.#options.store.sessions.ofUser(userId)
    const found = await Promise.all(records.map(({ idDigest }) => this.findByDigest(idDigest)))
    return found.filter(session => session instanceof Session)
  }

  async open(details: LoginDetails) {
    const { store, world, maxPerUser } = this.#options
    const sessionId = world.token()
    const record = newRecord(details, this.digestOf(sessionId), this.#options)
    for (let attempt = 1; ; attempt++) {
      const same = (await store.sessions.ofUser(details.userId)).find(other => other.clientKey === record.clientKey)
      const isOver = same !== undefined && this.held(same.idDigest)?.isEnded === true
      // COMPAT: clients before 1.3 do not know 608; one that lost its battery must be able to log in again.
      if (same !== undefined && !isOver && record.version >= '1.3') refuse('ClientIdNotUnique')
      const ending = same ? store.sessions.end(same.idDigest, record.startedAt, 601) : []
      try {
        const lasting = [
          ...lastingSettings(record, details.agreement, store, record.startedAt, details.known),
          ...lastingNotices(record, details.agreement, store, record.startedAt),
          ...store.notices.forget(record.userId),
        ]
        await store.commit([...ending, ...store.sessions.open(record, maxPerUser), ...lasting], details.userId)
      } catch (error) {
        // The session to be replaced ended, or another of this client began, since it was looked for.
        if (isConflict(error, 'NoSuchSession', 'ClientIdInUse') && attempt < mostAttempts) continue
        // Nobody can tell whether it has ended: whoever names it next reads it from the store.
        if (error instanceof StoreUnavailable && same) this.#dropById(same.idDigest)
        throw asRefusal(error)
      }
      if (same && !this.#dropById(same.idDigest)) await this.#listeners.onForsaken?.(same)
      const session = this.#hold(record, agreedOnline(details.agreement) ?? details.onlineHandling)
      if (session.agreement.services.length > 0) this.#reconsider(session)
      await this.#listeners.onChange?.(session.userId)
      return { sessionId, session }
    }
  }

  async checkRecoverable(sessionId: string): Promise<void> {
    await this.#recoverable(sessionId)
  }

  async recover(sessionId: string, details: LoginDetails): Promise<SessionView> {
    const { store, maxPerUser } = this.#options
    for (let attempt = 1; ; attempt++) {
      const old = await this.#recoverable(sessionId)
      const record = takenUp(old, newRecord(details, old.idDigest, this.#options), details.peerAddress)
      try {
        const opening = store.sessions.open(record, maxPerUser, old.claimEpoch)
        await store.commit([...opening, ...store.notices.forget(old.userId)], old.userId)
      } catch (error) {
        if (error instanceof StoreUnavailable) this.#dropById(old.idDigest)
        // It was taken into memory, ended, or taken up by another login, since it was looked at.
        const isStale = isConflict(error, 'SessionClaimed')
        if (isStale && attempt < mostAttempts) continue
        // The same client has gone on in a new session.
        const isLost = isStale || isConflict(error, 'ClientIdInUse')
        throw isLost ? new Refusal('SessionNotRecovered') : asRefusal(error)
      }
      const before = this.held(old.idDigest)
      if (before) this.drop(before)
      const session = this.#hold(record, details.onlineHandling)
      if (before) session.takeOver(before)
      await this.#takeUp(session)
      await this.#listeners.onChange?.(session.userId)
      return session
    }
  }

  async #recoverable(sessionId: string): Promise<SessionRecord> {
    const { store, world, contextSeconds, bearers } = this.#options
    const record = await store.sessions.find(this.digestOf(sessionId))
    return recoverable(record, world.now() - contextSeconds * 1000, bearers())
  }

  async end(view: SessionView, reason: number): Promise<void> {
    const session = view as Session
    const { store, world } = this.#options
    try {
      await store.commit(
        [...session.hold(), ...store.sessions.end(session.idDigest, world.now(), reason)],
        session.userId,
      )
      session.endReason = reason
    } catch (conflict) {
      if (!(conflict instanceof Conflict)) throw conflict
    } finally {
      // Where the flush failed nobody can tell whether it has ended: whoever names it next reads it from the store.
      this.drop(session)
      await this.#listeners.onChange?.(session.userId)
    }
  }

  /** Ends a session that this node does not hold; somebody else may have been faster. */
  async endForsaken(record: Pick<SessionRecord, 'idDigest' | 'userId'>, reason: number): Promise<void> {
    const { store, world } = this.#options
    const { idDigest, userId } = record
    await store.commit(store.sessions.end(idDigest, world.now(), reason), userId).catch(ignoring('NoSuchSession'))
    await this.#listeners.onForsaken?.(record)
    await this.#listeners.onChange?.(userId)
  }

  async agree(view: SessionView, change: Partial<Terms>): Promise<void> {
    const session = view as Session
    const { store, world } = this.#options
    if (isAgreedAlready(session, change)) return
    if (!session.changes.take(world.now()))
      refuse('ServiceUnavailable', { description: 'Too many negotiations: ask again in a minute' })
    const terms: SessionTerms = {
      agreement: writeAgreement(change.agreement ?? session.agreement),
      keepAliveSeconds: change.keepAliveSeconds ?? session.keepAliveSeconds,
      addressForm: session.addressForm,
    }
    const isNew = change.agreement !== undefined && change.agreement.capabilities !== session.agreement.capabilities
    const hasNewServices = change.agreement !== undefined && change.agreement.services !== session.agreement.services
    // Who is to have what waits is the same whatever a client is notified of.
    const isSubscription = !hasNewServices && change.agreement?.notifications !== session.agreement.notifications
    const lasting = [
      ...(isNew ? lastingSettings(session, change.agreement, store, world.now()) : []),
      ...(hasNewServices ? lastingNotices(session, change.agreement, store, world.now()) : []),
    ]
    await store.commit(
      [...session.hold(), ...store.sessions.agree(session.idDigest, terms), ...lasting],
      session.userId,
    )
    if (change.agreement) session.agreement = change.agreement
    const online = isNew ? agreedOnline(session.agreement) : undefined
    if (online !== undefined) this.#setOnlineHandling(session.userId, online)
    session.keepAliveSeconds = terms.keepAliveSeconds
    if (!change.agreement || isSubscription) return
    this.#reconsider(session)
    await this.#listeners.onChange?.(session.userId)
  }

  drop(view: SessionView) {
    const session = view as Session
    if (!this.#held.remove(session)) return
    session.isEnded = true
    this.#listeners.onEnd(session)
  }

  /** Whether there was one in memory. */
  #dropById(idDigest: string): boolean {
    const session = this.held(idDigest)
    if (session) this.drop(session)
    return session !== undefined
  }

  /** It is the user's: what one client settles holds for all (CSP 6.9.1). */
  #setOnlineHandling(userId: string, handling: OnlineHandling) {
    for (const session of this.ofUser(userId)) session.onlineHandling = handling
  }

  /** Other services, other receivers: what waits for the user is looked at anew. */
  #reconsider(changed: Session) {
    changed.outbox.forgetDeclined()
    for (const session of this.ofUser(changed.userId)) {
      session.outbox.clear()
      session.wake()
    }
  }

  async #load(idDigest: string): Promise<Session | Gone> {
    const { store, node } = this.#options
    const record = await store.sessions.find(idDigest)
    if (record === undefined || record.endedAt !== null) return goneFrom(record)
    try {
      await store.commit(store.sessions.claim(idDigest, record.claimEpoch, { ...record, node }), record.userId)
    } catch (conflict) {
      if (!(conflict instanceof Conflict)) throw conflict
      return goneFrom(await store.sessions.find(idDigest))
    }
    const onlineHandling = await onlineHandlingOf(record.userId, store)
    const session = this.#hold({ ...record, claimEpoch: record.claimEpoch + 1 }, onlineHandling)
    await this.#takeUp(session)
    return session
  }

  /** Where what belongs to it cannot be read, it is read anew by whoever names it next. */
  async #takeUp(session: Session) {
    this.#reconsider(session)
    try {
      await this.#listeners.onTakenUp?.(session)
    } catch (fault) {
      this.drop(session)
      throw fault
    }
  }

  #hold(record: SessionRecord, onlineHandling: OnlineHandling): Session {
    const session = new Session(record, onlineHandling, this.#options.store.sessions, this.#options.world.now())
    session.onNews = () => this.#listeners.onNews?.(session)
    this.#held.add(session)
    this.#setOnlineHandling(session.userId, onlineHandling)
    return session
  }
}

/** A client may ask for what it has, as often as it likes. What the user wants may have been changed by another client. */
function isAgreedAlready(session: Session, { agreement, keepAliveSeconds }: Partial<Terms>): boolean {
  if (keepAliveSeconds !== undefined && keepAliveSeconds !== session.keepAliveSeconds) return false
  if (agreement === undefined) return true
  const online = agreedOnline(agreement)
  if (online !== undefined && online !== session.onlineHandling) return false
  return writeAgreement(agreement) === writeAgreement(session.agreement)
}

const agreedOnline = ({ capabilities }: Agreement) => capabilities?.onlineEtemHandling as OnlineHandling | undefined

const goneFrom = (record: SessionRecord | undefined): Gone => ({
  endReason: record?.endReason ?? undefined,
  userId: record?.userId,
})

const asRefusal = (conflict: unknown): unknown => {
  if (!(conflict instanceof Conflict)) return conflict
  if (conflict.conflict === 'ClientIdInUse') return new Refusal('ClientIdNotUnique')
  if (conflict.conflict === 'TooManySessions') return new Refusal('SessionLimitReached')
  return conflict.conflict === 'NoSuchAccount' ? new Refusal('UnknownUser') : conflict
}
