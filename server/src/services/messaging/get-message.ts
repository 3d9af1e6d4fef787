import { refuse } from '@village/protocol'
import type { MailItem } from '../../store/mailboxes.ts'
import type { Handler, House, SessionView } from '../context.ts'
import { isFetchable } from './content-fit.ts'
import { contentOf, messageFor } from './message-for.ts'
import { waitingMessage } from './waiting-message.ts'

/**
 * Hands over a message that waits (CSP 9.1.8), a picture transcoded where it has to be (CSP 5.6.2). It stays until the
 * client has confirmed it with MessageDelivered. IMPS-CSP-IMSE-S-008, IMPS-CSP-GETM-S-001.
 */
export const getMessage: Handler<'GetMessageRequest'> = async ({ messageId }, { session, house }) => {
  const item = await waitingMessage(messageId, session, house)
  const fitting = isFetchable(contentOf(item), session) ? item : await madeToFit(item, session, house)
  return { name: 'GetMessageResponse', body: messageFor(fitting, session) }
}

async function madeToFit(item: MailItem, session: SessionView, { pictures }: House): Promise<MailItem> {
  const target = pictures.targetFor(item, session)
  const made = target === undefined ? 'unfit' : await pictures.made(item, target)
  if (made === 'busy') refuse('ServiceUnavailable', { description: 'Too many pictures at a time; ask again later' })
  if (made === 'unfit') refuse('MessageExceedsLimits')
  return made
}
