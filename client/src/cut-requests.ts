import {
  isSplittable,
  type MessageInput,
  type Primitive,
  type PrimitiveInput,
  type SegmentContentInput,
  type Split,
  sizeOf,
  split,
  status,
  type TransactionInput,
} from '@village/protocol'
import { RequestTooLarge } from './failures.ts'
import { type Agreed, isAgreed } from './negotiation.ts'
import type { OnSent } from './wire.ts'

/** What a server asks about a request that was cut. */
export type SegmentQuestion = Extract<Primitive, { readonly name: 'GetSegmentRequest' | 'DropSegmentRequest' }>

export const isSegmentQuestion = (primitive: Primitive): primitive is SegmentQuestion =>
  primitive.name === 'GetSegmentRequest' || primitive.name === 'DropSegmentRequest'

/**
 * Told of the whole when a request is answered; before, of each segment that has arrived, or, where uploads are
 * streamed, of what has been handed to the network. It starts over when a request is sent again.
 */
export type OnProgress = (sentOctets: number, totalOctets: number) => void

/** A request as it can be sent. */
export interface Fitting {
  /** The whole request, or its first segment. */
  readonly transaction: TransactionInput
  /** Of all messages that it takes. */
  readonly totalOctets: number
  /** To be told how many octets of this message have left. */
  readonly onSent: OnSent | undefined
}

interface Chain {
  readonly segments: readonly SegmentContentInput[]
  /** Tells that all segments before this one have arrived. */
  readonly onArrived: (segmentReference: number) => void
  isOver: boolean
}

/** Servers drop what they have; whoever does not has so many segment chains of finished requests kept for it. */
const mostOver = 4

/** Requests larger than may be sent, cut, and kept until the server has all of them (CSP 6.10). */
export class CutRequests {
  readonly #envelope: Pick<MessageInput, 'version' | 'syntax' | 'sessionId'>
  readonly #chains = new Map<string, Chain>()
  /** Octets of the largest message either side may send: the agreed ParserSize. */
  #limit = Number.POSITIVE_INFINITY
  #isAgreed = false

  constructor(envelope: Pick<MessageInput, 'version' | 'syntax' | 'sessionId'>) {
    this.#envelope = envelope
  }

  /** Before 1.3 ParserSize is no limit for requests. */
  adopt(agreed: Agreed) {
    if (this.#envelope.version < '1.3') return
    this.#limit = agreed.capabilities.parserSize ?? Number.POSITIVE_INFINITY
    this.#isAgreed = isAgreed(agreed, ['fundamentalFeat', 'serviceFunc', 'sgmnt'])
  }

  /** @throws RequestTooLarge where it is, and cannot be cut or was not agreed to be */
  fit(transaction: TransactionInput & { readonly id: string }, onProgress?: OnProgress): Fitting {
    const octets = this.#sizeOf(transaction)
    if (octets <= this.#limit)
      return { transaction, totalOctets: octets, onSent: onProgress && (sent => onProgress(sent, octets)) }
    const { name } = transaction.primitive
    const made = this.#isAgreed ? split({ ...this.#envelope, transactions: [transaction] }, this.#limit) : undefined
    if (made === undefined) throw new RequestTooLarge(name, octets, this.#limit, isSplittable(name) && !this.#isAgreed)
    const sizes = this.#sizesOf(made, transaction.id)
    const sum = (count: number) => sizes.slice(0, count).reduce((total, size) => total + size, 0)
    const totalOctets = sum(sizes.length)
    const onArrived = (segmentReference: number) => onProgress?.(sum(segmentReference), totalOctets)
    this.#chains.set(transaction.id, { segments: made.segments, onArrived, isOver: false })
    return { transaction: made.first, totalOctets, onSent: undefined }
  }

  /** A segment, or 200 for a chain that is dropped; 434 and 435 for what is not there (CSP 6.10.2). */
  answer({ name, body: { segmentId } }: SegmentQuestion): PrimitiveInput {
    const { transactionId, segmentReference } = segmentId
    const chain = this.#chains.get(transactionId)
    if (chain === undefined) return statusOf(status.UnknownSegment.code)
    if (name === 'DropSegmentRequest') {
      this.#chains.delete(transactionId)
      return statusOf(200)
    }
    const segmentContent = chain.segments[segmentReference]
    if (segmentContent === undefined) return statusOf(status.SegmentIndexOutOfBounds.code)
    if (!chain.isOver) chain.onArrived(segmentReference)
    return { name: 'GetSegmentResponse', body: { segmentId, segmentContent } }
  }

  /** A request is over; its segments stay until they are dropped. */
  leave(transactionId: string) {
    const chain = this.#chains.get(transactionId)
    if (chain === undefined) return
    chain.isOver = true
    const over = [...this.#chains].filter(([, { isOver }]) => isOver)
    for (const [id] of over.slice(0, -mostOver)) this.#chains.delete(id)
  }

  /** The session is over, and its segments with it. */
  clear() {
    this.#chains.clear()
  }

  #sizeOf(transaction: TransactionInput): number {
    return sizeOf({ ...this.#envelope, transactions: [transaction] })
  }

  #sizesOf({ first, segments }: Split, transactionId: string): number[] {
    const others = segments.slice(1).map((segmentContent, index): TransactionInput => {
      const segmentId = { transactionId, segmentReference: index + 1 }
      return {
        mode: 'Response',
        id: transactionId,
        primitive: { name: 'GetSegmentResponse', body: { segmentId, segmentContent } },
      }
    })
    return [first, ...others].map(transaction => this.#sizeOf(transaction))
  }
}

const statusOf = (code: number): PrimitiveInput => ({ name: 'Status', body: { result: { code } } })
