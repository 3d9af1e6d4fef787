import type { DigestSchema } from '../../credentials/digests.ts'
import { sourceOf } from '../../credentials/source.ts'
import type { World } from '../../world.ts'

/** How the second step of a login proves the password; PWD is no digest, it sends the password itself. */
export type ProofSchema = DigestSchema | 'PWD'

export interface Issued {
  readonly nonce: string
  readonly schema: ProofSchema
  readonly until: number
  /** Where it was asked for. */
  readonly source: string
}

const lifeMilliseconds = 60_000
/** As long as a person may take to read and answer. */
const answerMilliseconds = 600_000
const mostOpen = 10_000

/**
 * The nonces of logins that are half done. Each is good for one try within 60 seconds, by the user and client it was
 * made for. They live in memory only: after a restart a client starts its login again. Anybody may ask for one, so where
 * there are too many the source with the most loses its oldest: a flood from one place puts out nobody else.
 */
export class Nonces {
  readonly #world: World
  readonly #open = new Map<string, Issued>()
  /** The names of those of each source, the oldest first. */
  readonly #bySource = new Map<string, Set<string>>()

  constructor(world: World) {
    this.#world = world
  }

  /** @param address where it is asked for */
  issue(userId: string, client: string, schema: ProofSchema, address: string): string {
    const nonce = this.#world.token()
    const until = this.#world.now() + lifeMilliseconds
    this.#put(nameOf(userId, client), { nonce, schema, until, source: sourceOf(address) })
    if (this.#open.size > mostOpen) this.#makeRoom()
    return nonce
  }

  /** The nonce is good once more: what it proved is right, and the user has to answer something first (CSP 6.4). */
  giveBack(userId: string, client: string, issued: Issued) {
    this.#put(nameOf(userId, client), { ...issued, until: this.#world.now() + answerMilliseconds })
  }

  redeem(userId: string, client: string): Issued | undefined {
    const issued = this.#take(nameOf(userId, client))
    return issued && issued.until > this.#world.now() ? issued : undefined
  }

  #put(name: string, issued: Issued) {
    this.#take(name)
    this.#open.set(name, issued)
    const names = this.#bySource.get(issued.source)
    if (names === undefined) this.#bySource.set(issued.source, new Set([name]))
    else names.add(name)
  }

  #take(name: string): Issued | undefined {
    const issued = this.#open.get(name)
    if (issued === undefined) return undefined
    this.#open.delete(name)
    const names = this.#bySource.get(issued.source)!
    names.delete(name)
    if (names.size === 0) this.#bySource.delete(issued.source)
    return issued
  }

  #makeRoom() {
    let most = new Set<string>()
    for (const names of this.#bySource.values()) if (names.size > most.size) most = names
    for (const oldest of most) return this.#take(oldest)
  }
}

/** A space is in no address. */
const nameOf = (userId: string, client: string) => `${userId} ${client}`
