import type { TransactionInput } from '@village/protocol'
import type { Notice } from '../services/news.ts'
import { answerMilliseconds } from './outbox.ts'

/** Makes the next notice for a client from its news, as far as there is room; undefined where there is nothing to tell. */
export type NextNotice = (octets: number) => Promise<Notice | undefined>

/** With less room than this the next notice had better come in a message of its own. */
const leastOctets = 1024

interface Handed extends Notice {
  readonly transactionId: string
  /** Undefined where it has to be handed out again. */
  handedAt: number | undefined
}

/**
 * Server-originated transactions that come from no mailbox, from being handed out until they are answered (CSP 5.4).
 * One that is not answered in time goes out again as it was, under the same id.
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

  /** The next ones: those that have to go out again first. */
  async take(limit: number, octets: number, now: number, next: NextNotice): Promise<readonly Handed[]> {
    const taken: Handed[] = []
    let room = octets
    const isRoom = () => taken.length < limit && (taken.length === 0 || room >= leastOctets)
    for (const late of this.#handed.filter(notice => isWaiting(notice, now))) {
      if (!isRoom() || (taken.length > 0 && late.octets > room)) break
      late.handedAt = now
      room -= late.octets
      taken.push(late)
    }
    while (isRoom()) {
      const notice = await next(room)
      if (notice === undefined) break
      const handed = { ...notice, transactionId: `${this.#prefix}${++this.#count}`, handedAt: now }
      this.#handed.push(handed)
      room -= notice.octets
      taken.push(handed)
    }
    return taken
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

  /** Takes the client's answer; false if it is to none of these. */
  async answer(transactionId: string | undefined, isTaken: boolean): Promise<boolean> {
    const notice = this.#handed.find(other => other.transactionId === transactionId)
    if (notice === undefined) return false
    this.#handed = this.#handed.filter(other => other !== notice)
    await notice.onAnswer?.(isTaken)
    return true
  }
}

export const noticing = ({ transactionId, primitive }: Handed): TransactionInput => ({
  mode: 'Request',
  id: transactionId,
  primitive,
})

const isWaiting = ({ handedAt }: Handed, now: number) => handedAt === undefined || handedAt <= now - answerMilliseconds
