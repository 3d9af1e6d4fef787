import type { AgreedCapabilityList, CapabilityList, Version } from '@village/protocol'
import type { OutbandContext, Peer, SessionView } from '../context.ts'
import type { Agreement, CirTerms } from './agreement.ts'
import type { CirAddresses, WakeMethods } from './wake-method.ts'

/** UDPPort 0: the address is learned from a HELO datagram, which is sent to an address that only 1.3 can be told. */
const isReachableByUdp = ({ udpPort = usualUdpPort }: CapabilityList, version: Version): boolean =>
  udpPort === 0 ? version >= '1.3' : udpPort > 0 && udpPort <= 65_535

/** Registered for datagrams to clients. */
const usualUdpPort = 3717

/** SHTTP and SSMS came with 1.2. */
const since12 = new Set(['SHTTP', 'SSMS'])

/** The client's methods that work here, in its order of preference (CSP 6.9.1). */
export const agreeCirMethods = (requested: CapabilityList, version: Version, methods: WakeMethods): string[] =>
  [...new Set(requested.supportedCirMethods)].filter(
    name =>
      methods.has(name) &&
      (version >= '1.2' || !since12.has(name)) &&
      (name !== 'SUDP' || isReachableByUdp(requested, version)),
  )

/** Methods by which a client is reached where it is; for all others it has to be told an address of ours (CSP 6.9.1). */
const withoutAddress = new Set(['WAPSMS', 'WAPUDP'])

export const needsCirAddress = ({ supportedCirMethods }: CapabilityList): boolean =>
  supportedCirMethods.some(name => !withoutAddress.has(name))

/** Where datagrams go: to the port that was asked for, at the address the client came from. */
export const cirTerms = (requested: CapabilityList, peer: Peer): CirTerms => ({
  address: peer.address,
  udpPort: requested.udpPort ?? usualUdpPort,
})

/** The agreement of a client that is somewhere else now. */
export const withCirFrom = (agreement: Agreement, address: string): Agreement =>
  agreement.cir === undefined ? agreement : { ...agreement, cir: { ...agreement.cir, address } }

/** The methods of a session that work at present, the client's first choice first. */
export const agreedMethods = ({ capabilities }: Agreement): readonly string[] => capabilities?.supportedCirMethods ?? []

/** The answer of a negotiation, with what the client needs to know to be woken. */
export function withCirAddresses(
  answer: AgreedCapabilityList,
  session: SessionView,
  { house, peer }: Pick<OutbandContext, 'house' | 'peer'>,
): AgreedCapabilityList {
  const known = agreedMethods(session.agreement).map(name => house.wakeMethods.get(name)?.addresses(session, peer))
  return { ...answer, ...noAddresses, ...Object.assign({}, ...known) }
}

/** The port a client of 1.1 repeats in its list is not ours. */
const noAddresses: CirAddresses = { tcpAddress: undefined, tcpPort: undefined, udpAddress: undefined }
