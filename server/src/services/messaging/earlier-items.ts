import { REPEAT_MILLISECONDS, type SentItem } from '../../store/mailboxes.ts'
import type { House } from '../context.ts'

/**
 * What a transaction put into mailboxes before, if it is the same one: clients count their transactions from 1 to 999
 * and start over, so one that is older than ten minutes is another that happens to look alike.
 * @param origin undefined: it has no id, and repeats nothing
 */
export async function earlierItems(origin: string | undefined, { store, world }: House): Promise<SentItem[]> {
  if (origin === undefined) return []
  const since = world.now() - REPEAT_MILLISECONDS
  return (await store.mailboxes.byOrigin(origin)).filter(({ acceptedAt }) => acceptedAt > since)
}
