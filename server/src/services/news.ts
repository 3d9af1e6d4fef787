import type { PrimitiveInput } from '@village/protocol'
import type { Attributes } from './presence/attributes.ts'

/** What the server says of its own accord, and what is to happen when the client has heard it, or has not. */
export interface Notice {
  readonly primitive: PrimitiveInput
  /** The client has answered. */
  readonly onAnswer?: ((isTaken: boolean) => Promise<void>) | undefined
  /** It cannot have reached the client; it is made anew, and may be different then. */
  readonly onLost?: (() => void) | undefined
}

/** So many notifications of events wait for one client; a client that lets more of them come by reads all anew. */
const mostNotifications = 200

/**
 * What a client is to be told that is in no mailbox, because it is owed only while the session lives: events (CSP 7.2)
 * as they were, presence and contact lists as they are when the client asks. So a storm of changes is one notice.
 */
export class News {
  #notifications: Map<string, PrimitiveInput> | undefined
  #presence: Map<string, Attributes> | undefined
  /** Whether something on the user's contact lists may have changed since the client was told of them (NCLS). */
  hasListChanges = false

  get isEmpty(): boolean {
    return !this.hasListChanges && !this.#notifications?.size && !this.#presence?.size
  }

  /** One that says the same and still waits is not said twice; where too many wait, the oldest are left out. */
  add(notification: PrimitiveInput) {
    this.#notifications ??= new Map()
    const key = JSON.stringify(notification)
    this.#notifications.delete(key)
    this.#notifications.set(key, notification)
    if (this.#notifications.size > mostNotifications)
      this.#notifications.delete(this.#notifications.keys().next().value!)
  }

  takeNotification(): PrimitiveInput | undefined {
    const first = this.#notifications?.entries().next().value
    if (first === undefined) return undefined
    this.#notifications!.delete(first[0])
    return first[1]
  }

  /** @param publisher key of the user of whose presence these attributes are to be told */
  addPresence(publisher: string, attributes: Attributes) {
    this.#presence ??= new Map()
    this.#presence.set(publisher, (this.#presence.get(publisher) ?? 0) | attributes)
  }

  /** Nothing is owed of this publisher any more. */
  dropPresence(publisher: string) {
    this.#presence?.delete(publisher)
  }

  get presence(): ReadonlyMap<string, Attributes> {
    return this.#presence ?? none
  }
}

const none: ReadonlyMap<string, Attributes> = new Map()
