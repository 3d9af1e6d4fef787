import { type Body, type ClientID, clientKey, type PresenceSubList } from '@village/protocol'
import { type AttributeKey, contentOf, namesIn, occurrences, type Value } from './attributes.ts'
import { folded } from './list-owner.ts'

export type Presence = Body<'PresenceNotificationRequest'>['presences'][number]

/**
 * What a client knows of others after all it was told: an attribute that is told takes the place of what was told before
 * (CSP 8.3.2.1).
 */
export class Sight {
  readonly #known = new Map<string, Map<AttributeKey, readonly Value[]>>()

  constructor(presences: readonly Presence[] = []) {
    this.add(presences)
  }

  add(presences: readonly Presence[]) {
    for (const { userId, presenceSubLists } of presences)
      for (const list of presenceSubLists) this.#addList(folded(userId) ?? '', list)
  }

  /** Of whom anything was told, folded, in no order. */
  get users(): string[] {
    return [...this.#known.keys()].sort()
  }

  /** The attributes of a user that have a value. */
  attributesOf({ userId }: { readonly userId: string }): AttributeKey[] {
    const known = this.#known.get(folded(userId)!) ?? new Map()
    return [...known.keys()].filter(key => this.valuesOf({ userId }, key).length > 0).sort()
  }

  /** The values of an attribute of a user; what does not hold (Qualifier F) is none. */
  valuesOf({ userId }: { readonly userId: string }, key: AttributeKey): string[] {
    const known = this.#known.get(folded(userId)!)?.get(key) ?? []
    return known.filter(({ qualifier }) => qualifier !== false).flatMap(value => contentOf(value) ?? [])
  }

  /** Whether any client of a user is known to be online; undefined if nothing is known of it. */
  isOnline(user: { readonly userId: string }): boolean | undefined {
    const values = this.valuesOf(user, 'onlineStatuses')
    return values.length === 0 ? undefined : values.includes('T')
  }

  #addList(user: string, list: PresenceSubList) {
    const known = this.#known.get(user) ?? new Map<AttributeKey, readonly Value[]>()
    this.#known.set(user, known)
    for (const key of namesIn([list])) {
      const values = occurrences(list, key)
      known.set(key, key === 'onlineStatuses' ? joined(known.get(key) ?? [], values) : values)
    }
  }
}

/** Since 1.3 a server may tell of one client without mentioning the others. */
const joined = (before: readonly Value[], now: readonly Value[]): readonly Value[] => {
  if (now.some(({ clientId }) => clientId === undefined)) return now
  const told = new Set(now.map(keyOf))
  return [...now, ...before.filter(value => value.clientId !== undefined && !told.has(keyOf(value)))]
}

const keyOf = ({ clientId }: Value) => clientKey(clientId as ClientID)
