import type { World } from '../world.ts'
import type { Session } from './session.ts'

/** The sessions that are in memory, by all that they are looked for by. */
export class HeldSessions {
  readonly #world: World
  readonly #byDigest = new Map<string, Session>()
  readonly #byUser = new Map<string, Session[]>()
  /** Digests of the ids that led to a session, so that each is made once, and the ids by those. */
  readonly #digests = new Map<string, string>()
  readonly #ids = new Map<string, string>()

  constructor(world: World) {
    this.#world = world
  }

  get size(): number {
    return this.#byDigest.size
  }

  all(): IterableIterator<Session> {
    return this.#byDigest.values()
  }

  ofUser(userId: string): readonly Session[] {
    return this.#byUser.get(userId) ?? []
  }

  ofDigest(idDigest: string): Session | undefined {
    return this.#byDigest.get(idDigest)
  }

  /** A Session-ID is compared by its digest, which says nothing about it. */
  digestOf(sessionId: string): string {
    const known = this.#digests.get(sessionId)
    if (known !== undefined) return known
    const digest = this.#world.digest(sessionId)
    if (this.#byDigest.has(digest)) {
      // A copy: this one is a part of the text of a request, all of which would be kept with it.
      const id = Buffer.from(sessionId).toString()
      this.#digests.set(id, digest)
      this.#ids.set(digest, id)
    }
    return digest
  }

  add(session: Session): void {
    this.#byDigest.set(session.idDigest, session)
    this.#byUser.set(session.userId, [...this.ofUser(session.userId), session])
  }

  /** Whether it was there. Another one may have its id by now. */
  remove(session: Session): boolean {
    const { idDigest, userId } = session
    if (this.#byDigest.get(idDigest) !== session) return false
    this.#byDigest.delete(idDigest)
    const others = this.ofUser(userId).filter(other => other !== session)
    if (others.length > 0) this.#byUser.set(userId, others)
    else this.#byUser.delete(userId)
    const id = this.#ids.get(idDigest)
    if (id !== undefined) this.#digests.delete(id)
    this.#ids.delete(idDigest)
    return true
  }
}
