import { done, type Handler } from '../context.ts'
import { settle } from './settlement.ts'

/**
 * The client has a message (CSP 9.1.5, 9.1.8): it leaves the mailbox, and in the same unit the sender's delivery
 * report is stored if one was asked for. A message that is already gone is no error, for that is what was wanted.
 * IMPS-CSP-IMSE-S-006, IMPS-CSP-IMSE-S-009.
 */
export const messageDelivered: Handler<'MessageDelivered'> = async ({ messageId }, { house, session }) => {
  const item = await house.store.mailboxes.find(session.userId, messageId)
  if (item !== undefined) await settle(item, 200, house, session)
  return done
}
