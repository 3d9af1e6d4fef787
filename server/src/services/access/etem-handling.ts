import type { CapabilityList } from '@village/protocol'

export type OfflineHandling = NonNullable<CapabilityList['offlineEtemHandling']>
export type OnlineHandling = Exclude<CapabilityList['onlineEtemHandling'], 'DETECT' | undefined>

/**
 * What becomes of a message to nobody's client in particular (CSP 6.9.1): one client gets it. This server knows no
 * other way, so that it is the setting of every user, which is also the answer to DETECT.
 */
export const onlineHandling: OnlineHandling = 'SERVERLOGIC'

/** What becomes of a message to a client that has gone and never said what it wants. */
export const usualOfflineHandling: OfflineHandling = 'PRIORITYSTORE'

/** One message goes to one client here, so that the wishes for all of them are changed as CSP 6.9.1 permits. */
export const agreedOfflineHandling = (wish: OfflineHandling | undefined): OfflineHandling | undefined =>
  wish === 'SENDREJECT' || wish === 'SENDSTORE' ? 'REJECT' : wish
