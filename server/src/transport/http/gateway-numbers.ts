import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP } from 'node:net'

export interface GatewayOptions {
  /** Names of headers, in any case; the first that is there counts. */
  readonly headers: readonly string[]
  /** Addresses, and networks as address/bits, of those who are believed. */
  readonly trustedPeers: readonly string[]
}

type MsisdnOf = (address: string | undefined, headers: IncomingHttpHeaders) => string | undefined

/**
 * Reads the number of a phone out of the headers that the gateways of mobile networks put in (CSP 6.4.3). Anybody can
 * write a header, and the AOSP client writes one itself, so that only peers that are named are believed.
 */
export const gatewayNumbers = ({ headers: names, trustedPeers }: GatewayOptions): MsisdnOf => {
  const trusted = new BlockList()
  for (const peer of trustedPeers) {
    const [address, bits] = peer.split('/') as [string, string?]
    if (bits === undefined) trusted.addAddress(address, familyOf(address))
    else trusted.addSubnet(address, Number(bits), familyOf(address))
  }
  const keys = names.map(name => name.toLowerCase())
  return (address, headers) => {
    if (trustedPeers.length === 0 || address === undefined || !trusted.check(address, familyOf(address)))
      return undefined
    const written = keys.map(key => headers[key]).find(value => value !== undefined)
    return typeof written === 'string' ? international(written) : undefined
  }
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Gateways leave the plus sign out, and some put blanks or hyphens in. At most 15 digits (E.164). */
const international = (written: string): string | undefined => {
  const digits = written
    .trim()
    .replace(/^\+/, '')
    .replaceAll(/[\s().-]/g, '')
  return /^[1-9]\d{4,14}$/.test(digits) ? `+${digits}` : undefined
}
