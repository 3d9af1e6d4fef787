import type { PrimitiveName, Transaction } from '@village/protocol'
import type { Inbound } from './engine.ts'
import type { Answered } from './repeats.ts'
import type { Outbound } from './reply.ts'

/**
 * What other people would see twice if it were carried out twice.
 * COMPAT: the AOSP client sends any request again after a network error, under a new Transaction-ID.
 */
const seenByOthers: ReadonlySet<PrimitiveName> = new Set([
  'SendMessageRequest',
  'ForwardMessageRequest',
  'InviteRequest',
])

/** Whether the same request under a new id is known as a repeat, if the answer to the first was lost. */
export const mayComeAnew = ({ primitive }: Pick<Transaction, 'primitive'>): boolean =>
  primitive !== undefined && seenByOthers.has(primitive.name)

/** A message that is being answered, and what follows the answer. */
export interface Followed extends Inbound {
  readonly handover: Handover
}

/**
 * Follows what goes to the client in one message. That it was lost can be told by the transport alone, or by whoever
 * could not even make the message; where nothing is told, nothing is taken for a repeat, for a message too many is
 * better than one too few.
 */
export class Handover {
  readonly #answers: Answered[] = []
  readonly #losses: (() => void)[] = []
  #isLost = false

  /** An answer that is in the message. */
  add(answered: Answered) {
    answered.again()
    this.#answers.push(answered)
    if (this.#isLost) this.lost()
  }

  /** What is to be done, once, if the message does not arrive. */
  ifLost(run: () => void) {
    this.#losses.push(run)
    if (this.#isLost) this.lost()
  }

  /** The message cannot reach the client any more, or did not. An answer that did before stays handed over. */
  lost() {
    this.#isLost = true
    for (const answered of this.#answers) answered.lost()
    for (const run of this.#losses.splice(0)) run()
  }

  sent() {
    for (const answered of this.#answers) answered.sent()
  }

  /** The message for the transport, which tells what becomes of it, where that makes a difference. */
  follow(outbound: Outbound): Outbound {
    if (this.#answers.length === 0 && this.#losses.length === 0) return outbound
    return { ...outbound, onLost: () => this.lost(), onSent: () => this.sent() }
  }
}
