import type { CapabilityList } from '@village/protocol'
import type { Store } from '../../store/store.ts'
import type { House, SessionView } from '../context.ts'
import { notifyOthers } from './notify.ts'

export type OfflineHandling = NonNullable<CapabilityList['offlineEtemHandling']>
export type OnlineHandling = Exclude<CapabilityList['onlineEtemHandling'], 'DETECT' | undefined>

/** What becomes of a message to no client in particular, for users who never said: one client gets it (CSP 6.9.1). */
const usualOnlineHandling: OnlineHandling = 'SERVERLOGIC'

/** What becomes of a message to a client that has gone and never said what it wants. */
export const usualOfflineHandling: OfflineHandling = 'PRIORITYSTORE'

/** What a user settled last, on whichever client: it is a wish of the user, not of a client. */
export const onlineHandlingOf = async (userId: string, { accounts }: Store): Promise<OnlineHandling> =>
  ((await accounts.onlineHandling(userId)) as OnlineHandling | undefined) ?? usualOnlineHandling

/** What a client that is not there settled for the messages that are meant for it. */
export const offlineHandlingOf = async (
  userId: string,
  clientKey: string,
  { clientSettings }: Store,
): Promise<OfflineHandling> =>
  ((await clientSettings.find(userId, clientKey))?.offlineHandling as OfflineHandling | undefined) ??
  usualOfflineHandling

/** DETECT asks for the value that holds. */
export const agreedOnlineHandling = (
  wish: CapabilityList['onlineEtemHandling'],
  current: OnlineHandling,
): OnlineHandling | undefined => (wish === 'DETECT' ? current : wish)

/**
 * Tells the user's other clients where this one has settled something else (CSP 7.2.1).
 * @param before what held until then
 */
export async function tellOnlineHandling(session: SessionView, before: OnlineHandling, house: House): Promise<void> {
  const { onlineHandling } = session
  if (onlineHandling === before) return
  await notifyOthers(session, [{ notificationType: 'OEU', onlineEtemHandling: onlineHandling }], house)
}
