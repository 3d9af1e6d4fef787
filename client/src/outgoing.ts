import {
  type DetailedResult,
  type Markup,
  type MessageInfo,
  type StatusName,
  type Syntax,
  statusByCode,
} from '@village/protocol'
import { base64Text } from './base64.ts'
import type { OnProgress } from './cut-requests.ts'
import type { DeliveryReport } from './delivery-reports.ts'
import { isSuccess } from './failures.ts'
import type { To } from './recipients.ts'

interface Text {
  readonly text: string
  readonly bytes?: undefined
  readonly uri?: undefined
  /** A text type: `text/plain` unless another is said. */
  readonly contentType?: string | undefined
}

interface Octets {
  readonly bytes: Uint8Array
  readonly text?: undefined
  readonly uri?: undefined
  /** A MIME type, as in `image/png`. */
  readonly contentType: string
}

interface Elsewhere {
  /** Where the content lies (Message-URI, CSP 9.2): it is for the recipient to fetch, and must be there meanwhile. */
  readonly uri: string
  readonly text?: undefined
  readonly bytes?: undefined
  /** What will be found there. */
  readonly contentType?: string | undefined
  /** How long it is, where that is known. */
  readonly contentSize?: number | undefined
}

/** As a text is to be shown (CSP 9.2): `{ size: 'Big', styles: ['Bold'], color: 'Navy' }`. */
export interface Font {
  readonly size?: 'Tiny' | 'Small' | 'Medium' | 'Big' | 'Huge' | undefined
  readonly styles?: readonly ('Bold' | 'Italic' | 'Underline')[] | undefined
  /** One of the sixteen colours that HTML 4 has names for, as in `Navy`. */
  readonly color?: string | undefined
}

/** Foreign markup (CSP 12): what is in it is between those who know its namespace. */
export interface Extension {
  readonly namespace: string
  readonly children: Markup['children']
}

/** What a message carries. */
export type OutgoingContent = (Text | Octets | Elsewhere) & {
  /** As in `holiday.png`, for the recipient to keep it by; clients before 1.3 are not told (CSP 9.2). */
  readonly name?: string | undefined
}

export type OutgoingMessage = OutgoingContent & {
  /** User-IDs, as in `wv:bob@example.com`; clients and applications of users; contact lists. */
  readonly to: To | readonly To[]
  /** Asks for a delivery report; see {@link Sent.reports}. Delivery reports must have been agreed. */
  readonly report?: boolean | undefined
  /** So long the message waits for recipients who are away, in seconds; the server decides where nothing is said. */
  readonly validitySeconds?: number | undefined
  /** How `text/plain` is to be shown; clients before 1.3 are not told. */
  readonly font?: Font | undefined
  /** What goes along for clients of 1.3 that know it (CSP 12.2.1); the others are to ignore it. */
  readonly extensions?: readonly Extension[] | undefined
  /** Told how much of the whole message, in octets, has left; see `uploads` of `connect` for what is told in between. */
  readonly onProgress?: OnProgress | undefined
}

export interface Sent {
  /** The Message-ID that the recipients and the delivery reports have too. */
  readonly messageId: string | undefined
  /** Recipients that do not get the message, and why (201 stands for some of them); empty if all do. */
  readonly failed: readonly FailedRecipient[]
  /**
   * What becomes of this message: one report for each recipient who is to get it, then the loop ends. It ends at once
   * where no report was asked for, and goes on until it is left where a contact list was among the recipients: nobody but
   * the server knows who is on it. Reports that nobody waits for here are found in `messaging.reports()`.
   * @throws SessionEnded from the loop when the server ends the session
   */
  reports(): AsyncIterableIterator<DeliveryReport>
}

export interface FailedRecipient {
  readonly to: string
  readonly code: number
  readonly name: StatusName | 'UnknownStatus'
  readonly description: string
}

type Written = Pick<MessageInfo, 'messageUri' | 'contentType' | 'contentEncoding' | 'contentSize' | 'contentName'>

/** Content as it is written in a syntax: octets as they are in WBXML, in BASE64 in XML (CSP 5.6.1, 9.2). */
export function writeContent(content: OutgoingContent, syntax: Syntax) {
  const { text, bytes, uri, contentType, name } = content
  const isEncoded = bytes !== undefined && syntax === 'xml'
  const contentData = uri === undefined ? (text ?? (isEncoded ? base64Text(bytes) : bytes)!) : undefined
  const written: Written = {
    messageUri: uri,
    contentType: contentType ?? (uri === undefined ? 'text/plain' : undefined),
    contentEncoding: isEncoded ? 'BASE64' : undefined,
    contentSize: content.uri === undefined ? sizeOf(contentData!) : content.contentSize,
    contentName: name,
  }
  return { written, contentData }
}

/** In characters, or octets. */
const sizeOf = (content: string | Uint8Array): number =>
  typeof content === 'string' ? [...content].length : content.length

/** A font and extensions as Message-Info has them. */
export const writeManner = ({ font, extensions = [] }: Pick<OutgoingMessage, 'font' | 'extensions'>) => ({
  font: font && { size: font.size, styles: font.styles ?? [], color: font.color },
  extBlockEtems: extensions.map(({ namespace, children }) => ({
    name: 'ExtBlockETEM',
    attributes: [['xmlns', namespace] as const],
    children,
  })),
})

/** Octets left for what stands around the content in a request: envelope, sender and a few recipients. */
const envelopeOctets = 2048

/** Octets of the longest content that goes into a message of so many octets. */
export const contentOctets = (messageOctets: number, syntax: Syntax): number => {
  const room = Math.max(0, messageOctets - envelopeOctets)
  return syntax === 'xml' ? Math.floor(room / 4) * 3 : room
}

/** Who does not get a message, as the answer tells. */
export const failedIn = (details: readonly DetailedResult[]): FailedRecipient[] =>
  details.filter(({ code }) => !isSuccess(code)).flatMap(failedRecipients)

const failedRecipients = ({ code, description, ...who }: DetailedResult): FailedRecipient[] => {
  const status = statusByCode(code)
  const screenNames = who.screenNames.map(({ name }) => name)
  const addresses = [...who.userIds, ...who.groupIds, ...who.contactLists, ...screenNames, ...who.messageIds]
  return addresses.map(to => ({
    to,
    code,
    name: status?.name ?? 'UnknownStatus',
    description: description || status?.description || `status ${code}`,
  }))
}
