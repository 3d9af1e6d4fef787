import type { CapabilityList } from '@village/protocol'

/** Whom a notice is for. */
export interface NoticeRecipient {
  /** Key of the user. */
  readonly userId: string
  /** Key of the client that wanted notices; undefined where none did, and the operator wants them all the same. */
  readonly clientKey?: string | undefined
  /** The number of the phone (`+358401234567`), where a trusted gateway told it. */
  readonly msisdn?: string | undefined
}

/** An offline message notification (CSP 9.1.7): that messages wait, and nothing of what they say or who sent them. */
export interface OfflineNotice extends NoticeRecipient {
  /** What the client agreed on: SMS, WAPPUSH; undefined where there is no such client. */
  readonly bearer?: string | undefined
  /** How many messages wait. */
  readonly waiting: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** One way to reach users who are not logged in. It knows how, and neither when nor why. */
export interface OfflineBearer {
  /** Whether it can be used for this recipient at the moment. */
  isAvailable(recipient: NoticeRecipient): boolean
  /** Resolves when the notice is on its way; rejects where that cannot be brought about. May take minutes. */
  send(notice: OfflineNotice): Promise<void>
}

/**
 * Ways in which this server can tell a client that has logged out of a message, as SupportedOfflineBearer names them:
 * SMS, WAPPUSH (CSP 9.1.7).
 */
export type OfflineBearers = ReadonlyMap<string, OfflineBearer>

/** The client's bearers that this server has as well, in the client's order of preference (CSP 6.9.1). */
export const agreeOfflineBearers = (requested: CapabilityList, bearers: OfflineBearers) =>
  [...new Set(requested.supportedOfflineBearers)].filter(name => bearers.has(name))
