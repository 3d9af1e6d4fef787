import { clientKey } from '@village/protocol'
import { readAgreement } from '../access/agreement.ts'
import { usualOfflineHandling } from '../access/etem-handling.ts'
import type { Context, House } from '../context.ts'
import { serviceFor } from './mail.ts'
import type { Outcome } from './outcome.ts'
import type { ResolvedRecipient } from './recipients.ts'

/**
 * Leaves out the recipients that name a client which is not there and does not want its messages kept or given to
 * others (OfflineETEMHandling, CSP 6.9.1); the outcome is told. A repeat of what was taken while it was there still is.
 */
export async function withoutAbsent(
  recipients: readonly ResolvedRecipient[],
  outcome: Outcome,
  { house, origin }: Context,
): Promise<readonly ResolvedRecipient[]> {
  if (!recipients.some(namesClient)) return recipients
  const earlier = origin === undefined ? [] : await house.store.mailboxes.byOrigin(origin)
  const wasTaken = ({ userId }: ResolvedRecipient) => earlier.some(item => item.recipient === userId)
  const taken = await Promise.all(
    recipients.map(async recipient => wasTaken(recipient) || (await isTaken(recipient, house))),
  )
  for (const [index, { asWritten }] of recipients.entries())
    if (!taken[index]) outcome.fail('UnableToDeliver', { userIds: [asWritten] })
  return recipients.filter((_, index) => taken[index])
}

const namesClient = ({ recipient }: ResolvedRecipient) => recipient.users[0].clientId !== undefined

async function isTaken({ userId, recipient }: ResolvedRecipient, { store }: House): Promise<boolean> {
  const { clientId } = recipient.users[0]
  if (clientId === undefined) return true
  const key = clientKey(clientId)
  const open = await store.sessions.ofUser(userId)
  if (open.some(session => session.clientKey === key)) return true
  const handling = (await store.clientSettings.find(userId, key))?.offlineHandling ?? usualOfflineHandling
  if (handling === 'REJECT') return false
  const isTakenByOther = () =>
    open.some(({ agreement }) => readAgreement(agreement).services.includes(serviceFor('message')))
  return handling === 'PRIORITYSTORE' || isTakenByOther()
}
