import type { House } from '../services/context.ts'
import { settle } from '../services/messaging/settlement.ts'
import type { Sessions } from './sessions.ts'

/** So many at a time, since their contents are read with them. */
const portion = 200

/**
 * Takes what waits for a user out of the mailbox, so that no client is handed it any more. Senders who wanted to know are
 * told that it cannot be delivered (CSP 11.3.9: 410).
 * Resolves to how many items went, and whether there may be more.
 */
export async function clearQueue(house: House, sessions: Sessions, userId: string) {
  const items = await house.store.mailboxes.waiting(userId, 0, portion, house.world.now())
  await Promise.all(items.map(item => settle(item, 410, house)))
  for (const session of sessions.ofUser(userId)) session.demands = undefined
  return { cleared: items.length, more: items.length === portion }
}
