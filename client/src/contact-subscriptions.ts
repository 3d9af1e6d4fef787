import { RequestFailed } from './failures.ts'
import type { AttributeName } from './presence-attributes.ts'
import type { Session } from './session.ts'

/** What a contact shows; pictures and cards are fetched by who wants them. */
const attributes: readonly AttributeName[] = ['onlineStatus', 'userAvailability', 'statusText', 'statusMood', 'alias']

/** Says that the server has no such service at all: 405, 501, 506. */
const isMissing = (failure: unknown): boolean =>
  failure instanceof RequestFailed &&
  ['ServiceNotSupported', 'NotImplemented', 'ServiceNotAgreed'].includes(failure.name)

/** Presence of those on contact lists: subscribed to by list where the server can, else user by user (CSP 8.3.2.1). */
export class ContactSubscriptions {
  readonly #session: Session
  /** Lists that are subscribed to as such, so that the server sees to who joins and leaves: their addresses by key. */
  readonly #lists = new Map<string, string>()

  constructor(session: Session) {
    this.#session = session
  }

  /** Subscribes to a list, or where that fails (760, or anything else) to those on it. @param key of its address */
  async follow(key: string, address: string, userIds: readonly string[]): Promise<void> {
    if (!this.#isThere) return
    try {
      const people = { contactLists: [address] }
      const { failed } = await this.#session.presence.subscribe(people, { attributes, autoSubscribe: true })
      if (failed.some(({ to }) => to === address)) return await this.#followEach(userIds)
      this.#lists.set(key, address)
    } catch (failure) {
      if (!(failure instanceof RequestFailed)) throw failure
      if (!isMissing(failure)) await this.#followEach(userIds)
    }
  }

  /** Somebody is on the list now who was not. */
  async joined(key: string, userIds: readonly string[]): Promise<void> {
    if (!this.#isThere || (this.#lists.has(key) && this.#session.version >= '1.2')) return
    await this.#followEach(userIds)
  }

  /** Somebody is on no list any more, and was on this one last. */
  async left(key: string, userIds: readonly string[]): Promise<void> {
    if (!this.#isThere || this.#lists.has(key) || userIds.length === 0) return
    await unlessRefused(this.#session.presence.unsubscribe(userIds))
  }

  /** The list is gone, and with it the subscription to it (CSP 8.1.2). */
  dropped(key: string) {
    this.#lists.delete(key)
  }

  /** Ends all of them. @param userIds everybody on the lists */
  async end(userIds: readonly string[]): Promise<void> {
    const contactLists = [...this.#lists.values()]
    this.#lists.clear()
    if (!this.#isThere || userIds.length + contactLists.length === 0) return
    await unlessRefused(this.#session.presence.unsubscribe({ userIds, contactLists }))
  }

  get #isThere(): boolean {
    return this.#session.isAgreed('presenceFeat', 'mp')
  }

  /** All at once, or one by one where one of them would keep the server from it. */
  async #followEach(userIds: readonly string[]): Promise<void> {
    if (userIds.length === 0) return
    const subscribe = (to: readonly string[]) => this.#session.presence.subscribe(to, { attributes })
    try {
      await subscribe(userIds)
    } catch (failure) {
      if (!(failure instanceof RequestFailed)) throw failure
      if (userIds.length > 1 && !isMissing(failure))
        for (const userId of userIds) await unlessRefused(subscribe([userId]))
    }
  }
}

/** What the server does not do for one, it may do for others. */
const unlessRefused = async (work: Promise<unknown>): Promise<void> => {
  await work.catch(failure => {
    if (!(failure instanceof RequestFailed)) throw failure
  })
}
