import type { Body, DetailedResult, MessageInfo, Recipient, StatusName } from '@village/protocol'
import { statusByCode } from '@village/protocol'
import { base64Octets } from './base64.ts'
import { isSuccess } from './failures.ts'
import type { Originated, ServerPrimitive } from './inbox.ts'
import type { Session } from './session.ts'

export interface OutgoingMessage {
  /** User-IDs, as in `wv:bob@example.com`. */
  readonly to: string | readonly string[]
  readonly text: string
  /** Asks for a delivery report; see {@link Messaging.reports}. Delivery reports must have been agreed. */
  readonly report?: boolean | undefined
}

export interface Sent {
  /** The Message-ID that the recipients and the delivery reports have too. */
  readonly messageId: string | undefined
  /** Recipients that do not get the message, and why; empty if all do. */
  readonly failed: readonly FailedRecipient[]
}

export interface FailedRecipient {
  readonly to: string
  readonly code: number
  readonly name: StatusName | 'UnknownStatus'
  readonly description: string
}

export interface IncomingMessage {
  readonly id: string | undefined
  /** User-ID of the sender, or the screen name under which somebody in a group sent it. */
  readonly from: string
  /** Set for every text type. */
  readonly text: string | undefined
  /** Set for other types: images, cards. A message whose content lies elsewhere has neither (`info.messageUri`). */
  readonly bytes: Uint8Array | undefined
  readonly sentAt: Date | undefined
  readonly info: MessageInfo
  /** Tells the server that the message has arrived for good; asking for the next message does so too. */
  confirm(): Promise<void>
}

export interface DeliveryReport {
  readonly messageId: string | undefined
  /** Whose copy of the message this is about. */
  readonly to: string
  readonly isDelivered: boolean
  /** 200, or why the message was not delivered (CSP 9.1.9.2). */
  readonly code: number
  readonly description: string
  readonly at: Date | undefined
}

type Named<N extends ServerPrimitive['name']> = Extract<ServerPrimitive, { readonly name: N }>
const isNewMessage = (primitive: ServerPrimitive): primitive is Named<'NewMessage'> => primitive.name === 'NewMessage'
const isReport = (primitive: ServerPrimitive): primitive is Named<'DeliveryReportRequest'> =>
  primitive.name === 'DeliveryReportRequest'

/** Instant messages (CSP 9). */
export class Messaging {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  /**
   * Sends a text to one or more users (CSP 9.1.1). Resolves as soon as the server has taken charge of it for at least
   * one of them. Several sends at a time may overtake each other: await one before the next where the order matters.
   * @throws RequestFailed if nobody gets it: UnknownUser 531, RecipientBlocked 532, MessageQueueFull 507, ...
   */
  async send({ to, text, report = false }: OutgoingMessage): Promise<Sent> {
    if (report && !this.#session.isAgreed('imFeat', 'imSendFunc', 'mdeliv'))
      throw new Error('Delivery reports were not agreed with this server: send without, or negotiate MDELIV first')
    const { result, messageId } = await this.#session.request('SendMessageRequest', {
      deliveryReport: report,
      messageInfo: {
        contentType: 'text/plain',
        contentSize: [...text].length,
        recipient: { users: [to].flat().map(userId => ({ userId })) },
        sender: { user: { userId: this.#session.userId } },
      },
      contentData: text,
    })
    return { messageId, failed: result.details.filter(({ code }) => !isSuccess(code)).flatMap(failedRecipients) }
  }

  /**
   * Arriving messages, oldest first (CSP 9.1.5). A message is confirmed to the server when its `confirm` is called or
   * when the next one is asked for; one that was taken last when the loop is left comes again.
   * @throws SessionEnded from the loop when the server ends the session
   */
  messages(): AsyncIterableIterator<IncomingMessage> {
    return mapped(this.#session.consume(isNewMessage), ({ primitive, confirm }) => ({
      ...readMessage(primitive.body),
      confirm,
    }))
  }

  /** What became of messages sent with `report` (CSP 9.1.9), in the way of {@link messages}. */
  reports(): AsyncIterableIterator<DeliveryReport> {
    return mapped(this.#session.consume(isReport), ({ primitive }) => readReport(primitive.body))
  }
}

const failedRecipients = ({ code, description, ...who }: DetailedResult): FailedRecipient[] => {
  const status = statusByCode(code)
  const addresses = [...who.userIds, ...who.groupIds, ...who.contactLists, ...who.screenNames.map(({ name }) => name)]
  return addresses.map(to => ({
    to,
    code,
    name: status?.name ?? 'UnknownStatus',
    description: description || status?.description || `status ${code}`,
  }))
}

function readMessage({ messageInfo: info, contentData }: Body<'NewMessage'>) {
  const isText = /^text\//i.test(info.contentType ?? 'text/plain')
  const isEncoded = info.contentEncoding?.toUpperCase() === 'BASE64'
  const content = isEncoded && typeof contentData === 'string' ? base64Octets(contentData) : contentData
  const { user, group } = info.sender
  return {
    id: info.messageId,
    from: user?.userId ?? group?.screenName?.name ?? group?.groupId ?? '',
    text: isText && content !== undefined ? textOf(content) : undefined,
    bytes: isText || content === undefined ? undefined : octetsOf(content),
    sentAt: info.dateTime,
    info,
  }
}

const readReport = ({ result, messageInfo, deliveryTime }: Body<'DeliveryReportRequest'>): DeliveryReport => ({
  messageId: messageInfo.messageId,
  to: firstOf(messageInfo.recipient),
  isDelivered: isSuccess(result.code),
  code: result.code,
  description: result.description || statusByCode(result.code)?.description || `status ${result.code}`,
  at: deliveryTime,
})

const firstOf = ({ users, groups, contactLists }: Recipient): string =>
  users[0]?.userId ?? groups[0]?.screenName?.name ?? groups[0]?.groupId ?? contactLists[0] ?? ''

const textOf = (content: string | Uint8Array) =>
  typeof content === 'string' ? content : new TextDecoder().decode(content)
const octetsOf = (content: string | Uint8Array) =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content

/** The same iterator with other values; its `return` and its errors are those of the source. */
const mapped = <P extends ServerPrimitive, T>(
  source: AsyncIterableIterator<Originated<P>>,
  map: (item: Originated<P>) => T,
): AsyncIterableIterator<T> => ({
  next: async () => {
    const { done, value } = await source.next()
    return done ? { done, value: undefined } : { done: false, value: map(value) }
  },
  return: async () => {
    await source.return?.()
    return { done: true, value: undefined }
  },
  [Symbol.asyncIterator]() {
    return this
  },
})
