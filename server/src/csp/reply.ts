import {
  contentTypeOf,
  encode,
  type Message,
  type MessageInput,
  type PrimitiveInput,
  type TransactionInput,
} from '@village/protocol'
import type { SessionView } from '../services/context.ts'
import { primitiveFor } from '../services/messaging/message-for.ts'
import type { Entry } from './outbox.ts'

/** What a transport sends back: a CSP message, or nothing. */
export interface Outbound {
  /** As HTTP has it. 200 wherever CSP itself gives the answer, errors included. */
  readonly status: number
  readonly contentType: string | undefined
  readonly body: string | Uint8Array
  /** Told by the transport if the body could not be handed to the client. */
  readonly onLost?: (() => void) | undefined
  /** Told by the transport when all of the body has been handed to the client's connection. */
  readonly onSent?: (() => void) | undefined
}

export const empty = (status: number): Outbound => ({ status, contentType: undefined, body: '' })

/** The answer to a transaction of the client's, under its id. */
export const answering = (id: string | undefined, primitive: PrimitiveInput): TransactionInput => ({
  mode: 'Response',
  id,
  primitive,
})

/** A transaction of the server's own, for the client of a session. */
export const originating = ({ transactionId, item, made, form }: Entry, session: SessionView): TransactionInput => ({
  mode: 'Request',
  id: transactionId,
  primitive: primitiveFor(made ?? item, form, session),
})

/**
 * A message in the version, syntax and media type of the one it answers (CSP 5.1). `poll` is undefined outside a
 * session, where nothing can wait; `cir` is false where the client should set up its channel anew (CSP 6.2).
 */
export function wrap(
  request: Message,
  contentType: string | undefined,
  transactions: readonly TransactionInput[],
  poll: boolean | undefined,
  cir?: boolean | undefined,
): Outbound {
  if (transactions.length === 0) return empty(200)
  const { version, syntax, sessionId } = request
  const message: MessageInput = { version, syntax, sessionId, transactions, poll, cir }
  return { status: 200, contentType: mediaType(contentType, request), body: encode(message) }
}

/** The request's own, parameters included; but what is written here is UTF-8, whatever was read. */
const mediaType = (contentType: string | undefined, { syntax, version }: Message): string => {
  if (contentType === undefined) return contentTypeOf(syntax, version)
  if (!contentType.includes(';')) return contentType
  return contentType.replace(/(;\s*charset\s*=\s*)("?)(?!utf-8)[^\s;"]+\2/i, '$1utf-8')
}
