import { done, type Handler } from '../context.ts'
import { Outcome } from './outcome.ts'
import { failureToReport, settle } from './settlement.ts'
import { isGone, ownMessage } from './waiting-message.ts'

/**
 * Removes messages that the user does not want (CSP 9.1.4): from the server, as the clause says, and so from all clients
 * that were to have them. Senders who asked for a report are told, 538.
 * IMPS-CSP-IMSE-S-004.
 */
export const rejectMessage: Handler<'RejectMessageRequest'> = async ({ messageIds }, { session, house }) => {
  const outcome = new Outcome(session.version)
  for (const messageId of new Set(messageIds)) {
    const item = await ownMessage(messageId, session, house)
    if (item !== undefined) await settle(item, failureToReport('MessageRejected', house), house, session)
    // What is gone already is what was wanted: this may be a repeat.
    const named = { messageIds: [messageId] }
    if (item !== undefined || (await isGone(messageId, session, house))) outcome.succeed(named)
    else outcome.fail('InvalidMessageId', named)
  }
  return { ...done, body: { result: outcome.result() } }
}
