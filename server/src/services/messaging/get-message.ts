import { refuse } from '@village/protocol'
import type { Handler } from '../context.ts'
import { isFetchable } from './content-fit.ts'
import { contentOf, messageIn } from './mail.ts'
import { waitingMessage } from './waiting-message.ts'

/**
 * Hands over a message that waits (CSP 9.1.8). It stays until the client has confirmed it with MessageDelivered.
 * IMPS-CSP-IMSE-S-008, IMPS-CSP-GETM-S-001.
 */
export const getMessage: Handler<'GetMessageRequest'> = async ({ messageId }, { session, house }) => {
  const item = await waitingMessage(messageId, session, house)
  if (!isFetchable(contentOf(item), session)) refuse('MessageExceedsLimits')
  return { name: 'GetMessageResponse', body: messageIn(item, session.syntax) }
}
