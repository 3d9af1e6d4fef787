import type { BodyInput } from '@village/protocol'
import type { Context } from '../context.ts'
import { hearsAll, partiesOf } from './access-rules.ts'
import { earlierItems } from './earlier-items.ts'
import type { Outcome } from './outcome.ts'
import type { ResolvedRecipient } from './recipients.ts'

/** Nearly everybody, and then there is nothing to wait for. */
const isHearingAll = (rules: unknown) => rules === hearsAll

type Sender = BodyInput<'SendMessageRequest'>['messageInfo']['sender']

/**
 * Leaves out the recipients whose access control does not let the message through (CSP 9.3.1); the outcome is told 532
 * for each. With `messages.hideBlock` they stay, and are marked as deaf. A repeat of what was taken before somebody
 * blocked its sender still is.
 */
export async function withoutBlockers(
  recipients: readonly ResolvedRecipient[],
  sender: Sender,
  outcome: Outcome,
  { house, session, origin }: Context,
): Promise<readonly ResolvedRecipient[]> {
  const found = recipients.map(({ userId }) => house.accessRules.of(userId))
  if (found.every(isHearingAll)) return recipients
  const rules = await Promise.all(found)
  if (rules.every(isHearingAll)) return recipients
  const blockers = new Set(
    recipients.filter(({ recipient }, index) => rules[index]!.blocks(partiesOf(sender, recipient, session.homeDomain))),
  )
  if (blockers.size === 0) return recipients
  if (house.config.messages.hideBlock)
    return recipients.map(recipient => (blockers.has(recipient) ? { ...recipient, isDeaf: true } : recipient))

  const earlier = await earlierItems(origin, house)
  const wasTaken = ({ userId }: ResolvedRecipient) => earlier.some(item => item.recipient === userId)
  const refused = new Set([...blockers].filter(recipient => !wasTaken(recipient)))
  for (const { asWritten } of refused) outcome.fail('RecipientBlocked', { userIds: [asWritten] })
  return recipients.filter(recipient => !refused.has(recipient))
}
