import { refuse } from '@village/protocol'
import type { MailItem } from '../../store/mailboxes.ts'
import type { House, SessionView } from '../context.ts'
import { given } from './addressees.ts'
import { opened } from './mail.ts'

/**
 * A message that waits for the client of a session.
 * @throws Refusal InvalidMessageId also for the messages of others, of other clients as well: nobody learns which there are
 */
export async function waitingMessage(messageId: string, session: SessionView, house: House): Promise<MailItem> {
  const item = await ownMessage(messageId, session, house)
  if (item === undefined || item.expiresAt <= house.world.now() || given(item).has(session.clientKey)) {
    return refuse('InvalidMessageId')
  }
  return opened(item)
}

/** A message in the user's mailbox that this client may take (CSP 5.5.2.1, 6.9.1). */
export async function ownMessage(
  messageId: string,
  session: SessionView,
  { store, outboxes }: House,
): Promise<MailItem | undefined> {
  const item = await store.mailboxes.find(session.userId, messageId)
  return item?.kind === 'message' && (await outboxes.mayTake(item, session)) ? item : undefined
}

/** Whether a message was in the user's mailbox until a while ago: that it is gone is then what was wanted. */
export async function isGone(messageId: string, { userId }: SessionView, { store }: House): Promise<boolean> {
  const { mailboxes } = store
  return (await mailboxes.find(userId, messageId)) === undefined && (await mailboxes.knows(userId, messageId))
}
