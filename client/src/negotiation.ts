import type { AgreedCapabilityList, BodyInput, ClientID, ServiceTree, Syntax, Version } from '@village/protocol'
import type { Answer, RequestName } from './requests.ts'

/** Capabilities of CSP 6.9.1 as they are asked for; lengths are in characters, ServerPollMin is in seconds. */
export type Capabilities = NonNullable<BodyInput<'ClientCapabilityRequest'>['capabilityList']>
/** Services of CSP 6.9.1 as they are asked for: a branch with nothing below it means all that is below it. */
export type Services = NonNullable<BodyInput<'ServiceRequest'>['functions']>

export interface Wishes {
  /**
   * How messages come: whole (`push`, the default), or announced, to be fetched, rejected or forwarded (`notify`). Where
   * a message cannot be announced it comes whole; where it cannot come whole, `push` leaves it waiting (CSP 5.6.4).
   */
  readonly delivery?: 'push' | 'notify' | undefined
  /**
   * Presence is asked for in any case. `live` wants to be told besides what others do: who changes the contact lists
   * (NCLS, 1.3) and who asks to see this user's presence (REACT, until 1.2). A program that asks for it had better
   * listen, to `contacts` and to `authorizations.requests()`.
   */
  readonly presence?: 'live' | undefined
  /** Replaces the services asked for: all of presence and instant messaging (CSP 8, 9) and, in 1.3, segments (SGMNT). */
  readonly services?: Services | undefined
  /** Goes over the default capabilities, one by one. */
  readonly capabilities?: Capabilities | undefined
}

type AgreedAnswers = { readonly [K in keyof AgreedCapabilityList]?: AgreedCapabilityList[K] | undefined }

/** What holds for the session from now on. */
export interface Agreed {
  /** What was asked for, with the changes of the server. */
  readonly capabilities: Capabilities & AgreedAnswers
  readonly services: Services
  /** The services asked for that the server does not give; empty: all are there. */
  readonly notAvailable: ServiceTree
  /** Transactions that may be open at a time in each direction. */
  readonly multiTrans: number
  readonly multiTransPerMessage: number
  /** Seconds between two polls where nothing says that something waits. */
  readonly serverPollMinSeconds: number
  /** Where to ask by HTTP whether something waits (SHTTP); undefined: nowhere. */
  readonly wakeUpUrl?: string | undefined
}

const mib = { utf8: 106 }

/** No transfer encoding is asked for in WBXML, which carries octets as they are (CSP 6.9.1). */
const usualCapabilities = ({ syntax, maxReplyBytes }: Asker, isNotified: boolean): Capabilities => ({
  clientType: 'COMPUTER',
  initialDeliveryMethod: isNotified ? 'N' : 'P',
  anyContent: true,
  ...lengths(maxReplyBytes),
  acceptedTransferEncodings: syntax === 'xml' ? ['BASE64'] : [],
  plainTextCharsets: [mib.utf8],
  supportedBearers: ['HTTP'],
  multiTrans: 4,
  multiTransPerMessage: 4,
  parserSize: maxReplyBytes,
  serverPollMin: 2,
})

/** Content that can be read in whatever way it is written: a character may take four octets or more. */
const lengths = (maxReplyBytes: number) => {
  const length = Math.floor(maxReplyBytes / 4)
  return { acceptedPullLength: length, acceptedPushLength: length, acceptedTextContentLength: length }
}

/** A program that does not expect notifications had better not get any. */
const usualServices = (version: Version, isNotified: boolean, isLive: boolean): Services => ({
  ...(version >= '1.3' && { fundamentalFeat: { serviceFunc: { sgmnt: true } } }),
  presenceFeat: usualPresence(version, isLive),
  imFeat: {
    imSendFunc: { mdeliv: true, fwmsg: true },
    imReceiveFunc: {
      ...{ setd: true, getlm: true, getm: true, rejcm: true, newm: true },
      ...(isNotified && { notif: true }),
    },
    imAuthFunc: { glblu: true, blent: true },
  },
})

const usualPresence = (version: Version, isLive: boolean): Services['presenceFeat'] => ({
  contListFunc: { gcli: true, ccli: true, dcli: true, mcls: true, ...(isLive && version >= '1.3' && { ncls: true }) },
  presenceAuthFunc: { getwl: true, ...(isLive && version < '1.3' && { react: true }) },
  presenceDeliverFunc: { getpr: true, updpr: true },
  ...(version < '1.3' && { attListFunc: { cali: true, dali: true, gals: true } }),
})

interface Asker {
  readonly syntax: Syntax
  readonly version: Version
  readonly clientId: ClientID
  /** Octets of the longest reply that is read. */
  readonly maxReplyBytes: number
  request<N extends RequestName>(name: N, body: BodyInput<N>): Promise<Answer<N>>
}

/**
 * Capabilities first, then services (CSP 6.9.1). A server of 1.1 answers with all that holds, one of 1.2 with what it
 * has to add, one of 1.3 with what it changed; in each case what the answer does not mention holds as it was asked for.
 */
export async function negotiate(asker: Asker, wishes: Wishes): Promise<Agreed> {
  const { clientId } = asker
  const isNotified = wishes.delivery === 'notify'
  const asked = { ...usualCapabilities(asker, isNotified), ...wishes.capabilities }
  // With several transactions open the server holds a poll until it brings something, and need not call for one.
  const isCallNeeded = (asked.multiTrans ?? 1) < 2 && asker.version >= '1.2'
  const wanted = {
    ...asked,
    supportedCirMethods: wishes.capabilities?.supportedCirMethods ?? (isCallNeeded ? ['SHTTP'] : []),
  }
  const { agreedCapabilityList } = await asker.request('ClientCapabilityRequest', { clientId, capabilityList: wanted })
  const services = wishes.services ?? usualServices(asker.version, isNotified, wishes.presence === 'live')
  const { functions } = await asker.request('ServiceRequest', {
    clientId,
    functions: services,
    allFunctionsRequest: false,
  })
  const capabilities = { ...wanted, ...said(agreedCapabilityList) }
  return {
    capabilities,
    services,
    notAvailable: functions ?? {},
    multiTrans: Math.max(1, capabilities.multiTrans ?? 1),
    multiTransPerMessage: Math.max(1, capabilities.multiTransPerMessage ?? 1),
    serverPollMinSeconds: Math.max(1, capabilities.serverPollMin ?? 30),
    wakeUpUrl: wakeUpUrl(agreedCapabilityList),
  }
}

/** An address that is told without being agreed on, or is none of HTTP, is not asked. */
const wakeUpUrl = ({ supportedCirMethods, cirHttpAddress }: AgreedCapabilityList): string | undefined =>
  supportedCirMethods.includes('SHTTP') && /^https?:/i.test(cirHttpAddress ?? '') ? cirHttpAddress : undefined

/** Leaves out what says nothing. */
const said = (list: AgreedCapabilityList): AgreedAnswers =>
  Object.fromEntries(
    Object.entries(list).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  )

type Tree = { readonly [part: string]: Tree | true | undefined }

/** Below the root a branch with nothing in it means all of it. */
const includes = (tree: Tree, [next = '', ...rest]: readonly string[]): boolean => {
  const branch = tree[next]
  if (branch === undefined) return false
  const isWhole = branch === true || Object.values(branch).every(below => below === undefined)
  return isWhole || rest.length === 0 || includes(branch, rest)
}

/** Mandatory functions have no leaf of their own: whoever asks for any part of a feature asks for them (CSP 6.9.1). */
const markers: ReadonlySet<string | undefined> = new Set(['mf', 'mp', 'mm', 'mg'])

/**
 * Whether a service, named by its way through the tree, was asked for and given: `['imFeat', 'imSendFunc', 'mdeliv']`,
 * or `['presenceFeat', 'mp']` for the mandatory functions of a feature.
 */
export const isAgreed = ({ services, notAvailable }: Agreed, way: readonly string[]): boolean => {
  const [feature = '', below] = way
  const asked = markers.has(below) ? [feature] : way
  return includes(services as Tree, asked) && !includes(notAvailable as Tree, way)
}
