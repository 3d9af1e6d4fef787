import type { NewValue } from '../../store/publications.ts'
import type { Store } from '../../store/store.ts'
import type { SessionView } from '../context.ts'
import type { PresenceDue } from '../news.ts'
import { type Attributes, allAttributes, attributesOf, readAttributes } from './attributes.ts'
import { recallHidden } from './hidden.ts'
import { newsBetween, type Publisher } from './publisher.ts'
import { Publishers } from './publishers.ts'
import type { WatcherHistory } from './watcher-history.ts'
import { Watches } from './watches.ts'

/** Each attribute, be it that it has no value, and be it that none may be seen. */
const everything: PresenceDue = { changed: allAttributes, initial: allAttributes }

/**
 * Brings presence to those who watch it (CSP 8.3.2). What is published, who is authorized and who has subscribed is in
 * the store; here is what follows from it, for the users who are watched and the clients of this node who watch.
 * Whoever writes to the store tells so here before answering.
 */
export class PresenceDesk {
  readonly #store: Store
  readonly #history: WatcherHistory
  readonly #sessionsOf: (userId: string) => readonly SessionView[]
  readonly #watches = new Watches()
  readonly #publishers: Publishers
  readonly #ended = new WeakSet<SessionView>()
  /** For each client the last look at its subscriptions; the next waits for it. */
  readonly #looking = new WeakMap<SessionView, Promise<void>>()

  /** @param sessionsOf the sessions of a user that this node holds */
  constructor(store: Store, history: WatcherHistory, sessionsOf: (userId: string) => readonly SessionView[]) {
    this.#store = store
    this.#history = history
    this.#sessionsOf = sessionsOf
    this.#publishers = new Publishers({
      store,
      isWatched: userId => this.#watches.of(userId).size > 0,
      onChange: (before, after) => this.#onChange(before, after),
      onUnknown: userId => this.#tellWhole(userId),
    })
  }

  /** A user as others see him now. @throws StoreUnavailable */
  of(userId: string): Promise<Publisher> {
    return this.#publishers.of(userId)
  }

  /** What a client sees of a user whom it watches: what it has subscribed to and may see (CSP 8.2.2, figure 37). */
  visible({ authorization, userId }: Publisher, watcher: SessionView): Attributes {
    const subscribed = this.#watches.attributes(watcher, userId)
    return subscribed & authorization.authorized(watcher.userId) & attributesOf(watcher.version)
  }

  isWatching(session: SessionView, userId: string): boolean {
    return this.#watches.of(userId).has(session)
  }

  publish(userId: string, values: readonly NewValue[], at: number): Promise<void> {
    return this.#publishers.publish(userId, values, at)
  }

  onSessions(userId: string): Promise<void> {
    return this.#publishers.onSessions(userId)
  }

  onAuthorization(userId: string): Promise<void> {
    for (const { news } of this.#sessionsOf(userId)) news.requests.onDecision()
    return this.#publishers.onAuthorization(userId)
  }

  /**
   * Others are on a user's contact lists, or there are others: that counts for whom he watches and for whom he authorizes.
   * Resolves to what he has subscribed to newly by that.
   */
  async onLists(userId: string): Promise<ReadonlyMap<string, Attributes>> {
    const subscribed = new Map<string, Attributes>()
    const follow = async (session: SessionView) => {
      // Where that cannot be read, it is when the client asks.
      const come = await this.follow(session).catch(() => session.wake())
      for (const [publisher, added] of come ?? []) subscribed.set(publisher, (subscribed.get(publisher) ?? 0) | added)
    }
    await Promise.all([this.onAuthorization(userId), ...this.#sessionsOf(userId).map(follow)])
    return subscribed
  }

  /** Others may be on the lists that a client watches; it is told of whom it watches newly. @throws StoreUnavailable */
  async follow(session: SessionView): Promise<ReadonlyMap<string, Attributes>> {
    const come = await this.look(session)
    this.#tell(session, come)
    return come
  }

  /**
   * A client has its session again, after a restart or a loss: it is told everything anew (CSP 5.1.2), also what has no value,
   * for it may have been told one.
   */
  async onTakenUp(session: SessionView): Promise<void> {
    await Promise.all([this.look(session), recallHidden(session, this.#store)])
    for (const userId of this.#watches.by(session)) {
      this.#watches.forget(userId)
      session.news.addPresence(userId, everything)
    }
  }

  /** The client watches nobody any more. */
  onEnd(session: SessionView) {
    for (const userId of this.#watches.by(session)) this.#history.note(userId, session.userId, 'FORMER_SUBSCRIBER')
    this.#ended.add(session)
    this.#watches.drop(session)
  }

  /** A session that this node did not hold has ended. It has, even where nobody can look up whom it watched. */
  async onForsaken(session: Pick<SessionView, 'idDigest' | 'userId'>): Promise<void> {
    const watched = await this.#subscribed(session).catch(() => new Map())
    for (const userId of watched.keys()) this.#history.note(userId, session.userId, 'FORMER_SUBSCRIBER')
  }

  /** The account of a user is another. */
  forget(userId: string) {
    this.#publishers.forget(userId)
  }

  /** Reads what a client has subscribed to; resolves to what has come newly. @throws StoreUnavailable */
  look(session: SessionView): Promise<Map<string, Attributes>> {
    const looked = (this.#looking.get(session) ?? Promise.resolve()).then(async () => {
      const watched = await this.#subscribed(session)
      session.news.hasSubscriptionChanges = false
      for (const userId of this.#watches.by(session)) if (!watched.has(userId)) this.#onUnsubscribed(session, userId)
      return this.#ended.has(session) ? new Map() : this.#watches.replace(session, watched)
    })
    this.#looking.set(
      session,
      looked.then(
        () => {},
        () => {
          session.news.hasSubscriptionChanges = true
        },
      ),
    )
    return looked
  }

  #onUnsubscribed(session: SessionView, userId: string) {
    session.news.dropPresence(userId)
    this.#history.note(userId, session.userId, 'FORMER_SUBSCRIBER')
  }

  async #subscribed({ idDigest }: Pick<SessionView, 'idDigest'>): Promise<Map<string, Attributes>> {
    const watched = new Map<string, Attributes>()
    const add = (userId: string, attributes: Attributes) => watched.set(userId, (watched.get(userId) ?? 0) | attributes)
    for (const { publisher, listId, attributes } of await this.#store.subscriptions.ofSession(idDigest)) {
      const set = readAttributes(attributes)
      if (publisher !== '') add(publisher, set)
      else for (const { userId } of await this.#store.contactLists.members(listId)) add(userId, set)
    }
    return watched
  }

  #onChange(before: Publisher, after: Publisher) {
    const known = this.#watches.isForgotten(after.userId) ? allAttributes : after.known
    const newsFor = newsBetween(before, after, known)
    for (const [session, subscribed] of this.#watches.of(after.userId)) {
      const changed = newsFor(session.userId, session.version) & subscribed & attributesOf(session.version)
      if (changed !== 0) this.#add(session, after.userId, { changed })
    }
  }

  /** Nobody can say what has changed, nor what was there before. */
  #tellWhole(userId: string) {
    this.#watches.forget(userId)
    for (const session of this.#watches.of(userId).keys()) this.#add(session, userId, everything)
  }

  #tell(session: SessionView, come: ReadonlyMap<string, Attributes>) {
    for (const [userId, initial] of come) this.#add(session, userId, { initial })
  }

  #add(session: SessionView, userId: string, due: Partial<PresenceDue>) {
    session.news.addPresence(userId, due)
    session.wake()
  }
}
