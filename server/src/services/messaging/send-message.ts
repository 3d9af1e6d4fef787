import { type Body, refuse } from '@village/protocol'
import { type Answer, done, type Handler } from '../context.ts'
import { asBase64, fromBase64, isBase64 } from './base64.ts'
import { withoutBlockers } from './blockers.ts'
import { deliver } from './delivery.ts'
import { draft } from './mail.ts'
import { checkContext } from './message-context.ts'
import { Outcome } from './outcome.ts'
import { withoutForbidden } from './own-applications.ts'
import { reachable } from './reachable.ts'
import { resolveRecipients } from './recipients.ts'
import { checkedSender } from './sender.ts'
import { inUtf8 } from './text-charset.ts'

/**
 * Takes a message for delivery (CSP 9.1.1): a positive answer means that it is on disk, once for every recipient, and
 * carries the Message-ID all of them see. A repeat of the same transaction gets the same Message-ID and delivers
 * nothing again. IMPS-CSP-IMSE-S-002, IMPS-CSP-IMSE-S-005.
 */
export const sendMessage: Handler<'SendMessageRequest'> = async (request, context) => {
  const { session, house } = context
  const { messageInfo, contentData, deliveryReport } = request
  if (contentData === undefined && messageInfo.messageUri === undefined)
    refuse('BadRequest', { description: 'Neither ContentData nor MessageURI is there', path: 'SendMessage-Request' })
  checkContext(messageInfo.sender, messageInfo.recipient)
  const sender = checkedSender(messageInfo.sender, context)
  const now = house.world.now()
  const { info, content } = inUtf8({ info: messageInfo, content: contentOf(request) })
  const message = draft({ ...info, sender, dateTime: new Date(now) }, content)
  const outcome = new Outcome(session.version)
  const named = await resolveRecipients(messageInfo.recipient, session, house, outcome)
  const permitted = await withoutForbidden(named, sender, outcome, context)
  const present = await reachable(permitted, message, outcome, context)
  const recipients = await withoutBlockers(present, sender, outcome, context)

  const { defaultValiditySeconds, maxValiditySeconds } = house.config.messages
  const validity = Math.min(messageInfo.validity ?? defaultValiditySeconds, maxValiditySeconds)
  const isReportWanted = deliveryReport === true && session.agreement.services.includes('MDELIV')
  const messageId = await deliver(recipients, outcome, context, {
    message,
    expiresAt: now + validity * 1000,
    reportTo: isReportWanted ? session.userId : null,
  })
  return outcome.isFailure
    ? rejected(outcome)
    : { name: 'SendMessageResponse', body: { result: outcome.result(), messageId } }
}

/** What is said to be BASE64 has to be, and is text in either syntax, so that whoever reads it has it as octets. */
function contentOf({ messageInfo, contentData }: Body<'SendMessageRequest'>): string | Uint8Array | undefined {
  if (contentData === undefined || !isBase64(messageInfo)) return contentData
  const text = asBase64(contentData)
  if (fromBase64(text) === undefined)
    refuse('BadRequest', { description: 'ContentData is no BASE64, as ContentEncoding says', path: 'ContentData' })
  return text
}

/** A rejected message is answered by a Status (CSP 9.1.1.1). */
const rejected = (outcome: Outcome): Answer<'SendMessageRequest'> => ({ ...done, body: { result: outcome.result() } })
