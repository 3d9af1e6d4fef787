import type { Store } from '../../store/store.ts'
import { type AccessRules, compileRules, hearsAll } from './access-rules.ts'

interface Slot {
  /** As soon as they were read they are here. */
  rules: AccessRules | Promise<AccessRules>
  size: number
}

/** So many entries and members, of all users together, are kept ready: some 20 MB. */
const mostKept = 100_000

/**
 * The rules of those who were written to lately. Whoever writes a block, grant or contact list forgets the rules of its
 * user before answering, so the next message is judged by what the list has then. With several nodes that will be
 * announced on the bus as well, for the other nodes to forget the user too.
 */
export class RulesCache {
  readonly #store: Pick<Store, 'accessLists' | 'contactLists'>
  readonly #most: number
  /** The one used last comes last. */
  readonly #slots = new Map<string, Slot>()
  readonly #applied = new WeakSet<AccessRules>()
  #size = 0

  constructor(store: Pick<Store, 'accessLists' | 'contactLists'>, most = mostKept) {
    this.#store = store
    this.#most = most
  }

  get size(): number {
    return this.#size
  }

  /** The rules of a user, at once where they are kept; whoever has none costs one look into the store, once. */
  of(userId: string): AccessRules | Promise<AccessRules> {
    const slot = this.#slots.get(userId) ?? this.#load(userId)
    this.#slots.delete(userId)
    this.#slots.set(userId, slot)
    return slot.rules
  }

  /** Whoever asks from now on has the lists read anew, even while they are being read for somebody who asked before. */
  forget(userId: string) {
    const slot = this.#slots.get(userId)
    if (slot === undefined) return
    this.#slots.delete(userId)
    this.#size -= slot.size
  }

  /** Whether what waits for their user has been judged by these rules already, and nothing has changed since. */
  areApplied(rules: AccessRules): boolean {
    return rules === hearsAll || this.#applied.has(rules)
  }

  noteApplied(rules: AccessRules) {
    this.#applied.add(rules)
  }

  #load(userId: string): Slot {
    const reading = readRules(userId, this.#store)
    const slot: Slot = { rules: reading, size: 1 }
    this.#size++
    const isCurrent = () => this.#slots.get(userId) === slot
    const keep = (rules: AccessRules) => {
      if (!isCurrent()) return
      slot.rules = rules
      const { size } = rules
      this.#size += size - slot.size
      slot.size = size
      this.#makeRoom()
    }
    const giveUp = () => {
      if (isCurrent()) this.forget(userId)
    }
    reading.then(keep, giveUp)
    return slot
  }

  #makeRoom() {
    for (const userId of this.#slots.keys()) {
      if (this.#size <= this.#most) return
      this.forget(userId)
    }
  }
}

async function readRules(
  userId: string,
  { accessLists, contactLists }: Pick<Store, 'accessLists' | 'contactLists'>,
): Promise<AccessRules> {
  const access = await accessLists.find(userId)
  const entries = [...access.block.entries, ...access.grant.entries]
  const lists = entries.some(({ kind }) => kind === 'contactList') ? await contactLists.ofUser(userId) : []
  const contacts = await Promise.all(
    lists.map(async ({ listId }) => ({
      listId,
      members: (await contactLists.members(listId)).map(member => member.userId),
    })),
  )
  return compileRules(access, contacts, userId.slice(userId.lastIndexOf('@') + 1))
}
