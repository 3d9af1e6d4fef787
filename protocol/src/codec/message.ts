import type { Refusal } from '../refusal.ts'
import type { Primitive, PrimitiveInput } from '../schema/catalogue.ts'
import type { Input, Markup, Value, Version } from '../schema/kit.ts'
import type { SegmentInfo } from '../schema/segments.ts'

export type Syntax = 'xml' | 'wbxml'
export type TransactionMode = 'Request' | 'Response'

/** One CSP message as it was read (CSP 5.1, 5.4). */
export interface Message {
  readonly version: Version
  readonly syntax: Syntax
  /** The session the message belongs to; undefined for an `Outband` message. */
  readonly sessionId: string | undefined
  readonly transactions: readonly Transaction[]
  /** Server to client: something waits for a PollingRequest. */
  readonly poll: boolean | undefined
  /** Server to client: the state of the CIR channel. */
  readonly cir: boolean | undefined
}

export interface Transaction {
  readonly mode: TransactionMode
  /** Undefined where the client gave none, as in a PollingRequest. */
  readonly id: string | undefined
  /** Undefined where the content could not be understood; `refusal` then says why. */
  readonly primitive: Primitive | undefined
  readonly refusal: Refusal | undefined
  readonly segment: Value<typeof SegmentInfo> | undefined
  /** Extension blocks (CSP 12.1). */
  readonly extensions: readonly Markup[]
  /** TransactionContent as it came: a repeat of the request is told by it. */
  readonly source: string | Uint8Array
}

export interface MessageInput {
  readonly version: Version
  readonly syntax: Syntax
  readonly sessionId?: string | undefined
  readonly transactions: readonly TransactionInput[]
  readonly poll?: boolean | undefined
  readonly cir?: boolean | undefined
}

export interface TransactionInput {
  readonly mode: TransactionMode
  readonly id?: string | undefined
  readonly primitive: PrimitiveInput
  readonly segment?: Input<typeof SegmentInfo> | undefined
  readonly extensions?: readonly Markup[] | undefined
}
