import { isWithin, refuse } from '@village/protocol'
import type { Unit } from '../../store/database.ts'
import { type Answer, type Context, done, type Handler } from '../context.ts'
import { withoutBlockers } from './blockers.ts'
import { deliver } from './delivery.ts'
import { earlierItems } from './earlier-items.ts'
import { redraft } from './mail.ts'
import { checkContext } from './message-context.ts'
import { Outcome } from './outcome.ts'
import { withoutForbidden } from './own-applications.ts'
import { reachable } from './reachable.ts'
import { resolveRecipients } from './recipients.ts'
import { checkedSender, ownSender } from './sender.ts'
import { failureToReport, settleWith } from './settlement.ts'
import { waitingMessage } from './waiting-message.ts'

/**
 * Gives a message that waits to others instead (CSP 9.1.10): in one unit it leaves the mailbox and is in theirs, with
 * everything but Sender, Recipient and Message-ID as it was, and a report (541) is there for a sender who asked for one.
 * IMPS-CSP-IMSE-S-010.
 */
export const forwardMessage: Handler<'ForwardMessageRequest'> = async (request, context) => {
  const { session, house, origin } = context
  const { messageId: original, recipient } = request
  checkContext(request.sender ?? ownSender(session), recipient)
  const sender = request.sender ? checkedSender(request.sender, context) : ownSender(session)
  // The first time it came it took the message out of the mailbox.
  const [earlier] = await earlierItems(origin, house)
  if (earlier !== undefined) return answer(new Outcome(session.version), earlier.messageId, context)

  const item = await waitingMessage(original, session, house)
  const message = redraft(item, { sender })
  const outcome = new Outcome(session.version)
  const named = await resolveRecipients(recipient, session, house, outcome)
  const permitted = await withoutForbidden(named, sender, outcome, context)
  const present = await reachable(permitted, message, outcome, context)
  const recipients = await withoutBlockers(present, sender, outcome, context)
  const commit = async (unit: Unit) => {
    // Another client of the user may have been faster.
    if (!(await settleWith(unit, item, failureToReport('MessageForwarded', house), house))) refuse('InvalidMessageId')
  }
  const delivery = { message, expiresAt: item.expiresAt, reportTo: null, commit }
  const messageId = await deliver(recipients, outcome, context, delivery)
  return answer(outcome, messageId, context)
}

function answer(outcome: Outcome, messageId: string, { version }: Context): Answer<'ForwardMessageRequest'> {
  if (outcome.isFailure || !isWithin(version, { since: '1.3' })) return { ...done, body: { result: outcome.result() } }
  return { name: 'ForwardMessageResponse', body: { messageId } }
}
