import { done, type Handler } from '../context.ts'
import { Outcome } from './outcome.ts'
import { failureToReport, settle } from './settlement.ts'

/**
 * Removes messages that the user does not want (CSP 9.1.4); senders who asked for a report are told, 538.
 * IMPS-CSP-IMSE-S-004.
 */
export const rejectMessage: Handler<'RejectMessageRequest'> = async ({ messageIds }, { session, house }) => {
  const outcome = new Outcome()
  for (const messageId of new Set(messageIds)) {
    const item = await house.store.mailboxes.find(session.userId, messageId)
    if (item?.kind !== 'message') {
      // What is gone already is what was wanted: this may be a repeat.
      if (await house.store.mailboxes.knows(session.userId, messageId)) outcome.succeed()
      else outcome.fail('InvalidMessageId', { messageIds: [messageId] })
    } else {
      await settle(item, failureToReport('MessageRejected', house), house, session)
      outcome.succeed()
    }
  }
  return { ...done, body: { result: outcome.result() } }
}
