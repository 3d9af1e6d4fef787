import type { Store } from '../../store/store.ts'
import type { Agreement } from './agreement.ts'

/** How many clients of a user are remembered; one that made room for others is served as if it had said nothing. */
const mostClients = 50

interface Owner {
  readonly userId: string
  readonly clientKey: string
}

/** What of an agreement outlives the session, as a part of the unit that makes it: OfflineETEMHandling (CSP 6.9.1). */
export const lastingSettings = (
  { userId, clientKey }: Owner,
  { capabilities }: Agreement,
  store: Store,
  now: number,
) =>
  capabilities?.offlineEtemHandling === undefined
    ? []
    : store.clientSettings.setOfflineHandling(userId, clientKey, capabilities.offlineEtemHandling, now, mostClients)
