import { refuse } from '@village/protocol'
import { done, type Handler } from '../context.ts'
import { confirm } from './settlement.ts'
import { isGone, ownMessage } from './waiting-message.ts'

/**
 * The client has a message (CSP 9.1.5, 9.1.8): it leaves the mailbox, and in the same unit the sender's delivery
 * report is stored if one was asked for. A message that is already gone is no error, for that is what was wanted; one
 * that the user never had, or another client is to have, is 426. IMPS-CSP-IMSE-S-006, IMPS-CSP-IMSE-S-009.
 */
export const messageDelivered: Handler<'MessageDelivered'> = async ({ messageId }, { house, session }) => {
  const item = await ownMessage(messageId, session, house)
  if (item !== undefined) await confirm(item, session, house)
  else if (!(await isGone(messageId, session, house))) refuse('InvalidMessageId')
  house.outboxes.finish(session, messageId)
  return done
}
