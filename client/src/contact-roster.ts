import { parseAddress } from '@village/protocol'
import type { ContactList, ListedContact, ListProperties } from './contact-lists.ts'
import { type PresenceStatus, unknownStatus } from './presence-status.ts'

/** Somebody on a contact list, and what is known of him. */
export interface Contact extends PresenceStatus {
  readonly userId: string
  /** What the owner of the list calls the user; the User-ID where nothing was said. */
  readonly nickname: string
  /** The addresses of the lists the user is on. */
  readonly lists: readonly string[]
  /** Whether the server has told anything of the presence yet: what it tells first is no news. */
  readonly isKnown: boolean
}

/** A contact list as it is now. */
export interface LiveContactList {
  /** As in `wv:alice/friends@example.com`. */
  readonly address: string
  /** What to call it: its DisplayName, else the last part of the address. */
  readonly name: string
  readonly isDefault: boolean
  /** In the order in which the server has them; the nicknames are those of this list. */
  readonly contacts: readonly Contact[]
}

interface Entry {
  readonly address: string
  properties: ListProperties
  readonly members: Map<string, ListedContact>
}

/** Called for each contact that a change may concern, with what was known of it before; undefined: nothing. */
type Tell = (key: string, before: Contact | undefined) => void

/** Contact lists with the presence of who is on them, and of nobody else; addresses are compared by their keys. */
export class Roster {
  readonly #home: string
  readonly #tell: Tell
  readonly #lists = new Map<string, Entry>()
  readonly #statuses = new Map<string, PresenceStatus>()

  /** @param home the domain of addresses that name none */
  constructor(home: string, tell: Tell) {
    this.#home = home
    this.#tell = tell
  }

  keyOf(address: string): string {
    return parseAddress(address, this.#home)?.key ?? address.toLowerCase()
  }

  get lists(): LiveContactList[] {
    return [...this.#lists.values()].map(({ address, properties, members }) => ({
      address,
      name: properties.displayName || parseAddress(address, this.#home)?.resource || address,
      isDefault: properties.isDefault ?? false,
      contacts: [...members.keys()].map(key => ({ ...this.contact(key)!, nickname: nicknameOf(members.get(key)!) })),
    }))
  }

  /** Everybody once. */
  get contacts(): Contact[] {
    const keys = new Set([...this.#lists.values()].flatMap(({ members }) => [...members.keys()]))
    return [...keys].map(key => this.contact(key)!)
  }

  /** Who is on a list; undefined where there is no such list. */
  membersOf(address: string): readonly ListedContact[] | undefined {
    const members = this.#lists.get(this.keyOf(address))?.members
    return members && [...members.values()]
  }

  contact(key: string): Contact | undefined {
    const on = [...this.#lists.values()].filter(({ members }) => members.has(key))
    const listed = on[0]?.members.get(key)
    if (listed === undefined) return undefined
    const status = this.#statuses.get(key)
    return {
      userId: listed.userId,
      nickname: nicknameOf(listed),
      lists: on.map(({ address }) => address),
      isKnown: status !== undefined,
      ...(status ?? unknownStatus),
    }
  }

  /** Puts a list as it was read in place of what was known of it. */
  put(address: string, { properties, contacts }: ContactList) {
    const key = this.keyOf(address)
    const members = new Map(contacts.map(contact => [this.keyOf(contact.userId), contact]))
    this.#change([...(this.#lists.get(key)?.members.keys() ?? []), ...members.keys()], () => {
      if (properties.isDefault)
        for (const entry of this.#lists.values()) entry.properties = { ...entry.properties, isDefault: false }
      const known = this.#lists.get(key)
      this.#lists.set(key, {
        address: known?.address ?? address,
        properties: { ...known?.properties, ...defined(properties) },
        members,
      })
    })
  }

  drop(address: string) {
    const key = this.keyOf(address)
    this.#change([...(this.#lists.get(key)?.members.keys() ?? [])], () => this.#lists.delete(key))
  }

  add(address: string, contacts: readonly ListedContact[]) {
    const entry = this.#lists.get(this.keyOf(address))
    const added = contacts.map(contact => [this.keyOf(contact.userId), contact] as const)
    this.#change(
      added.map(([key]) => key),
      // Whoever is added again without a nickname keeps the one that was there.
      () => {
        for (const [key, it] of added)
          entry?.members.set(key, { userId: it.userId, ...entry.members.get(key), ...defined(it) })
      },
    )
  }

  remove(address: string, userIds: readonly string[]) {
    const keys = userIds.map(userId => this.keyOf(userId))
    const entry = this.#lists.get(this.keyOf(address))
    this.#change(keys, () => {
      for (const key of keys) entry?.members.delete(key)
    })
  }

  /** What is known from now on of somebody on a list; of others nothing is kept. */
  learn(userId: string, read: (before: PresenceStatus) => PresenceStatus) {
    const key = this.keyOf(userId)
    if (this.contact(key) === undefined) return
    this.#change([key], () => this.#statuses.set(key, read(this.#statuses.get(key) ?? unknownStatus)))
  }

  /** Forgets everything, and tells nobody. */
  clear() {
    this.#lists.clear()
    this.#statuses.clear()
  }

  #change(keys: readonly string[], change: () => void) {
    const before = new Map(keys.map(key => [key, this.contact(key)]))
    change()
    for (const [key, contact] of before) {
      if (this.contact(key) === undefined) this.#statuses.delete(key)
      this.#tell(key, contact)
    }
  }
}

const nicknameOf = ({ nickname, userId }: ListedContact) => nickname || userId

const defined = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
