import { format, parseUserId, type Recipient, refuse } from '@village/protocol'
import type { House, SessionView } from '../context.ts'
import type { Outcome } from './outcome.ts'

/** One user to whom a message goes, once. */
export interface ResolvedRecipient {
  readonly userId: string
  /** As the client wrote it, for answers in the same form (CSP 5.3.2). */
  readonly asWritten: string
  /** What the recipient is told: itself alone, so that recipients stay hidden from each other (CSP 5.5.2). */
  readonly recipient: { readonly users: readonly [Recipient['users'][number]] }
  /** Blocks the sender, who is not to notice (`messages.hideBlock`). */
  readonly isDeaf?: true | undefined
}

const mostRecipients = 1000

/**
 * Who is meant by a Recipient element (CSP 5.5.2.1), every user once. What cannot be reached is told to the outcome.
 * @throws Refusal BadRequest if nobody is named
 */
export function resolveRecipients(
  { users, groups, contactLists }: Recipient,
  session: SessionView,
  house: House,
  outcome: Outcome,
): ResolvedRecipient[] {
  const count = users.length + groups.length + contactLists.length
  if (count === 0) refuse('BadRequest', { description: 'Recipient names nobody', path: 'MessageInfo/Recipient' })
  if (count > mostRecipients) refuse('BadRequest', { description: `More than ${mostRecipients} recipients` })
  for (const contactList of contactLists) outcome.fail('ContactListDoesNotExist', { contactLists: [contactList] })
  for (const { groupId, screenName } of groups)
    outcome.fail('GroupDoesNotExist', groupId !== undefined ? { groupIds: [groupId] } : { screenNames: [screenName!] })

  const found = new Map<string, ResolvedRecipient>()
  for (const user of users) {
    const { userId: asWritten, clientId, applicationId } = user
    const address = parseUserId(asWritten, session.homeDomain)
    if (address === undefined) outcome.fail('UnknownUser', { userIds: [asWritten] })
    else if (!house.config.domains.includes(address.domain))
      outcome.fail('DomainNotSupported', { userIds: [asWritten] })
    else if (!found.has(address.key)) {
      const qualified = format(address, 'qualified', session.homeDomain)
      const recipient = { users: [{ userId: qualified, clientId, applicationId }] } as const
      found.set(address.key, { userId: address.key, asWritten, recipient })
    }
  }
  return [...found.values()]
}
