import type { MessageInfo } from '@village/protocol'
import { fetchMessage, isNotification, type Named, pushed, pushedAndFetched } from './arriving.ts'
import { type DeliveryReport, readReport } from './delivery-reports.ts'
import { RequestFailed } from './failures.ts'
import type { ServerPrimitive } from './inbox.ts'
import { type AnnouncedMessage, type IncomingMessage, type Notification, readAnnounced } from './incoming.ts'
import { atMost, mapped } from './mapped.ts'
import {
  contentOctets,
  type FailedRecipient,
  failedIn,
  type OutgoingMessage,
  type Sent,
  writeContent,
  writeManner,
} from './outgoing.ts'
import { recipientOf, type To, userCount } from './recipients.ts'
import type { Session } from './session.ts'

const isReport = (primitive: ServerPrimitive): primitive is Named<'DeliveryReportRequest'> =>
  primitive.name === 'DeliveryReportRequest'

export interface MessagesOptions {
  /**
   * Which announced messages to fetch, so that they come as if they had been pushed; the others wait on at the server
   * (CSP 5.6.4.1). Without it only pushed messages come, and announced ones are for `notifications()`.
   */
  readonly fetch?: ((announced: AnnouncedMessage) => boolean) | undefined
}

/** Instant messages (CSP 9). */
export class Messaging {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  /**
   * Octets of the longest content that is sure to fit into what was agreed (ParserSize, CSP 6.9.1), as this session
   * writes it; undefined where nothing was agreed.
   */
  get maxContentOctets(): number | undefined {
    const { agreed, syntax } = this.#session
    const { parserSize } = agreed?.capabilities ?? {}
    return parserSize === undefined ? undefined : contentOctets(parserSize, syntax)
  }

  /**
   * Sends a text, or anything else, to users, clients of theirs and contact lists (CSP 9.1.1). Resolves as soon as the server has taken charge
   * of it for at least one of them. Several sends at a time may overtake each other: await one before the next where
   * the order matters.
   * @throws RequestFailed if nobody gets it: UnknownUser 531, RecipientBlocked 532, MessageQueueFull 507, ...
   * @throws RequestTooLarge where it does not fit into what was agreed
   */
  async send(message: OutgoingMessage): Promise<Sent> {
    const { to, report = false, validitySeconds, onProgress } = message
    if (report && !this.#session.isAgreed('imFeat', 'imSendFunc', 'mdeliv'))
      throw new Error('Delivery reports were not agreed with this server: send without, or negotiate MDELIV first')
    const { written, contentData } = writeContent(message, this.#session.syntax)
    const recipient = recipientOf(to)
    const messageInfo: MessageInfo = {
      ...{ ...written, ...writeManner(message) },
      ...{ recipient, sender: this.#sender, validity: validitySeconds },
    }
    const body = { deliveryReport: report, messageInfo, contentData }
    const { result, messageId } = await this.#session.request('SendMessageRequest', body, { onProgress })
    const failed = failedIn(result.details)
    const named = userCount(recipient) ?? Number.POSITIVE_INFINITY
    const expected = report && messageId !== undefined ? named - new Set(failed.map(({ to }) => to)).size : 0
    return { messageId, failed, reports: () => this.#reportsOn(messageId, expected) }
  }

  /**
   * Arriving messages, oldest first (CSP 9.1.5, 9.1.8). A message is confirmed to the server when its `confirm` is
   * called or when the next one is asked for; one that was taken last when the loop is left comes again.
   * @throws SessionEnded from the loop when the server ends the session
   * @throws TransportFailed from the loop when an announced message could not be fetched; it comes again
   */
  messages({ fetch }: MessagesOptions = {}): AsyncIterableIterator<IncomingMessage> {
    return fetch === undefined ? pushed(this.#session) : pushedAndFetched(this.#session, fetch)
  }

  /**
   * Announced messages, which wait at the server to be fetched, rejected or forwarded (CSP 9.1.6), in the way of
   * {@link messages}. They are announced where notifications were negotiated (`delivery: 'notify'`).
   */
  notifications(): AsyncIterableIterator<Notification> {
    return mapped(this.#session.consume(isNotification), ({ primitive, confirm }) => ({
      ...readAnnounced(primitive.body.messageInfo),
      confirm,
    }))
  }

  /**
   * What became of messages sent with `report` (CSP 9.1.9), in the way of {@link messages}; those on one message alone
   * are told by the `reports` that `send` resolves to.
   */
  reports(): AsyncIterableIterator<DeliveryReport> {
    return mapped(this.#session.consume(isReport), ({ primitive }) => readReport(primitive.body))
  }

  /**
   * Changes how messages come from now on (CSP 9.1.2): whole, or announced.
   * @throws RequestFailed RelatedServicesMissing 509 where that was not negotiated
   */
  async setDeliveryMethod(method: 'push' | 'notify'): Promise<void> {
    await this.#session.request('SetDeliveryMethodRequest', { deliveryMethod: method === 'push' ? 'P' : 'N' })
  }

  /**
   * What waits at the server for this client, oldest first (CSP 9.1.3).
   * @param most how many are listed at most; the server may list fewer
   * @returns the messages, and how many wait in all, where the server says so (CSP 1.3)
   */
  async listMessages(most?: number): Promise<{ readonly messages: AnnouncedMessage[]; readonly total: number }> {
    try {
      const { messageInfos = [], messageTotalCount } = await this.#session.request('GetMessageListRequest', {
        messageCount: most,
      })
      return { messages: messageInfos.map(readAnnounced), total: messageTotalCount ?? messageInfos.length }
    } catch (failure) {
      if (failure instanceof RequestFailed && failure.name === 'NoInstantMessages') return { messages: [], total: 0 }
      throw failure
    }
  }

  /**
   * Fetches a message that waits (CSP 9.1.8); it is there until it is confirmed.
   * @throws RequestFailed InvalidMessageId 426 for one that is gone, MessageExceedsLimits 546
   */
  getMessage(messageId: string): Promise<IncomingMessage> {
    return fetchMessage(this.#session, messageId)
  }

  /**
   * Has messages removed unread (CSP 9.1.4); senders who asked for a report are told so.
   * @returns those that were not there (any more)
   * @throws RequestFailed if none was
   */
  async rejectMessages(
    messageIds: string | readonly string[],
  ): Promise<{ readonly failed: readonly FailedRecipient[] }> {
    const { result } = await this.#session.request('RejectMessageRequest', { messageIds: [messageIds].flat() })
    return { failed: failedIn(result.details) }
  }

  /**
   * Gives a message that waits to others instead (CSP 9.1.10); its sender is told so after asking for a report.
   * @returns the Message-ID that the others have; servers before 1.3 do not tell
   * @throws RequestFailed
   */
  async forwardMessage(messageId: string, to: To | readonly To[]): Promise<{ readonly messageId: string | undefined }> {
    const body = { messageId, sender: this.#sender, recipient: recipientOf(to) }
    const answer = await this.#session.request('ForwardMessageRequest', body)
    return { messageId: 'messageId' in answer ? answer.messageId : undefined }
  }

  get #sender() {
    return { user: { userId: this.#session.userId } }
  }

  #reportsOn(messageId: string | undefined, count: number): AsyncIterableIterator<DeliveryReport> {
    const isOnIt = (primitive: ServerPrimitive): primitive is Named<'DeliveryReportRequest'> =>
      isReport(primitive) && primitive.body.messageInfo.messageId === messageId
    const reports = atMost(this.#session.consume(isOnIt, 'one'), count)
    return mapped(reports, ({ primitive }) => readReport(primitive.body))
  }
}
