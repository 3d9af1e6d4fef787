import type { AnnouncedItem } from '../../cluster/bus.ts'
import type { Unit } from '../../store/database.ts'
import type { HistoryCopy } from '../../store/history.ts'
import type { House } from '../context.ts'
import { infoOf } from './mail.ts'

const dayMilliseconds = 86_400_000

/**
 * Keeps a message that is put into mailboxes, in the same unit: a copy for its sender and one for each recipient, each
 * for the days of its owner's domain. Nothing where no history is kept.
 * @param items what one message became, an item a recipient
 * @param sender user key
 */
export function keepInHistory(items: readonly AnnouncedItem[], sender: string, { config, store }: House): Unit {
  const { days, domains } = config.history
  const [first] = items
  if ((days === 0 && domains.length === 0) || first === undefined) return []
  const copyFor = (owner: string, direction: HistoryCopy['direction'], other: string): HistoryCopy[] => {
    const domain = owner.slice(owner.lastIndexOf('@') + 1)
    const kept = domains.find(entry => entry.domain === domain)?.days ?? days
    if (kept === 0) return []
    return [
      { owner, direction, other, acceptedAt: first.acceptedAt, expiresAt: first.acceptedAt + kept * dayMilliseconds },
    ]
  }
  const copies = items.flatMap(({ recipient }) => [
    ...copyFor(sender, 'sent', recipient),
    ...copyFor(recipient, 'received', sender),
  ])
  return copies.length === 0 ? [] : store.history.add(contentOf(first), copies)
}

/** What all who get it may know alike: not the Recipient, since each is told of itself alone (CSP 5.5.2). */
const contentOf = (item: AnnouncedItem) => {
  const { contentType, contentEncoding, contentName, messageUri } = infoOf(item)
  const info = JSON.stringify({ contentType, contentEncoding, contentName, messageUri })
  return { messageId: item.messageId, info, content: item.content }
}
