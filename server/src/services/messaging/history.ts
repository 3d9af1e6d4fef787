import type { Unit } from '../../store/database.ts'
import type { HistoryCopy } from '../../store/history.ts'
import type { House } from '../context.ts'
import { type Draft, infoOf } from './mail.ts'
import type { ResolvedRecipient } from './recipients.ts'

const dayMilliseconds = 86_400_000

/** A message that was accepted. */
interface Kept {
  readonly messageId: string
  readonly message: Draft
  /** User key. */
  readonly sender: string
  readonly recipients: readonly ResolvedRecipient[]
  readonly acceptedAt: number
}

/**
 * Keeps a message that is put into mailboxes, in the same unit: a copy for its sender and one for each recipient who
 * hears the sender, each for the days of its owner's domain. Nothing where no history is kept.
 */
export function keepInHistory(kept: Kept, { config, store }: House): Unit {
  const { days, domains } = config.history
  if (days === 0 && domains.length === 0) return []
  const { sender, recipients, acceptedAt } = kept
  const copyFor = (owner: string, direction: HistoryCopy['direction'], other: string): HistoryCopy[] => {
    const domain = owner.slice(owner.lastIndexOf('@') + 1)
    const own = domains.find(entry => entry.domain === domain)?.days ?? days
    return own === 0 ? [] : [{ owner, direction, other, acceptedAt, expiresAt: acceptedAt + own * dayMilliseconds }]
  }
  const copies = recipients.flatMap(({ userId, isDeaf }) => [
    ...copyFor(sender, 'sent', userId),
    ...(isDeaf ? [] : copyFor(userId, 'received', sender)),
  ])
  return copies.length === 0 ? [] : store.history.add(contentOf(kept), copies)
}

/** What all who get it may know alike: not the Recipient, since each is told of itself alone (CSP 5.5.2). */
const contentOf = ({ messageId, message }: Pick<Kept, 'messageId' | 'message'>) => {
  const { contentType, contentEncoding, contentName, messageUri } = infoOf(message)
  const info = JSON.stringify({ contentType, contentEncoding, contentName, messageUri })
  return { messageId, info, content: message.content }
}
