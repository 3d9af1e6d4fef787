import type { SessionView } from '../context.ts'
import type { Attributes } from './attributes.ts'

const nobody: ReadonlyMap<SessionView, Attributes> = new Map()
const nothing: ReadonlySet<string> = new Set()

/**
 * Which clients watch whom, and which attributes (CSP 8.3.2): what all subscriptions of a session come to, by User-ID and
 * by contact list. Only for the sessions that this node holds. A hundred thousand of these are ordinary, so one is no
 * more than a number in a map.
 */
export class Watches {
  readonly #byPublisher = new Map<string, Map<SessionView, Attributes>>()
  readonly #bySession = new Map<SessionView, Set<string>>()
  readonly #forgotten = new Set<string>()

  /** Who watches a user. */
  of(publisher: string): ReadonlyMap<SessionView, Attributes> {
    return this.#byPublisher.get(publisher) ?? nobody
  }

  /** Whom a client watches. */
  by(session: SessionView): ReadonlySet<string> {
    return this.#bySession.get(session) ?? nothing
  }

  /** Some who watch a user may have been told values of which nothing is known here. */
  forget(publisher: string) {
    if (this.#byPublisher.has(publisher)) this.#forgotten.add(publisher)
  }

  /** Whether that is so as long as somebody watches. */
  isForgotten(publisher: string): boolean {
    return this.#forgotten.has(publisher)
  }

  attributes(session: SessionView, publisher: string): Attributes {
    return this.#byPublisher.get(publisher)?.get(session) ?? 0
  }

  /** Puts others in place of all that a client watches; tells what has come newly. */
  replace(session: SessionView, watched: ReadonlyMap<string, Attributes>): Map<string, Attributes> {
    const come = new Map<string, Attributes>()
    for (const publisher of this.by(session)) if (!watched.has(publisher)) this.#remove(session, publisher)
    for (const [publisher, attributes] of watched) {
      const added = attributes & ~this.attributes(session, publisher)
      if (added !== 0) come.set(publisher, added)
      this.#set(session, publisher, attributes)
    }
    return come
  }

  /** The session is over. */
  drop(session: SessionView) {
    for (const publisher of this.by(session)) this.#remove(session, publisher)
  }

  #set(session: SessionView, publisher: string, attributes: Attributes) {
    let sessions = this.#byPublisher.get(publisher)
    if (sessions === undefined) this.#byPublisher.set(publisher, (sessions = new Map()))
    sessions.set(session, attributes)
    let publishers = this.#bySession.get(session)
    if (publishers === undefined) this.#bySession.set(session, (publishers = new Set()))
    publishers.add(publisher)
  }

  #remove(session: SessionView, publisher: string) {
    const sessions = this.#byPublisher.get(publisher)
    sessions?.delete(session)
    if (sessions?.size === 0) {
      this.#byPublisher.delete(publisher)
      this.#forgotten.delete(publisher)
    }
    const publishers = this.#bySession.get(session)
    publishers?.delete(publisher)
    if (publishers?.size === 0) this.#bySession.delete(session)
  }
}
