import type { NewMailItem } from '../store/mailboxes.ts'

export type OutboxItem = Omit<NewMailItem, 'origin' | 'acceptedAt'>

/** A server-originated transaction, from being offered until the client has answered it (CSP 5.4, 6.2). */
export interface Entry {
  readonly transactionId: string
  readonly item: OutboxItem
  /** When it was last handed out; undefined while it waits for its first time. */
  handedAt: number | undefined
}

/** After this long without an answer a transaction is handed out again, under the same id (CSP 5.4). */
export const answerMilliseconds = 20_000

/** So many are kept in memory for a session; the rest stays in the mailbox until there is room. */
const room = 16

/**
 * What the server has to say to one client. It lives in memory and is never the only copy: everything in it can be
 * had from the mailbox again. `isComplete` tells whether all that waits there is here too.
 */
export class Outbox {
  isComplete = false
  /** Something was offered while the mailbox was being read: what was read may not have had it yet. */
  #isOutdated = false
  #entries: Entry[] = []
  #count = 0
  readonly #prefix: string

  /** @param prefix sets the ids apart from those that an earlier holder of the session gave */
  constructor(prefix: string) {
    this.#prefix = prefix
  }

  has(messageId: string): boolean {
    return this.#entries.some(({ item }) => item.messageId === messageId)
  }

  /** Takes an item that was just stored; false if it has to be read from the mailbox when its turn comes. */
  offer(item: OutboxItem): boolean {
    if (!this.isComplete) {
      this.#isOutdated = true
      return false
    }
    if (this.#entries.length >= room) this.isComplete = false
    else this.#add(item)
    return this.isComplete
  }

  /** The mailbox is about to be read. */
  beginFill() {
    this.#isOutdated = false
  }

  /** The mailbox was read to its end. */
  endFill() {
    this.isComplete = !this.#isOutdated
  }

  /** How many more items can be taken from the mailbox. */
  get space(): number {
    return room - this.#entries.length
  }

  /** Takes items read from the mailbox, oldest first. */
  fill(items: readonly OutboxItem[]) {
    for (const item of items) if (!this.has(item.messageId)) this.#add(item)
  }

  /** Whether something could be handed out now, or has to be looked for in the mailbox. */
  hasWaiting(now: number): boolean {
    return !this.isComplete || this.#entries.some(entry => isUnsent(entry, now))
  }

  /**
   * The next unsent transactions. A client is never asked more questions at a time than it agreed to.
   * @param perMessage how many one message may carry
   * @param openAtMost how many may be unanswered at any time
   * @param octets how many octets the message may have, as far as that can be told beforehand
   */
  take(perMessage: number, openAtMost: number, octets: number, now: number): Entry[] {
    const open = this.#entries.filter(entry => !isUnsent(entry, now)).length
    const limit = Math.min(perMessage, openAtMost - open)
    const taken: Entry[] = []
    let size = 0
    for (const entry of this.#entries) {
      if (taken.length >= limit) break
      if (!isUnsent(entry, now)) continue
      size += sizeOf(entry.item)
      if (taken.length > 0 && size > octets) break
      entry.handedAt = now
      taken.push(entry)
    }
    return taken
  }

  /** Back to unsent: the message that carried these never reached the client. */
  giveBack(entries: readonly Entry[]) {
    for (const entry of entries) entry.handedAt = undefined
  }

  /** The client answered: the transaction is closed. */
  answered(transactionId: string): Entry | undefined {
    const index = this.#entries.findIndex(entry => entry.transactionId === transactionId)
    return index < 0 ? undefined : this.#entries.splice(index, 1)[0]
  }

  /** Forgets what has not been handed out: somebody else will deliver it. */
  clear() {
    this.#entries = this.#entries.filter(({ handedAt }) => handedAt !== undefined)
    this.isComplete = false
  }

  #add(item: OutboxItem) {
    this.#count++
    this.#entries.push({ transactionId: `${this.#prefix}${this.#count}`, item, handedAt: undefined })
  }
}

const isUnsent = ({ handedAt }: Entry, now: number) => handedAt === undefined || handedAt <= now - answerMilliseconds

/** About what an item takes in a message: content, the rest, and the envelope around them. */
const sizeOf = ({ content, info }: OutboxItem) => (content?.length ?? 0) + info.length + 400
