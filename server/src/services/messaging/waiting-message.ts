import { refuse } from '@village/protocol'
import type { MailItem } from '../../store/mailboxes.ts'
import type { House, SessionView } from '../context.ts'
import { opened } from './mail.ts'

/**
 * A message that waits for the user of a session.
 * @throws Refusal InvalidMessageId also for the messages of others: nobody learns which there are
 */
export async function waitingMessage(
  messageId: string,
  { userId }: SessionView,
  { store, world }: House,
): Promise<MailItem> {
  const item = await store.mailboxes.find(userId, messageId)
  if (item?.kind !== 'message' || item.expiresAt <= world.now()) refuse('InvalidMessageId')
  return opened(item)
}
