import type { BodyInput } from '@village/protocol'
import type { Answer } from '../answer.ts'
import type { Phone } from '../phone.ts'

/** What a client can do with messages that wait for it (CSP 9.1.2 to 9.1.4, 9.1.8, 9.1.10). */

export const setMethod = (phone: Phone, deliveryMethod: 'P' | 'N'): Promise<Answer> =>
  phone.ask({ name: 'SetDeliveryMethodRequest', body: { deliveryMethod } })

export const getMessage = (phone: Phone, messageId: string): Promise<Answer> =>
  phone.ask({ name: 'GetMessageRequest', body: { messageId } })

/** Says that a fetched message has arrived. */
export const confirm = (phone: Phone, messageId: string): Promise<Answer> =>
  phone.ask({ name: 'MessageDelivered', body: { messageId } })

export const getList = (phone: Phone, messageCount?: number): Promise<Answer> =>
  phone.ask({ name: 'GetMessageListRequest', body: { messageCount } })

/** The Message-IDs of a list that has to be one, in no order. */
export const listed = (answer: Answer): (string | undefined)[] =>
  (answer.as('GetMessageListResponse').messageInfos ?? []).map(({ messageId }) => messageId).sort()

export const reject = (phone: Phone, messageIds: [string, ...string[]]): Promise<Answer> =>
  phone.ask({ name: 'RejectMessageRequest', body: { messageIds } })

type Forwarding = BodyInput<'ForwardMessageRequest'>

/** To users; the Sender, whom only 1.3 knows, is whoever forwards unless it is told otherwise. */
export const forward = (
  phone: Phone,
  messageId: string,
  userIds: readonly string[],
  sender: Forwarding['sender'] = { user: { userId: phone.account.userId } },
): Promise<Answer> =>
  phone.ask({
    name: 'ForwardMessageRequest',
    body: { messageId, sender, recipient: { users: userIds.map(userId => ({ userId })) } },
  })

export const isAbout = (it: Answer, messageId: string): boolean =>
  it.name === 'MessageNotification' && it.as('MessageNotification').messageInfo.messageId === messageId

export const receiveNotification = (phone: Phone, messageId: string): Promise<Answer> =>
  phone.receive(`the notification of ${messageId}`, it => isAbout(it, messageId))
