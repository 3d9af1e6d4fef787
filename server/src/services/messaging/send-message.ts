import { clientKey, format, type MessageInfo, parseUserId, refuse, type Sender } from '@village/protocol'
import { type Answer, done, type Handler, type SessionView } from '../context.ts'
import { withoutAbsent } from './absent-clients.ts'
import { withoutBlockers } from './blockers.ts'
import { deliver } from './delivery.ts'
import { writeMessage } from './mail.ts'
import { Outcome } from './outcome.ts'
import { resolveRecipients } from './recipients.ts'

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
  const sender = checkedSender(messageInfo.sender, session)
  const outcome = new Outcome()
  const named = resolveRecipients(messageInfo.recipient, session, house, outcome)
  const present = await withoutAbsent(named, outcome, context)
  const recipients = await withoutBlockers(present, sender, outcome, context)

  const now = house.world.now()
  const validity = Math.min(messageInfo.validity ?? Number.POSITIVE_INFINITY, house.config.messages.maxValiditySeconds)
  const isReportWanted = deliveryReport === true && session.agreement.services.includes('MDELIV')
  const messageId = await deliver(recipients, outcome, context, {
    expiresAt: now + validity * 1000,
    reportTo: isReportWanted ? session.userId : null,
    write: (id, { recipient }) =>
      writeMessage(
        { ...outgoing(messageInfo, contentData), messageId: id, sender, recipient, dateTime: new Date(now) },
        contentData,
      ),
  })
  return outcome.isFailure
    ? rejected(outcome)
    : { name: 'SendMessageResponse', body: { result: outcome.result(), messageId } }
}

/** A rejected message is answered by a Status (CSP 9.1.1.1). */
const rejected = (outcome: Outcome): Answer<'SendMessageRequest'> => ({ ...done, body: { result: outcome.result() } })

/** What goes on unchanged, with the size that every message must state (CSP 9.2). */
const outgoing = (info: MessageInfo, content: string | Uint8Array | undefined) => ({
  ...info,
  contentSize: info.contentSize ?? content?.length ?? 0,
})

/**
 * The Sender as recipients see it: the user's own address, qualified, with the client or application it named
 * (CSP 5.5.2.2, 9.1.1.1). COMPAT: the Movistar clients write their own address without `wv:`.
 * @throws Refusal InvalidUserId, InvalidClientId, InvalidApplicationId, UnsupportedMessageContext
 */
function checkedSender({ user }: Sender, session: SessionView) {
  // The screen names of groups have no place in a message to users (CSP 9.2).
  if (user === undefined) refuse('UnsupportedMessageContext')
  const address = parseUserId(user.userId, session.homeDomain)
  if (address?.key !== session.userId) refuse('InvalidUserId', { path: 'MessageInfo/Sender/User/UserID' })
  const { clientId, applicationId } = user
  if (clientId !== undefined && clientKey(clientId) !== session.clientKey) refuse('InvalidClientId')
  if (applicationId !== undefined && applicationId !== session.applicationId) refuse('InvalidApplicationId')
  return { user: { userId: format(address, 'qualified', session.homeDomain), clientId, applicationId } }
}
