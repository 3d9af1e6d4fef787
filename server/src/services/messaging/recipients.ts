import { format, parseUserId, type Recipient, refuse } from '@village/protocol'
import type { House, SessionView } from '../context.ts'
import { membersOf } from './contact-list-members.ts'
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
const tooMany = { description: `More than ${mostRecipients} recipients, members of contact lists included` }

/**
 * Who is meant by a Recipient element (CSP 5.5.2.1), every user once. What cannot be reached is told to the outcome.
 * @throws Refusal BadRequest if nobody is named
 */
export async function resolveRecipients(
  { users, groups, contactLists }: Recipient,
  session: SessionView,
  house: House,
  outcome: Outcome,
): Promise<ResolvedRecipient[]> {
  const count = users.length + groups.length + contactLists.length
  if (count === 0) refuse('BadRequest', { description: 'Recipient names nobody', path: 'MessageInfo/Recipient' })
  if (count > mostRecipients) refuse('BadRequest', tooMany)
  const members = await membersOf(contactLists, session, house, outcome)
  if (count + members.length > mostRecipients) refuse('BadRequest', tooMany)
  for (const { groupId, screenName } of groups)
    outcome.fail('GroupDoesNotExist', groupId !== undefined ? { groupIds: [groupId] } : { screenNames: [screenName!] })

  const found = new Map<string, ResolvedRecipient>()
  // Whoever is named comes first, with the client or application that is meant.
  for (const user of [...users, ...members.map(userId => ({ userId }))]) {
    const { userId: asWritten, clientId, applicationId }: Recipient['users'][number] = user
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
