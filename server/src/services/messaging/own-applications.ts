import { foldCase, refuse } from '@village/protocol'
import type { Context } from '../context.ts'
import type { Info } from './mail.ts'
import type { Outcome } from './outcome.ts'
import type { ResolvedRecipient } from './recipients.ts'

/**
 * Nobody writes from an application, or to one, that their own lists keep away from them (452, CSP 11.3.35): one that is
 * blocked, or not granted while the grant list is in use. For an application as recipient that is told to the outcome.
 * @throws Refusal ForbiddenApplicationId for the application of the sender
 */
export async function withoutForbidden(
  recipients: readonly ResolvedRecipient[],
  sender: Info['sender'],
  outcome: Outcome,
  { session, house }: Context,
): Promise<readonly ResolvedRecipient[]> {
  const own = sender.user?.applicationId
  if (own === undefined && !recipients.some(hasApplication)) return recipients
  const rules = await house.accessRules.of(session.userId)
  const isForbidden = (applicationId: string | undefined) =>
    applicationId !== undefined && rules.blocks({ applicationId: foldCase(applicationId) })
  if (isForbidden(own)) refuse('ForbiddenApplicationId')
  return recipients.filter(recipient => {
    if (!isForbidden(applicationOf(recipient))) return true
    outcome.fail('ForbiddenApplicationId', { userIds: [recipient.asWritten] })
    return false
  })
}

const applicationOf = ({ recipient }: ResolvedRecipient) => recipient.users[0].applicationId
const hasApplication = (recipient: ResolvedRecipient) => applicationOf(recipient) !== undefined
