import { refuse } from '@village/protocol'
import { done, type Handler } from '../context.ts'
import { confirm } from './settlement.ts'

/**
 * The client has a message (CSP 9.1.5, 9.1.8): it leaves the mailbox, and in the same unit the sender's delivery
 * report is stored if one was asked for. A message that is already gone is no error, for that is what was wanted; one
 * that the user never had is 426. IMPS-CSP-IMSE-S-006, IMPS-CSP-IMSE-S-009.
 */
export const messageDelivered: Handler<'MessageDelivered'> = async ({ messageId }, { house, session }) => {
  const { mailboxes } = house.store
  const item = await mailboxes.find(session.userId, messageId)
  if (item?.kind === 'message') await confirm(item, session, house)
  else if (!(await mailboxes.knows(session.userId, messageId))) refuse('InvalidMessageId')
  house.outboxes.finish(session, messageId)
  return done
}
