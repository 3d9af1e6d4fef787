import { type AgreedCapabilityList, answersWithChangesOnly, type CapabilityList, isWithin } from '@village/protocol'
import type { OutbandContext } from '../context.ts'
import { type Agreement, noLists } from './agreement.ts'
import { agreeCirMethods, cirTerms } from './cir-agreement.ts'
import { agreeContent } from './content-agreement.ts'
import { agreedOnlineHandling, type OnlineHandling } from './etem-handling.ts'
import { agreeOfflineBearers } from './offline-bearers.ts'

/** Transactions a client may have open at a time, and may put into one message. */
const mostTransactions = 16

/** What an agreement says of the abilities of a client. */
export type CapabilityTerms = Pick<Agreement, 'deliveryMethod' | 'cir' | 'msisdn'> & {
  readonly capabilities: CapabilityList
}

type Agreed = { -readonly [K in keyof AgreedCapabilityList]: AgreedCapabilityList[K] }

/**
 * Settles the abilities of a client (CSP 6.9.1). The client's numbers are limits that the server may only lower;
 * what the server cannot do is taken out of lists.
 * @param onlineHandling what holds for the user
 */
export function agreeCapabilities(
  requested: CapabilityList,
  { house, peer, version, syntax }: OutbandContext,
  onlineHandling: OnlineHandling,
) {
  const { config } = house
  const multiTrans = Math.min(mostTransactions, Math.max(1, requested.multiTrans ?? 1))
  const multiTransPerMessage = Math.min(mostTransactions, Math.max(1, requested.multiTransPerMessage ?? 1))
  const serverPollMin = Math.max(config.poll.minSeconds, requested.serverPollMin ?? 0)
  const supportedBearers = agreeBearers(requested.supportedBearers)
  const content = agreeContent(requested, { version, syntax, maxBodyBytes: config.http.maxBodyBytes })
  const deliveryMethod = requested.initialDeliveryMethod === 'N' ? ('N' as const) : ('P' as const)
  const priority = requested.sessionPriority
  const supportedOfflineBearers = agreeOfflineBearers(requested, house.offlineBearers)
  const agreed: CapabilityList = {
    ...requested,
    ...content,
    multiTrans,
    multiTransPerMessage,
    serverPollMin,
    supportedBearers,
    supportedOfflineBearers,
    supportedCirMethods: agreeCirMethods(requested, version, house.wakeMethods),
    sessionPriority: priority === undefined ? undefined : Math.min(10, Math.max(0, priority)),
    onlineEtemHandling: agreedOnlineHandling(requested.onlineEtemHandling, onlineHandling),
  }
  const { clientType, initialDeliveryMethod, defaultLanguage } = agreed
  const complete: Agreed = {
    ...agreed,
    ...{ clientType, initialDeliveryMethod, defaultLanguage, udpPort: undefined },
    // There is no SAPSessionLimit, so it does not apply (CSP 6.9.1).
    userSessionLimit: undefined,
  }
  const answer = isWithin(version, answersWithChangesOnly) ? changes(requested, complete) : complete
  const terms: CapabilityTerms = {
    capabilities: agreed,
    deliveryMethod,
    cir: cirTerms(requested, peer),
    msisdn: supportedOfflineBearers.length > 0 ? peer.msisdn : undefined,
  }
  return { terms, answer }
}

/** HTTP stands for HTTPS too. WSP comes here as HTTP, from whichever WAP gateway the phone uses. */
const agreeBearers = (requested: readonly string[]): string[] => {
  const known = requested.map(bearer => bearer.toUpperCase().replace(/^HTTPS$/, 'HTTP'))
  return ['HTTP', 'WSP'].filter(bearer => known.includes(bearer))
}

/**
 * Settings accepted as they were asked for are absent from the answer, those by which the client is reached excepted,
 * and so are those it did not ask for.
 */
function changes(requested: CapabilityList, agreed: Agreed): Agreed {
  const wishes: Agreed = requested
  const isChanged = (key: keyof Agreed) =>
    wishes[key] !== undefined && JSON.stringify(wishes[key]) !== JSON.stringify(agreed[key])
  const { supportedBearers, supportedOfflineBearers, supportedCirMethods } = agreed
  const changed = Object.entries(agreed).filter(([key]) => isChanged(key as keyof Agreed))
  const isTypesRefused = agreed.anyContent === false && requested.acceptedContentTypes.length > 0
  return {
    ...noLists,
    ...{ supportedBearers, supportedOfflineBearers, supportedCirMethods },
    ...Object.fromEntries(changed),
    ...(isTypesRefused && { anyContent: false }),
  }
}
