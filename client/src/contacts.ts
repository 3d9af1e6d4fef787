import { type ContactChange, ContactChanges } from './contact-changes.ts'
import { type Contact, type LiveContactList, Roster } from './contact-roster.ts'
import { type ContactEvent, ContactSync, isContactEvent, listTypes } from './contact-sync.ts'
import { RequestFailed } from './failures.ts'
import type { Originated, ServerPrimitive } from './inbox.ts'
import type { Session } from './session.ts'

/**
 * The user's contact lists with who is there, kept up to date while they are open (CSP 8.1, 8.3.2): by presence
 * notifications, by what the server tells of changes made elsewhere (1.3), and by what is changed here.
 */
export class Contacts {
  readonly #session: Session
  readonly #roster: Roster
  readonly #sync: ContactSync
  #changes = this.#freshChanges()
  #events: AsyncIterableIterator<Originated<ContactEvent>> | undefined
  #opening: Promise<void> | undefined
  /** One change after the other, so that an answer and a notification about the same do not cross. */
  #turn: Promise<unknown> = Promise.resolve()
  /** Keys of users who are being added: what is told of them may be here before the answer. */
  readonly #expected = new Set<string>()

  constructor(session: Session) {
    this.#session = session
    const home = session.userId.split('@')[1] || 'localhost'
    this.#roster = new Roster(home, (key, before) => this.#changes.tell(key, before))
    this.#sync = new ContactSync(session, this.#roster)
    void session.ended.then(end => this.#changes.end(end.reason === 'disconnected' ? end : undefined))
  }

  /**
   * Reads the lists and follows who is on them, until {@link close} or the end of the session. Changes made by other
   * clients are told in CSP 1.3; where the server has no presence, the lists are there without it.
   * @throws RequestFailed, TransportFailed, SessionEnded; it can be opened again then
   */
  open(): Promise<void> {
    this.#opening ??= this.#open().catch(async failure => {
      await this.#stop()
      throw failure
    })
    return this.#opening
  }

  /** All lists; empty until they are read. */
  get lists(): readonly LiveContactList[] {
    return this.#roster.lists
  }

  /** Everybody on them, once. */
  get all(): readonly Contact[] {
    return this.#roster.contacts
  }

  /** Somebody on a list, however the address is written. */
  find(userId: string): Contact | undefined {
    return this.#roster.contact(this.#roster.keyOf(userId))
  }

  /**
   * What changes from now on: who comes and goes, tells something else, is put on a list or taken off. What changed twice
   * before one asked is one change. Anybody may listen, before the contacts are open as well; the loop ends when they are
   * closed.
   * @throws SessionEnded from the loop when the server ends the session
   */
  changes(): AsyncIterableIterator<ContactChange> {
    return this.#changes.listen()
  }

  /**
   * Puts a user on a list, or changes the nickname of one who is there.
   * @param options `list` is the address of a list: the default one unless it is said, which is made where there is none
   * @returns undefined where the server has said yes, and the user is not on the list all the same
   * @throws RequestFailed UnknownUser 531, ContactListDoesNotExist 700, TooManyContacts 754
   */
  async add(
    userId: string,
    { nickname, list }: { readonly nickname?: string | undefined; readonly list?: string | undefined } = {},
  ): Promise<Contact | undefined> {
    await this.open()
    const key = this.#roster.keyOf(userId)
    return this.#inTurn(async () => {
      this.#expected.add(key)
      try {
        const address = list ?? this.#defaultList ?? (await this.#makeList())
        const { contacts, properties, failed } = await this.#session.contactLists.add(address, { userId, nickname })
        if (contacts) await this.#sync.put(address, contacts, properties)
        else if (failed.length === 0) await this.#sync.add(address, [{ userId, nickname }])
      } finally {
        this.#expected.delete(key)
      }
      return this.find(userId)
    })
  }

  /**
   * Takes a user off a list, or off all of them; whoever is on none is no failure.
   * @param options `list` is the address of the one that is meant
   * @throws RequestFailed ContactListDoesNotExist 700
   */
  async remove(userId: string, { list }: { readonly list?: string | undefined } = {}): Promise<void> {
    await this.open()
    await this.#inTurn(async () => {
      const contact = this.find(userId)
      for (const address of list === undefined ? (contact?.lists ?? []) : [list]) {
        await this.#session.contactLists.remove(address, contact?.userId ?? userId)
        await this.#sync.remove(address, [userId])
      }
    })
  }

  /**
   * Reads all lists anew, as after changes by `session.contactLists`: servers do not tell whoever made them.
   * @throws RequestFailed, TransportFailed, SessionEnded
   */
  async refresh(): Promise<void> {
    await this.open()
    await this.#inTurn(() => this.#sync.readAll())
  }

  /** Follows nobody any more; the lists stay as they are at the server. @throws TransportFailed, SessionEnded */
  async close(): Promise<void> {
    if (this.#opening === undefined) return
    await this.#opening.catch(() => {})
    try {
      await this.#inTurn(() => this.#sync.end())
    } finally {
      this.#changes.end()
      this.#changes = this.#freshChanges()
      await this.#stop()
    }
  }

  async #open(): Promise<void> {
    const isOurs = (userId: string) => this.#expected.has(this.#roster.keyOf(userId)) || this.find(userId) !== undefined
    const accepts = (primitive: ServerPrimitive) => isContactEvent(primitive, isOurs)
    this.#events = this.#session.consume(accepts as (primitive: ServerPrimitive) => primitive is ContactEvent, 'one')
    await this.#inTurn(() => this.#sync.readAll())
    // Without this the lists are as they were read; not every server tells.
    if (this.#session.version >= '1.3')
      await this.#session.generalNotifications.subscribe(listTypes).catch(unlessRefused)
    void this.#listen(this.#events)
  }

  async #listen(events: AsyncIterableIterator<Originated<ContactEvent>>): Promise<void> {
    try {
      for await (const { primitive, confirm } of events) {
        confirm().catch(() => {})
        // A list that cannot be read is read with what is told next.
        await this.#inTurn(() => this.#sync.take(primitive)).catch(() => {})
      }
    } catch {
      // The session is over, which those who listen to changes are told.
    }
  }

  async #stop(): Promise<void> {
    this.#opening = undefined
    await this.#events?.return?.()
    this.#roster.clear()
  }

  #freshChanges() {
    return new ContactChanges(key => this.#roster.contact(key))
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return done
  }

  get #defaultList(): string | undefined {
    const { lists } = this.#roster
    return (lists.find(({ isDefault }) => isDefault) ?? lists[0])?.address
  }

  async #makeList(): Promise<string> {
    const [user, domain] = this.#session.userId.split('@')
    const address = `${user}/friends${domain === undefined ? '' : `@${domain}`}`
    await this.#session.contactLists.create(address)
    await this.#sync.put(address, [], { isDefault: true })
    return address
  }
}

const unlessRefused = (failure: unknown) => {
  if (!(failure instanceof RequestFailed)) throw failure
}
