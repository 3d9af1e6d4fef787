import type { Store } from '../store/store.ts'
import type { Sessions } from './sessions.ts'

/**
 * Ends the sessions of a user, or that of one client: those in memory, and those from before a restart whose clients
 * have not come back yet (CSP 6.6). Resolves to how many there were, when all of it is on disk.
 */
export async function endSessions(
  { store, sessions }: { readonly store: Store; readonly sessions: Sessions },
  userId: string,
  reason: number,
  client?: string,
): Promise<number> {
  const isMeant = ({ clientKey }: { readonly clientKey: string }) => client === undefined || clientKey === client
  const held = sessions.ofUser(userId).filter(isMeant)
  await Promise.all(held.map(session => sessions.end(session, reason)))
  const left = (await store.sessions.ofUser(userId)).filter(isMeant)
  for (const record of left) await sessions.endForsaken(record, reason)
  return held.length + left.length
}
