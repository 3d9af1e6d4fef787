import {
  type AgreedCapabilityList,
  answersWithChangesOnly,
  type CapabilityList,
  isWithin,
  type Syntax,
  type Version,
} from '@village/protocol'
import type { Config } from '../../config/options.ts'
import { agreeCirMethods } from './cir-agreement.ts'
import { agreeContent } from './content-agreement.ts'
import { agreedOfflineHandling, onlineHandling } from './etem-handling.ts'
import type { WakeMethods } from './wake-method.ts'

/** Transactions a client may have open at a time, and may put into one message. */
const mostTransactions = 16

interface Dialect {
  readonly version: Version
  readonly syntax: Syntax
}

type Agreed = { -readonly [K in keyof AgreedCapabilityList]: AgreedCapabilityList[K] }

/**
 * Settles the abilities of a client (CSP 6.9.1). The client's numbers are limits that the server may only lower;
 * what the server cannot do is taken out of lists.
 */
export function agreeCapabilities(
  requested: CapabilityList,
  { version, syntax }: Dialect,
  config: Config,
  methods: WakeMethods,
) {
  const multiTrans = Math.min(mostTransactions, Math.max(1, requested.multiTrans ?? 1))
  const multiTransPerMessage = Math.min(mostTransactions, Math.max(1, requested.multiTransPerMessage ?? 1))
  const serverPollMin = Math.max(config.poll.minSeconds, requested.serverPollMin ?? 0)
  const supportedBearers = requested.supportedBearers.some(bearer => /^HTTPS?$/i.test(bearer)) ? ['HTTP'] : []
  const content = agreeContent(requested, { version, syntax, maxBodyBytes: config.http.maxBodyBytes })
  const deliveryMethod = requested.initialDeliveryMethod === 'N' ? ('N' as const) : ('P' as const)
  const priority = requested.sessionPriority
  const agreed: CapabilityList = {
    ...requested,
    ...content,
    multiTrans,
    multiTransPerMessage,
    serverPollMin,
    supportedBearers,
    supportedOfflineBearers: [],
    supportedCirMethods: agreeCirMethods(requested, version, methods),
    sessionPriority: priority === undefined ? undefined : Math.min(10, Math.max(0, priority)),
    onlineEtemHandling: requested.onlineEtemHandling === undefined ? undefined : onlineHandling,
    offlineEtemHandling: agreedOfflineHandling(requested.offlineEtemHandling),
  }
  const { clientType, initialDeliveryMethod, defaultLanguage } = agreed
  const complete: Agreed = {
    ...agreed,
    ...{ clientType, initialDeliveryMethod, defaultLanguage, udpPort: undefined },
    userSessionLimit: config.session.maxPerUser,
  }
  const answer = isWithin(version, answersWithChangesOnly) ? changes(requested, complete) : complete
  return { agreed, deliveryMethod, answer }
}

/**
 * Settings accepted as they were asked for are absent from the answer, those for which the client listens excepted,
 * and so are those it did not ask for. The limit of sessions is for the server to tell (CSP 5.1.3).
 */
function changes(requested: CapabilityList, agreed: Agreed): Agreed {
  const wishes: Agreed = requested
  const isChanged = (key: keyof Agreed) =>
    wishes[key] !== undefined && JSON.stringify(wishes[key]) !== JSON.stringify(agreed[key])
  const { supportedBearers, supportedCirMethods, userSessionLimit } = agreed
  const changed = Object.entries(agreed).filter(([key]) => isChanged(key as keyof Agreed))
  const isTypesRefused = agreed.anyContent === false && requested.acceptedContentTypes.length > 0
  return {
    ...empty,
    ...{ supportedBearers, supportedCirMethods, userSessionLimit },
    ...Object.fromEntries(changed),
    ...(isTypesRefused && { anyContent: false }),
  }
}

const empty = {
  acceptedContentTypes: [],
  acceptedTransferEncodings: [],
  plainTextCharsets: [],
  supportedBearers: [],
  supportedOfflineBearers: [],
  supportedCirMethods: [],
} as const satisfies Agreed
