import { type Body, type Recipient, statusByCode } from '@village/protocol'
import { isSuccess } from './failures.ts'

/** What became of a message (CSP 9.1.9.2): `failed` for what the specification has no code for. */
export type Fate = 'delivered' | 'rejected' | 'forwarded' | 'expired' | 'failed'

export interface DeliveryReport {
  readonly messageId: string | undefined
  /** Whose copy of the message this is about. */
  readonly to: string
  readonly fate: Fate
  readonly isDelivered: boolean
  /** 200, or why the message was not delivered (CSP 9.1.9.2). */
  readonly code: number
  readonly description: string
  readonly at: Date | undefined
}

const fates: Readonly<Record<number, Fate>> = { 538: 'rejected', 541: 'forwarded', 542: 'expired' }

export const readReport = ({ result, messageInfo, deliveryTime }: Body<'DeliveryReportRequest'>): DeliveryReport => ({
  messageId: messageInfo.messageId,
  to: firstOf(messageInfo.recipient),
  fate: isSuccess(result.code) ? 'delivered' : (fates[result.code] ?? 'failed'),
  isDelivered: isSuccess(result.code),
  code: result.code,
  description: result.description || statusByCode(result.code)?.description || `status ${result.code}`,
  at: deliveryTime,
})

const firstOf = ({ users, groups, contactLists }: Recipient): string =>
  users[0]?.userId ?? groups[0]?.screenName?.name ?? groups[0]?.groupId ?? contactLists[0] ?? ''
