import type { DigestSchema } from '../../credentials/digests.ts'
import type { World } from '../../world.ts'

/** How the second step of a login proves the password; PWD is no digest, it sends the password itself. */
export type ProofSchema = DigestSchema | 'PWD'

export interface Issued {
  readonly nonce: string
  readonly schema: ProofSchema
  readonly until: number
}

const lifeMilliseconds = 60_000
/** As long as a person may take to read and answer. */
const answerMilliseconds = 600_000
const mostOpen = 10_000

/**
 * The nonces of logins that are half done. Each is good for one try within 60 seconds, by the user and client it was
 * made for. They live in memory only: after a restart a client starts its login again.
 */
export class Nonces {
  readonly #world: World
  readonly #open = new Map<string, Issued>()

  constructor(world: World) {
    this.#world = world
  }

  issue(userId: string, client: string, schema: ProofSchema): string {
    const nonce = this.#world.token()
    this.#open.delete(`${userId} ${client}`) // so that it becomes the youngest
    this.#open.set(`${userId} ${client}`, { nonce, schema, until: this.#world.now() + lifeMilliseconds })
    if (this.#open.size > mostOpen) this.#open.delete(this.#open.keys().next().value!)
    return nonce
  }

  /** The nonce is good once more: what it proved is right, and the user has to answer something first (CSP 6.4). */
  giveBack(userId: string, client: string, issued: Issued) {
    this.#open.set(`${userId} ${client}`, { ...issued, until: this.#world.now() + answerMilliseconds })
  }

  redeem(userId: string, client: string): Issued | undefined {
    const issued = this.#open.get(`${userId} ${client}`)
    this.#open.delete(`${userId} ${client}`)
    return issued && issued.until > this.#world.now() ? issued : undefined
  }
}
