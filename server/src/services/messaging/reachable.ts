import { clientKey } from '@village/protocol'
import { readAgreement } from '../access/agreement.ts'
import { offlineHandlingOf } from '../access/etem-handling.ts'
import type { Context, House } from '../context.ts'
import { earlierItems } from './earlier-items.ts'
import { type Draft, redraft } from './mail.ts'
import type { Outcome } from './outcome.ts'
import type { ResolvedRecipient } from './recipients.ts'

/**
 * Leaves out the recipients whose clients do not want a message, and tells the outcome: those that are here and refuse
 * its like (CSP 5.6.3), and one that is named, is not here, and wants nothing kept or given to others
 * (OfflineETEMHandling, CSP 6.9.1). A repeat of what was taken the first time still is.
 */
export async function reachable(
  recipients: readonly ResolvedRecipient[],
  message: Draft,
  outcome: Outcome,
  { house, origin }: Context,
): Promise<readonly ResolvedRecipient[]> {
  const asked = recipients.map(recipient => isRefused(recipient, message, house))
  const answers = asked.some(answer => answer instanceof Promise) ? await Promise.all(asked) : asked
  const refusing = new Set(recipients.filter((_, index) => answers[index]))
  if (refusing.size === 0 && !recipients.some(namesClient)) return recipients
  const earlier = await earlierItems(origin, house)
  const left: ResolvedRecipient[] = []
  for (const recipient of recipients) {
    const { userId, asWritten } = recipient
    if (earlier.some(item => item.recipient === userId)) left.push(recipient)
    else if (refusing.has(recipient)) outcome.fail('MessageRejectedByLimits', { userIds: [asWritten] })
    else if (await isTaken(recipient, message, house)) left.push(recipient)
    else outcome.fail('UnableToDeliver', { userIds: [asWritten] })
  }
  return left
}

const isRefused = ({ userId, recipient }: ResolvedRecipient, message: Draft, { outboxes }: House) =>
  outboxes.isRefusedByAll(userId, { ...redraft(message, { recipient }), kind: 'message' })

const namesClient = ({ recipient }: ResolvedRecipient) => recipient.users[0].clientId !== undefined

async function isTaken({ userId, recipient }: ResolvedRecipient, message: Draft, house: House): Promise<boolean> {
  const { store, pictures } = house
  const { clientId } = recipient.users[0]
  if (clientId === undefined) return true
  const key = clientKey(clientId)
  const open = await store.sessions.ofUser(userId)
  if (open.some(session => session.clientKey === key)) return true
  const handling = await offlineHandlingOf(userId, key, store)
  if (handling === 'REJECT') return false
  const isTakenByOther = () =>
    open.some(
      ({ syntax, agreement }) =>
        pictures.wayFor(message, { syntax, agreement: readAgreement(agreement) }) !== undefined,
    )
  return handling === 'PRIORITYSTORE' || handling === 'SENDSTORE' || isTakenByOther()
}
