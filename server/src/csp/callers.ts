import type { World } from '../world.ts'
import { Guesses } from './guesses.ts'
import type { Session } from './session.ts'
import type { Gone, Sessions } from './sessions.ts'

/**
 * Session-IDs a minute from one address that never were any session's. Many phones can be behind one address, and some
 * bring ids of long ago; beyond this somebody makes the server read its store for nothing.
 */
const mostGuessesPerMinute = 300

/**
 * Who calls, by a Session-ID. An id that is known here costs nothing and is never held up; nor does one count that was a
 * session's once, as those are that phones bring back after the server was restarted.
 */
export class Callers {
  readonly #sessions: Sessions
  readonly #guesses: Guesses

  constructor(sessions: Sessions, world: World) {
    this.#sessions = sessions
    this.#guesses = new Guesses(mostGuessesPerMinute, () => world.now())
  }

  /** Undefined where nobody has looked: too many guesses came from this address. It may well be a session. */
  async find(idDigest: string, address: string): Promise<Session | Gone | undefined> {
    const held = this.#sessions.held(idDigest)
    if (held !== undefined) return held
    if (this.#guesses.areTooMany(address)) return undefined
    const found = await this.#sessions.findByDigest(idDigest)
    if (found.userId === undefined) this.#guesses.note(address)
    return found
  }
}
