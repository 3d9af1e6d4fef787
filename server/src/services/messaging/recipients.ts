import { type Address, clientKey, format, parseGroupId, parseUserId, type Recipient, refuse } from '@village/protocol'
import type { House, SessionView } from '../context.ts'
import { membersOf } from './contact-list-members.ts'
import type { Outcome } from './outcome.ts'

type Named = Recipient['users'][number]

/** A user to whom a message goes, in one of the ways in which they were named, or in all of them ({@link byUser}). */
export interface ResolvedRecipient {
  readonly userId: string
  /** As the client wrote it, for answers in the same form (CSP 5.3.2). */
  readonly asWritten: string
  /** What the recipient is told: itself alone, so that recipients stay hidden from each other (CSP 5.5.2). */
  readonly recipient: { readonly users: readonly [Named, ...Named[]] }
  /** Blocks the sender, who is not to notice (`messages.hideBlock`). */
  readonly isDeaf?: true | undefined
}

const mostRecipients = 1000
const tooMany = { description: `More than ${mostRecipients} recipients, with the members of contact lists` }

/**
 * Who is meant by a Recipient element (CSP 5.5.2.1): every user once, or once for each client and application of theirs
 * that is named. What cannot be reached is told to the outcome.
 * @throws Refusal BadRequest if nobody is named, or too many: a unit has an end, and nothing of it is done
 */
export async function resolveRecipients(
  { users, groups, contactLists }: Recipient,
  session: SessionView,
  house: House,
  outcome: Outcome,
): Promise<ResolvedRecipient[]> {
  const count = users.length + groups.length
  const all = count + contactLists.length
  if (all === 0) refuse('BadRequest', { description: 'Recipient names nobody', path: 'MessageInfo/Recipient' })
  if (all > mostRecipients) refuse('BadRequest', tooMany)
  const members = await membersOf(contactLists, session, house, outcome)
  // A list is no recipient besides those who are on it.
  if (count + members.size > mostRecipients) refuse('BadRequest', tooMany)
  for (const group of groups) await refuseGroup(group, session, house, outcome)

  const found = new Map<string, ResolvedRecipient>()
  const reach = (named: Named): Address | undefined => {
    const address = parseUserId(named.userId, session.homeDomain, house.config.domains)
    if (address === undefined) outcome.fail('UnknownUser', { userIds: [named.userId] })
    else if (!house.config.domains.includes(address.domain))
      outcome.fail('DomainNotSupported', { userIds: [named.userId] })
    else return address
    return undefined
  }
  const add = ({ userId: asWritten, clientId, applicationId }: Named, address: Address) => {
    const isWhole = clientId === undefined && applicationId === undefined
    const way = isWhole
      ? address.key
      : JSON.stringify([address.key, clientId && clientKey(clientId), applicationId?.toLowerCase()])
    const user = { userId: format(address, 'qualified', session.homeDomain), clientId, applicationId }
    if (!found.has(way)) found.set(way, { userId: address.key, asWritten, recipient: { users: [user] } })
  }
  for (const user of users) {
    const address = reach(user)
    if (address !== undefined) add(user, address)
  }
  // Who is named is meant as it says there, and not once more as a member of a list.
  const named = new Set([...found.values()].map(({ userId }) => userId))
  for (const userId of members.values()) {
    const address = reach({ userId })
    if (address !== undefined && !named.has(address.key)) add({ userId }, address)
  }
  return [...found.values()]
}

/** Tells why nothing can be said in a group: there is none, or the user is not in it; else because nobody listens yet. */
async function refuseGroup(
  { groupId, screenName }: Recipient['groups'][number],
  { userId, homeDomain }: SessionView,
  { groups }: House,
  outcome: Outcome,
) {
  const failed = groupId !== undefined ? { groupIds: [groupId] } : { screenNames: [screenName!] }
  const key = parseGroupId(groupId ?? screenName!.groupId, homeDomain)?.key
  const group = key === undefined ? undefined : await groups.find(key)
  if (group === undefined) outcome.fail('GroupDoesNotExist', failed)
  else if ((await groups.memberOf(group.groupId, userId)) !== 'member') outcome.fail('GroupNotJoined', failed)
  else outcome.fail('UnsupportedMessageContext', failed)
}

/** Each user once, with all the ways in which they hear it, or are to be deaf to it. */
export function byUser(recipients: readonly ResolvedRecipient[]): readonly ResolvedRecipient[] {
  if (recipients.length < 2) return recipients
  return [...Map.groupBy(recipients, ({ userId }) => userId).values()].map(ways => {
    const heard = ways.filter(({ isDeaf }) => !isDeaf)
    const [first, ...others] = heard.length > 0 ? heard : ways
    const more = others.flatMap(({ recipient }) => recipient.users)
    return { ...first!, recipient: { users: [...first!.recipient.users, ...more] } }
  })
}
