import { sourceOf } from '../../credentials/source.ts'
import type { World } from '../../world.ts'
import type { Peer } from '../context.ts'

interface Limits {
  readonly source: number
  readonly server: number
}

const hourMilliseconds = 3_600_000

/**
 * How many accounts logins may make within an hour, from one source and in all. In memory only, and never longer than
 * the limit of all: what holds over restarts is `login.register.maxAccounts`.
 */
export class RegistrationQuota {
  readonly #world: World
  readonly #perHour: Limits
  /** Oldest first. */
  #taken: readonly { readonly source: string; readonly at: number }[] = []

  constructor(world: World, perHour: Limits) {
    this.#world = world
    this.#perHour = perHour
  }

  hasRoom(source: string): boolean {
    const since = this.#world.now() - hourMilliseconds
    this.#taken = this.#taken.filter(({ at }) => at > since)
    const ofSource = this.#taken.filter(one => one.source === source).length
    return this.#taken.length < this.#perHour.server && ofSource < this.#perHour.source
  }

  /** Takes a place before the account is made, so that many at once gain nothing; false where there is none. */
  take(source: string): boolean {
    if (!this.hasRoom(source)) return false
    this.#taken = [...this.#taken, { source, at: this.#world.now() }]
    return true
  }
}

/** Who answers for accounts: the phone, where a gateway tells which, for it has one address for all of them. */
export const registrarOf = ({ msisdn, address }: Peer): string => msisdn ?? sourceOf(address)
