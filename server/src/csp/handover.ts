import type { PrimitiveName, Transaction } from '@village/protocol'
import type { Answered } from './repeats.ts'

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

/**
 * Follows the answers in one message to the client's socket. Only a transport can tell that an answer was not handed
 * over; where nothing is told, nothing is taken for a repeat, for a message too many is better than one too few.
 */
export class Handover {
  readonly #answers: Answered[] = []
  #isLost = false

  add(answered: Answered) {
    if (answered.handover === 'lost') answered.handover = 'under way'
    this.#answers.push(answered)
    if (this.#isLost) this.lost()
  }

  /** The answers cannot reach the client any more, or did not. One that did before stays handed over. */
  lost() {
    this.#isLost = true
    for (const answered of this.#answers) if (answered.handover !== 'sent') answered.handover = 'lost'
  }

  sent() {
    for (const answered of this.#answers) answered.handover = 'sent'
  }
}
