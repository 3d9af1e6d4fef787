import type { CapabilityList } from '@village/protocol'

/**
 * Ways in which this server can tell a client that has logged out of a message, as SupportedOfflineBearer names them:
 * SMS, WAPPUSH (CSP 9.1.7).
 */
export type OfflineBearers = ReadonlySet<string>

/** The client's bearers that this server has as well, in the client's order of preference (CSP 6.9.1). */
export const agreeOfflineBearers = (requested: CapabilityList, bearers: OfflineBearers) =>
  [...new Set(requested.supportedOfflineBearers)].filter(name => bearers.has(name))
