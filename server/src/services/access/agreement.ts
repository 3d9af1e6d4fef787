import type { CapabilityList } from '@village/protocol'

/** What client and server have settled for a session (CSP 6.9). Immutable: a change is a new agreement. */
export interface Agreement {
  /** Names of agreed service-tree elements: features such as `IMFeat`, leaves such as `MDELIV`. */
  readonly services: readonly string[]
  /** What the client said about itself, with the server's changes in it; undefined before the negotiation. */
  readonly capabilities: CapabilityList | undefined
  readonly deliveryMethod: DeliveryMethod
  /** What was settled for single groups, by their keys (CSP 9.1.2). */
  readonly groupDelivery?: Readonly<Record<string, GroupDelivery>> | undefined
  /** Types of general notifications that the client has subscribed to (CSP 7.2). */
  readonly notifications: readonly string[]
  /** Where datagrams that wake the client are sent. */
  readonly cir?: CirTerms | undefined
  /** The number of the phone, if a trusted gateway told it and offline bearers were agreed. */
  readonly msisdn?: string | undefined
}

/** P: push, N: notify and get. */
export type DeliveryMethod = 'P' | 'N'

/** How messages to a group come. */
export interface GroupDelivery {
  readonly deliveryMethod: DeliveryMethod
  /** Longer ones do not come in this session; in characters. */
  readonly contentLimit?: number | undefined
}

export interface CirTerms {
  /** From where the client negotiated. */
  readonly address: string
  /** 0: learned from a HELO. */
  readonly udpPort: number
}

/** Before anything was negotiated only the fundamental transactions can be used (CSP 6). */
export const noAgreement: Agreement = {
  services: [],
  capabilities: undefined,
  deliveryMethod: 'P',
  notifications: [],
}

/** How many transactions may be open at a time in each direction (CSP 5.4); one until negotiated otherwise. */
export const multiTrans = ({ capabilities }: Agreement): number => capabilities?.multiTrans ?? 1

/** How many transactions one message may carry. */
export const multiTransPerMessage = ({ capabilities }: Agreement): number => capabilities?.multiTransPerMessage ?? 1

const usualParserSize = 65_536

/** How many octets a message to the client may have, as far as is known. */
export const mostOctets = ({ capabilities }: Agreement): number => capabilities?.parserSize ?? usualParserSize

/** 0 (lowest) to 10. */
export const sessionPriority = ({ capabilities }: Agreement): number => capabilities?.sessionPriority ?? 5

/** The lists of a client that says nothing about itself. */
export const noLists = {
  acceptedContentTypes: [],
  acceptedTransferEncodings: [],
  plainTextCharsets: [],
  supportedBearers: [],
  supportedOfflineBearers: [],
  supportedCirMethods: [],
} as const satisfies CapabilityList

export const writeAgreement = (agreement: Agreement): string => JSON.stringify(agreement)

export const readAgreement = (text: string): Agreement => ({ ...noAgreement, ...JSON.parse(text) })
