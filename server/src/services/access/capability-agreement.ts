import {
  type AgreedCapabilityList,
  answersWithChangesOnly,
  type CapabilityList,
  isWithin,
  type Version,
} from '@village/protocol'
import type { Config } from '../../config/options.ts'
import { agreeCirMethods } from './cir-agreement.ts'
import type { WakeMethods } from './wake-method.ts'

/** Transactions a client may have open at a time, and may put into one message. */
const mostTransactions = 16
/** MIBenum of US-ASCII and UTF-8; text is carried as UTF-8, of which the former is a part. */
const charsets: readonly number[] = [3, 106]

type Agreed = { -readonly [K in keyof AgreedCapabilityList]: AgreedCapabilityList[K] }

/**
 * Settles the abilities of a client (CSP 6.9.1). The client's numbers are limits that the server may only lower;
 * what the server cannot do is taken out of lists.
 */
export function agreeCapabilities(requested: CapabilityList, version: Version, config: Config, methods: WakeMethods) {
  const multiTrans = Math.min(mostTransactions, Math.max(1, requested.multiTrans ?? 1))
  const multiTransPerMessage = Math.min(mostTransactions, Math.max(1, requested.multiTransPerMessage ?? 1))
  const serverPollMin = Math.max(config.poll.minSeconds, requested.serverPollMin ?? 0)
  const supportedBearers = requested.supportedBearers.some(bearer => /^HTTPS?$/i.test(bearer)) ? ['HTTP'] : []
  const plainTextCharsets = requested.plainTextCharsets.filter(charset => charsets.includes(charset))
  const deliveryMethod = requested.initialDeliveryMethod === 'N' ? ('N' as const) : ('P' as const)
  const agreed: CapabilityList = {
    ...requested,
    multiTrans,
    multiTransPerMessage,
    serverPollMin,
    supportedBearers,
    supportedOfflineBearers: [],
    supportedCirMethods: agreeCirMethods(requested, version, methods),
    plainTextCharsets,
    sessionPriority: requested.sessionPriority === undefined ? undefined : Math.min(10, requested.sessionPriority),
    onlineEtemHandling: requested.onlineEtemHandling === undefined ? undefined : 'SERVERLOGIC',
  }
  const { clientType, initialDeliveryMethod, defaultLanguage } = agreed
  const complete: Agreed = { ...agreed, clientType, initialDeliveryMethod, defaultLanguage, udpPort: undefined }
  const answer = isWithin(version, answersWithChangesOnly) ? changes(requested, complete) : complete
  return { agreed, deliveryMethod, answer }
}

/** Settings accepted as they were asked for are absent from the answer, those for which the client listens excepted. */
function changes(requested: CapabilityList, agreed: Agreed): Agreed {
  const unchanged = (key: keyof AgreedCapabilityList & keyof CapabilityList) =>
    JSON.stringify(requested[key]) === JSON.stringify(agreed[key])
  const left = Object.entries(agreed).filter(
    ([key]) => !unchanged(key as keyof AgreedCapabilityList & keyof CapabilityList),
  )
  const lists = { supportedBearers: agreed.supportedBearers, supportedCirMethods: agreed.supportedCirMethods }
  return { ...empty, ...lists, ...Object.fromEntries(left) }
}

const empty = {
  acceptedContentTypes: [],
  acceptedTransferEncodings: [],
  plainTextCharsets: [],
  supportedBearers: [],
  supportedOfflineBearers: [],
  supportedCirMethods: [],
} as const satisfies Agreed
