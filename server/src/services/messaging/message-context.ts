import { type Recipient, refuse } from '@village/protocol'
import type { Info } from './mail.ts'

/**
 * Refuses a message whose Sender and Recipient together make none of the contexts there are (CSP 9.2): from a user to
 * users, which contact lists stand for; from a user or a screen name to groups; from a screen name to screen names. One
 * message may be in several of them (CSP 9.1.1.1). COMPAT: clients before 1.3 speak in groups under their User-ID.
 * @throws Refusal UnsupportedMessageContext, BadRequest
 */
export function checkContext(sender: Info['sender'], { users, groups, contactLists }: Recipient): void {
  for (const user of [sender.user, ...users])
    if (isTwofold(user))
      refuse('BadRequest', { description: 'A user is named by a client or by an application, not by both' })
  const isUser = sender.user !== undefined
  // In the name of a group, of both or of nobody.
  if (isUser === (sender.group?.screenName !== undefined)) refuse('UnsupportedMessageContext')
  const isToScreenNames = groups.some(({ screenName }) => screenName !== undefined)
  const isToUsers = users.length + contactLists.length > 0
  if (isUser ? isToScreenNames : isToUsers) refuse('UnsupportedMessageContext')
}

const isTwofold = (user: Info['sender']['user']) => user?.clientId !== undefined && user.applicationId !== undefined
