import type { House } from '../services/context.ts'
import { settle } from '../services/messaging/settlement.ts'

/** So many at a time, since their contents are read with them. */
const portion = 200

/**
 * Takes what waits for a user out of the mailbox, so that no client is handed it any more. Senders who wanted to know are
 * told that it cannot be delivered (CSP 11.3.9: 410).
 * Resolves to how many items went, and whether there may be more.
 */
export async function clearQueue(house: House, userId: string) {
  const { store, world, bus } = house
  const items = await store.mailboxes.waiting(userId, 0, portion, world.now())
  await Promise.all(items.map(item => settle(item, 410, house)))
  // System Messages that had to be answered first may have been among them.
  bus.announce({ recipient: userId, item: undefined })
  return { cleared: items.length, more: items.length === portion }
}
