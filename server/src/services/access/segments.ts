import {
  isSplittable,
  type MessageInput,
  type PrimitiveInput,
  Refusal,
  refuse,
  type SegmentContentInput,
  sizeOf,
  split,
  type TransactionInput,
} from '@village/protocol'
import type { SessionView, Shortenable } from '../context.ts'
import { countFitting } from '../notice-size.ts'
import { countNamed, firstNamed, withoutSucceeded } from './shorter-details.ts'
import { shorterTexts } from './shorter-texts.ts'

/** Answers that were cut, kept until the client drops them or its session ends (CSP 6.10). */
interface Chain {
  readonly segments: readonly SegmentContentInput[]
  readonly octets: number
}

/** What the segments of a session may take; whoever never drops them loses the oldest, which 434 then says. */
const mostChains = 8
const mostOctetsOfSession = 1_048_576
/** What those of all sessions may take. */
const mostOctets = 67_108_864

/** Answers larger than their client can read, cut, and kept as they were when they were asked for. */
export class Segments {
  readonly #chains = new Map<SessionView, Map<string, Chain>>()
  #octets = 0

  /**
   * What to send instead of a transaction that is larger than `limit` octets: its first segment, the others being kept
   * for the client to ask for, or 432 where it cannot be cut or that was not agreed.
   * @param around the message it goes into, without transactions
   * @param share how many octets it had better have, for others are in that message; segments have no more
   */
  fit(
    transaction: TransactionInput,
    around: MessageInput,
    session: SessionView,
    limit: number,
    share = limit,
  ): TransactionInput {
    const octets = sizeOf({ ...around, transactions: [transaction] })
    if (octets <= share) return transaction
    const without = withoutSuccesses(transaction)
    if (without !== undefined) return this.fit(without, around, session, limit, share)
    if (session.agreement.services.includes('SGMNT'))
      for (const whole of withFewerDetails(transaction, around, share)) {
        const made = this.#cut(whole, around, session, share)
        if (made !== undefined) return made
      }
    if (octets <= limit) return transaction
    const fits = (it: TransactionInput) => sizeOf({ ...around, transactions: [it] }) <= limit
    for (const shorter of shortened(transaction, fits)) if (fits(shorter)) return shorter
    const tooLarge = { ...transaction, primitive: statusOf(new Refusal('ResponseTooLarge')) }
    // A limit that not even this keeps to means nothing.
    return fits(tooLarge) ? tooLarge : transaction
  }

  /** @throws Refusal UnknownSegment, SegmentIndexOutOfBounds */
  get(session: SessionView, transactionId: string, segmentReference: number): SegmentContentInput {
    const chain = this.#chains.get(session)?.get(transactionId) ?? refuse('UnknownSegment')
    return chain.segments[segmentReference] ?? refuse('SegmentIndexOutOfBounds')
  }

  /** @throws Refusal UnknownSegment */
  drop(session: SessionView, transactionId: string) {
    if (!this.#chains.get(session)?.has(transactionId)) refuse('UnknownSegment')
    this.#forget(session, transactionId)
  }

  /** The session is over. */
  dropAll(session: SessionView) {
    for (const transactionId of [...(this.#chains.get(session)?.keys() ?? [])]) this.#forget(session, transactionId)
  }

  /** Counts what else is kept of segments against the same limit; false where there is no room. */
  reserve(octets: number): boolean {
    if (this.#octets + octets > mostOctets) return false
    this.#octets += octets
    return true
  }

  release(octets: number) {
    this.#octets -= octets
  }

  /** The first segment; undefined where it cannot be cut, or there is no room to keep the others. */
  #cut(transaction: TransactionInput, around: MessageInput, session: SessionView, limit: number) {
    const made = split({ ...around, transactions: [transaction] }, limit)
    if (made === undefined) return undefined
    const { segments } = made
    const octets = segments.length * limit
    const isKept = octets <= mostOctetsOfSession && this.#keep(session, transaction.id!, { segments, octets })
    return isKept ? made.first : undefined
  }

  /** False where there is no room. */
  #keep(session: SessionView, transactionId: string, chain: Chain): boolean {
    this.#forget(session, transactionId)
    const chains = this.#chains.get(session) ?? new Map<string, Chain>()
    const isFull = () =>
      chains.size >= mostChains ||
      [...chains.values()].reduce((sum, { octets }) => sum + octets, chain.octets) > mostOctetsOfSession
    while (isFull()) this.#forget(session, chains.keys().next().value!)
    if (!this.reserve(chain.octets)) return false
    chains.set(transactionId, chain)
    this.#chains.set(session, chains)
    return true
  }

  #forget(session: SessionView, transactionId: string) {
    const chains = this.#chains.get(session)
    const chain = chains?.get(transactionId)
    if (chains === undefined || chain === undefined) return
    chains.delete(transactionId)
    this.release(chain.octets)
    if (chains.size === 0) this.#chains.delete(session)
  }
}

const statusOf = ({ code, description }: Refusal): PrimitiveInput => ({
  name: 'Status',
  body: { result: { code, description } },
})

/** Without what succeeded; undefined where that is not told. */
function withoutSuccesses(transaction: TransactionInput): TransactionInput | undefined {
  const { shorter, ...primitive } = transaction.primitive as PrimitiveInput & Shortenable
  const made = needed(primitive)
  return (
    made && { ...transaction, primitive: Object.assign(made, { shorter: shorter && (needed(shorter) ?? shorter) }) }
  )
}

function needed({ name, body }: PrimitiveInput): PrimitiveInput | undefined {
  if (!('result' in body) || body.result?.details === undefined) return undefined
  const { result } = body
  const details = withoutSucceeded(body.result.details)
  if (details.length === body.result.details.length) return undefined
  return { name, body: { ...body, result: { ...result, details } } } as PrimitiveInput
}

/** A Result cannot be cut: as it is, then with as many details as half the room holds, with one of them, with none. */
function* withFewerDetails(
  transaction: TransactionInput,
  around: MessageInput,
  limit: number,
): Iterable<TransactionInput> {
  yield transaction
  const { name, body } = transaction.primitive
  const result = 'result' in body ? body.result : undefined
  if (result?.details === undefined || !isSplittable(name)) return
  const { details } = result
  const naming = (count: number) => ({ ...result, details: firstNamed(details, count) })
  const telling = (count: number): TransactionInput => ({
    ...transaction,
    primitive: { name, body: { ...body, result: naming(count) } } as PrimitiveInput,
  })
  const octetsOf = (...transactions: TransactionInput[]) => sizeOf({ ...around, transactions })
  const half = (limit + octetsOf()) / 2
  const count = countFitting(countNamed(details), some => {
    const primitive: PrimitiveInput = { name: 'Status', body: { result: naming(some) } }
    return octetsOf({ ...transaction, primitive }) <= half
  })
  if (count > 1) yield telling(count)
  yield telling(1)
  yield telling(0)
}

/**
 * What was carried out is not to look as if it was not, only for want of room: lists that the client can read otherwise are
 * left out, and of what failed the first things are named, as many as fit and one at least (CSP 6.1). Of System Messages
 * the first are kept, or the beginning of the first: those behind are shown when these have been answered (CSP 7.1.1).
 */
function* shortened(
  whole: TransactionInput,
  fits: (transaction: TransactionInput) => boolean,
): Iterable<TransactionInput> {
  const { shorter } = whole.primitive as Shortenable
  const transaction = shorter === undefined ? whole : { ...whole, primitive: shorter }
  if (shorter !== undefined) yield transaction
  const { name, body } = transaction.primitive
  if (!('result' in body) || body.result === undefined) return
  const { details = [], systemMessages = [], ...rest } = body.result
  const telling = (someDetails: typeof details, someMessages: typeof systemMessages) => {
    const [told, shown] = [someDetails, someMessages].map(some => (some.length > 0 ? some : undefined))
    const result = { ...rest, details: told, systemMessages: shown }
    return { ...transaction, primitive: { name, body: { ...body, result } } as PrimitiveInput }
  }
  const named = countNamed(details)
  const count = countFitting(named, some => fits(telling(firstNamed(details, some), systemMessages)))
  if (count > 0) yield telling(firstNamed(details, count), systemMessages)
  for (const some of named > 0 ? [firstNamed(details, 1), []] : [[]]) {
    for (let count = systemMessages.length; count > 0; count--) yield telling(some, systemMessages.slice(0, count))
    const [first] = systemMessages
    for (const systemMessageText of shorterTexts(first?.systemMessageText ?? ''))
      yield telling(some, [{ ...first!, systemMessageText }])
    yield telling(some, [])
  }
}
