import type { PrimitiveInput } from '@village/protocol'
import type { Attributes } from './presence/attributes.ts'
import { AuthorizationRequests } from './presence/authorization-requests.ts'
import { ListNews } from './presence/list-news.ts'

/** What the server says of its own accord, and what is to happen when the client has heard it, or has not. */
export interface Notice {
  readonly primitive: PrimitiveInput
  /** About how many it takes in a message, where that is known. */
  readonly octets?: number | undefined
  /** The client has answered. */
  readonly onAnswer?: ((isTaken: boolean) => Promise<void>) | undefined
  /** It did not reach the client: it is made anew, and may say something else then. Without this it goes out again. */
  readonly onLost?: (() => void) | undefined
  /** It says how things are and who may know: where the client does not answer in time, it is made anew as well. */
  readonly isOfNow?: true | undefined
}

/** Of whose presence a client is to be told what. */
export interface PresenceDue {
  /** Attributes that have changed: told also where they have no value any more. */
  readonly changed: Attributes
  /** Attributes that were just subscribed to: told where they have a value; 0 for none, which is told as well. */
  readonly initial: Attributes | undefined
}

/** So many notifications of events wait for one client; where more come, the oldest are left out. */
const mostNotifications = 200

/**
 * What a client is to be told that is in no mailbox, because it is owed only while the session lives: events (CSP 7.2)
 * as they were; presence and contact lists as they are when it is told. So a storm of changes is one notice.
 */
export class News {
  #notifications: Map<string, PrimitiveInput> | undefined
  #presence: Map<string, PresenceDue> | undefined
  #lists: ListNews | undefined
  /** Who wants to see more of the user than is authorized (CSP 8.2.3). */
  readonly requests = new AuthorizationRequests()
  /** Whether there may be more to tell of the user's contact lists than is known here (NCLS). */
  hasListChanges = false
  /** Whether whom the client watches is still to be read. */
  hasSubscriptionChanges = false

  get isEmpty(): boolean {
    const hasLists = this.hasListChanges || this.hasSubscriptionChanges || this.#lists?.hasWaiting === true
    return !hasLists && this.requests.isEmpty && !this.#notifications?.size && !this.#presence?.size
  }

  /** What is known to be told of the user's contact lists. */
  get lists(): ListNews {
    this.#lists ??= new ListNews()
    return this.#lists
  }

  /** The client does not want to hear of contact lists any more. */
  forgetLists() {
    this.#lists = undefined
    this.hasListChanges = false
  }

  /** One that says the same and still waits is not said twice. */
  add(notification: PrimitiveInput) {
    this.#notifications ??= new Map()
    const key = JSON.stringify(notification)
    this.#notifications.delete(key)
    this.#notifications.set(key, notification)
    if (this.#notifications.size > mostNotifications)
      this.#notifications.delete(this.#notifications.keys().next().value!)
  }

  /** The session goes on as another: events that its client has not heard of are told there. */
  takeOver(before: News) {
    for (const notification of before.#notifications?.values() ?? []) this.add(notification)
  }

  /** It was taken, and there is no room for it yet. */
  putFirst(notification: PrimitiveInput) {
    this.#notifications = new Map([[JSON.stringify(notification), notification], ...(this.#notifications ?? [])])
  }

  takeNotification(): PrimitiveInput | undefined {
    const first = this.#notifications?.entries().next().value
    if (first === undefined) return undefined
    this.#notifications!.delete(first[0])
    return first[1]
  }

  /** @param publisher key of a user */
  addPresence(publisher: string, { changed = 0, initial }: Partial<PresenceDue>) {
    this.#presence ??= new Map()
    const due = this.#presence.get(publisher)
    const both = initial === undefined ? due?.initial : initial | (due?.initial ?? 0)
    this.#presence.set(publisher, { changed: changed | (due?.changed ?? 0), initial: both })
  }

  takePresence(): [publisher: string, due: PresenceDue] | undefined {
    const first = this.#presence?.entries().next().value
    if (first !== undefined) this.#presence!.delete(first[0])
    return first
  }

  /** The client does not watch this user any more. */
  dropPresence(publisher: string) {
    this.#presence?.delete(publisher)
  }
}
