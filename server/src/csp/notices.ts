import type { TransactionInput } from '@village/protocol'
import type { Notice } from '../services/news.ts'
import { answerMilliseconds } from './outbox.ts'

/** Makes the next notice for a client from its news, as far as there is room; undefined where there is nothing to tell. */
export type NextNotice = (octets: number) => Promise<Notice | undefined>

interface Handed extends Notice {
  readonly transactionId: string
  /** Undefined where it has to be handed out again. */
  handedAt: number | undefined
}

/**
 * Server-originated transactions that come from no mailbox, from being handed out until they are answered (CSP 5.4).
 * One that is not answered in time goes out again under the same id; where it may not hold any more it is made anew, and
 * what says something else then is another transaction.
 */
export class Notices {
  #handed: Handed[] = []
  #count = 0
  readonly #prefix: string

  /** @param prefix sets the ids apart from all others of the session */
  constructor(prefix: string) {
    this.#prefix = prefix
  }

  get isEmpty(): boolean {
    return this.#handed.length === 0
  }

  /** Whether something has to go out again. */
  hasWaiting(now: number): boolean {
    return this.#handed.some(notice => isWaiting(notice, now))
  }

  /** How many are being answered. */
  openAt(now: number): number {
    return this.#handed.filter(notice => !isWaiting(notice, now)).length
  }

  /** The next ones that fit into one message: those that have to go out again first. */
  async take(limit: number, octets: number, now: number, next: NextNotice): Promise<readonly Handed[]> {
    const lateIds = limit > 0 ? this.#loseOutdated(now) : noIds
    const taken: Handed[] = []
    let said = 0
    const add = (notice: Handed) => {
      notice.handedAt = now
      said += sizeOf(notice)
      taken.push(notice)
    }
    for (const notice of this.#handed) {
      if (taken.length >= limit) break
      if (!isWaiting(notice, now)) continue
      if (said + sizeOf(notice) <= octets) add(notice)
      // The client reads less than it did, or other things are in the message: it is made anew, by what fits.
      else if (taken.length === 0) this.giveBack([notice])
    }
    // One that had to be cut only to go along with others had better come by itself.
    while (taken.length < limit && 4 * said <= octets) {
      const notice = await next(octets - said)
      if (notice === undefined) break
      const lateId = lateIds.size === 0 ? undefined : lateIds.get(textOf(notice))
      const handed = { ...notice, transactionId: lateId ?? `${this.#prefix}${++this.#count}`, handedAt: now }
      this.#handed.push(handed)
      add(handed)
    }
    return taken
  }

  /** Those that were not answered, and may not hold any more; returns the ids of what they said. */
  #loseOutdated(now: number): ReadonlyMap<string, string> {
    const late = this.#handed.filter(notice => notice.isOfNow && isWaiting(notice, now))
    if (late.length === 0) return noIds
    this.giveBack(late)
    return new Map(late.map(notice => [textOf(notice), notice.transactionId]))
  }

  /** They did not reach the client. */
  giveBack(notices: readonly Handed[]) {
    for (const notice of notices) {
      if (notice.onLost === undefined) notice.handedAt = undefined
      else {
        this.#handed = this.#handed.filter(other => other !== notice)
        notice.onLost()
      }
    }
  }

  /** Nobody is going to answer them. */
  giveBackAll() {
    this.giveBack(this.#handed)
  }

  /** Takes the client's answer; undefined if it is to none of these. */
  answer(transactionId: string | undefined, isTaken: boolean): Promise<void> | undefined {
    const notice = this.#handed.find(other => other.transactionId === transactionId)
    if (notice === undefined) return undefined
    this.#handed = this.#handed.filter(other => other !== notice)
    return notice.onAnswer?.(isTaken) ?? Promise.resolve()
  }
}

export const noticing = ({ transactionId, primitive }: Handed): TransactionInput => ({
  mode: 'Request',
  id: transactionId,
  primitive,
})

const noIds: ReadonlyMap<string, string> = new Map()

const textOf = ({ primitive }: Notice): string => JSON.stringify(primitive)

const isWaiting = ({ handedAt }: Handed, now: number) => handedAt === undefined || handedAt <= now - answerMilliseconds

/** About as many octets as it takes: a character may have three, and a tag stands twice. */
const sizeOf = ({ octets, primitive }: Notice) => octets ?? 3 * JSON.stringify(primitive).length
