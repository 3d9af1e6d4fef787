import { type DetailedResult, type MessageInfo, type StatusName, type Syntax, statusByCode } from '@village/protocol'
import { base64Text } from './base64.ts'
import type { OnProgress } from './cut-requests.ts'
import type { DeliveryReport } from './delivery-reports.ts'
import { isSuccess } from './failures.ts'

interface Text {
  readonly text: string
  readonly bytes?: undefined
  /** A text type: `text/plain` unless another is said. */
  readonly contentType?: string | undefined
}

interface Octets {
  readonly bytes: Uint8Array
  readonly text?: undefined
  /** A MIME type, as in `image/png`. */
  readonly contentType: string
}

/** What a message carries. */
export type OutgoingContent = (Text | Octets) & {
  /** As in `holiday.png`, for the recipient to keep it by; clients before 1.3 are not told (CSP 9.2). */
  readonly name?: string | undefined
}

export type OutgoingMessage = OutgoingContent & {
  /** User-IDs, as in `wv:bob@example.com`. */
  readonly to: string | readonly string[]
  /** Asks for a delivery report; see {@link Sent.reports}. Delivery reports must have been agreed. */
  readonly report?: boolean | undefined
  /** So long the message waits for recipients who are away, in seconds; the server decides where nothing is said. */
  readonly validitySeconds?: number | undefined
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
   * where no report was asked for. Reports that nobody waits for here are found in `messaging.reports()`.
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

type Written = Pick<MessageInfo, 'contentType' | 'contentEncoding' | 'contentSize' | 'contentName'>

/** Content as it is written in a syntax: octets as they are in WBXML, in BASE64 in XML (CSP 5.6.1, 9.2). */
export function writeContent({ text, bytes, contentType = 'text/plain', name }: OutgoingContent, syntax: Syntax) {
  const isEncoded = bytes !== undefined && syntax === 'xml'
  const contentData = text ?? (isEncoded ? base64Text(bytes) : bytes)!
  const written: Written = {
    contentType,
    contentEncoding: isEncoded ? 'BASE64' : undefined,
    contentSize: typeof contentData === 'string' ? [...contentData].length : contentData.length,
    contentName: name,
  }
  return { written, contentData }
}

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
