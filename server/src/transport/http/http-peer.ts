import type { IncomingMessage } from 'node:http'
import type { Peer } from '../../services/context.ts'

const hostAndPort = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]{1,253})(:\d{1,5})?$/i

/** Who sent a request over HTTP. */
export class HttpPeer implements Peer {
  readonly address: string
  readonly isSecure: boolean
  readonly msisdn: string | undefined
  readonly #request: IncomingMessage

  constructor(request: IncomingMessage, msisdn: string | undefined) {
    const { socket } = request
    this.address = socket.remoteAddress ?? 'unknown'
    this.isSecure = 'encrypted' in socket && socket.encrypted === true
    this.msisdn = msisdn
    this.#request = request
  }

  /**
   * The host that the client asked for. Only that client is told of it again, so that it can lie to nobody but itself.
   * Where it names none, the address it has reached, as long as it is connected.
   */
  get origin(): string | undefined {
    const { headers, socket } = this.#request
    const scheme = this.isSecure ? 'https' : 'http'
    const named = `${scheme}://${headers.host}`
    if (hostAndPort.test(headers.host ?? '') && URL.canParse(named)) return named
    const { localAddress, localPort } = socket
    if (localAddress === undefined) return undefined
    return `${scheme}://${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`
  }
}
