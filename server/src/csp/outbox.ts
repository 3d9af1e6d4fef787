import type { AnnouncedItem } from '../cluster/bus.ts'
import type { Form } from '../services/messaging/content-fit.ts'
import type { Target, Way } from '../services/messaging/pictures.ts'

export type OutboxItem = Omit<AnnouncedItem, 'origin'>

/** A server-originated transaction, from being offered until what it carried is done with (CSP 5.4, 6.2). */
export interface Entry {
  readonly transactionId: string
  readonly item: OutboxItem
  form: Form
  /** What its picture has to become before it is handed out. */
  readonly target: Target | undefined
  /** The item with that picture, once it is made (CSP 5.6.2). */
  made: OutboxItem | undefined
  /** When it was last handed out; undefined while it waits for its first time. */
  handedAt: number | undefined
  /** The transaction is closed; the entry stays until the mailbox is without its item, or it would be read again. */
  isAnswered: boolean
}

/** After this long without an answer a transaction is handed out again, under the same id (CSP 5.4). */
export const answerMilliseconds = 20_000

/** So many are kept in memory for a session; the rest stays in the mailbox until there is room. */
const room = 16

/**
 * What the server has to say to one client. It lives in memory and is never the only copy: everything in it can be
 * had from the mailbox again.
 */
export class Outbox {
  #isComplete = false
  #misses = 0
  #removals = 0
  #entries: Entry[] = []
  readonly #declined = new Set<string>()
  readonly #notified = new Set<string>()
  readonly #unpushable = new Set<string>()
  #count = 0
  readonly #prefix: string

  /** @param prefix sets the ids apart from those that an earlier holder of the session gave */
  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** Whether all that waits in the mailbox for this client is here too. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0
  }

  /** How often something arrived that did not come in here: whoever reads the mailbox meanwhile may not see it. */
  get misses(): number {
    return this.#misses
  }

  /** How often something left: whoever reads the mailbox meanwhile may still see it. */
  get removals(): number {
    return this.#removals
  }

  /** Something is in the mailbox, or may be, that is not here. */
  miss() {
    this.#misses++
    this.#isComplete = false
  }

  /** The mailbox was read to its end, beginning when `misses` was this; false if something was missed since. */
  complete(misses: number): boolean {
    this.#isComplete = misses === this.#misses
    return this.#isComplete
  }

  /** Whether an item is here to be delivered. */
  isHolding(messageId: string): boolean {
    return this.#entries.some(({ item }) => item.messageId === messageId)
  }

  /** Whether an item is here, or was declined, or was announced to the client, which is all that it would be again. */
  has(messageId: string, form: Form): boolean {
    if (this.#declined.has(messageId) || this.isHolding(messageId)) return true
    return (form === 'notify' || this.#unpushable.has(messageId)) && this.#notified.has(messageId)
  }

  hasDeclined(messageId: string): boolean {
    return this.#declined.has(messageId)
  }

  /** Takes an item that was just stored, or leaves it to be read from the mailbox when its turn comes. */
  offer(offered: Offered) {
    if (this.has(offered.item.messageId, offered.form)) return
    if (!this.#isComplete || this.space === 0) this.miss()
    else this.#add(offered)
  }

  /** How many more items can be taken from the mailbox. */
  get space(): number {
    return Math.max(0, room - this.#entries.length)
  }

  /** Takes items read from the mailbox, oldest first. */
  fill(offered: readonly Offered[]) {
    for (const one of offered) if (!this.has(one.item.messageId, one.form)) this.#add(one)
  }

  /** Whether something could be handed out now, or has to be looked for in the mailbox. */
  hasWaiting(now: number, isMeant: IsMeant = all): boolean {
    const isShort = !this.#isComplete && this.space > 0
    return isShort || this.#entries.some(entry => isUnsent(entry, now) && isMeant(entry.item))
  }

  /** Whether so many are here that `take` could hand out, so that nobody has to look into the mailbox for more. */
  hasUnsent(count: number, octets: number, now: number, isMeant: IsMeant = all): boolean {
    const isReady = (entry: Entry) =>
      isUnsent(entry, now) && entry.item.expiresAt > now && contentOf(entry) <= octets && isMeant(entry.item)
    return this.#entries.filter(isReady).length >= count
  }

  /**
   * The next unsent transactions. A client is never asked more questions at a time than it agreed to. What it can no
   * longer read stays in the mailbox for another (CSP 5.6.4), instead of standing in the way of all else.
   * @param perMessage how many one message may carry
   * @param openAtMost how many may be unanswered at any time
   * @param octets how many octets the message may have, as far as that can be told beforehand
   * @param isMeant leaves others where they are, for another time
   */
  take(perMessage: number, openAtMost: number, octets: number, now: number, isMeant: IsMeant = all): Entry[] {
    if (this.#entries.some(({ item }) => item.expiresAt <= now)) this.#dropExpired(now)
    for (const entry of this.#entries.filter(entry => contentOf(entry) > octets)) this.decline(entry)
    const limit = Math.min(perMessage, openAtMost - this.openAt(now))
    const taken: Entry[] = []
    let size = 0
    for (const entry of this.#entries) {
      if (taken.length >= limit) break
      if (!isUnsent(entry, now) || !isMeant(entry.item)) continue
      size += sizeOf(entry)
      if (taken.length > 0 && size > octets) break
      entry.handedAt = now
      taken.push(entry)
    }
    return taken
  }

  /** How many transactions the client is answering. */
  openAt(now: number): number {
    return this.#entries.filter(entry => !entry.isAnswered && !isUnsent(entry, now)).length
  }

  /** Back to unsent: the message that carried these never reached the client, or its answer could not be kept. */
  giveBack(entries: readonly Entry[]) {
    for (const entry of entries) {
      entry.handedAt = undefined
      entry.isAnswered = false
    }
  }

  /** The transaction of an id, if it is still open. */
  find(transactionId: string): Entry | undefined {
    return this.#entries.find(entry => entry.transactionId === transactionId && !entry.isAnswered)
  }

  /** The item is out of the mailbox: what this client thought of it need not be known any more. */
  forget(messageId: string) {
    this.remove(messageId)
    this.#declined.delete(messageId)
    this.#notified.delete(messageId)
    this.#unpushable.delete(messageId)
  }

  /** This client is done with the item. */
  remove(messageId: string) {
    this.#removals++
    this.#entries = this.#entries.filter(({ item }) => item.messageId !== messageId)
  }

  /** The client knows of it, and fetches it when it likes (CSP 9.1.6). It is not announced to it again. */
  noteNotified({ item }: Entry) {
    this.remove(item.messageId)
    this.#notified.add(item.messageId)
  }

  /** It is too large to be pushed, and is announced instead: not again, where it was already. */
  announce(entry: Entry) {
    const { messageId } = entry.item
    entry.form = 'notify'
    this.#unpushable.add(messageId)
    if (this.#notified.has(messageId)) this.remove(messageId)
  }

  /** The client does not take it (CSP 9.1.5.2). It stays in the mailbox and is not offered to this client again. */
  decline({ item }: Entry) {
    this.remove(item.messageId)
    this.#declined.add(item.messageId)
  }

  /** Forgets what has not been handed out: who is to have it is decided anew. */
  clear() {
    this.#entries = this.#entries.filter(({ handedAt }) => handedAt !== undefined)
    this.miss()
  }

  /** What the client did not take it may be able to take now. */
  forgetDeclined() {
    this.#declined.clear()
    this.#unpushable.clear()
  }

  #add({ item, form: wanted, target }: Offered) {
    const form = this.#unpushable.has(item.messageId) ? 'notify' : wanted
    this.#count++
    const transactionId = `${this.#prefix}${this.#count}`
    const state = { made: undefined, handedAt: undefined, isAnswered: false }
    this.#entries.push({ transactionId, item, form, target, ...state })
  }

  /** What is past its validity is not delivered any more (CSP 5.6.4.2). */
  #dropExpired(now: number) {
    this.#entries = this.#entries.filter(({ item, isAnswered }) => isAnswered || item.expiresAt > now)
  }
}

/** An item for a client, and how it is to get it. */
export interface Offered extends Way {
  readonly item: OutboxItem
}

type IsMeant = (item: OutboxItem) => boolean
const all: IsMeant = () => true

const isUnsent = ({ handedAt, isAnswered }: Entry, now: number) =>
  !isAnswered && (handedAt === undefined || handedAt <= now - answerMilliseconds)

const contentOf = ({ item, form, target }: Entry) =>
  form === 'push' ? (target?.octets ?? item.content?.length ?? 0) : 0

/** About what an item takes in a message: content, the rest, and the envelope around them. */
const sizeOf = (entry: Entry) => contentOf(entry) + entry.item.info.length + 400
