import type { IncomingMessage } from 'node:http'

const hostAndPort = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]{1,253})(:\d{1,5})?$/i

/**
 * What the client calls this server, as in `http://im.example.com:8080`: the host it asked for. Only that client is told
 * of it again, so that it can lie to nobody but itself. Where it names none, the address it has reached.
 */
export function originOf({ headers, socket }: IncomingMessage, isSecure: boolean): string {
  const scheme = isSecure ? 'https' : 'http'
  const named = headers.host ?? ''
  const { localAddress = '', localPort } = socket
  const reached = localAddress.includes(':') ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`
  const origin = `${scheme}://${named}`
  return hostAndPort.test(named) && URL.canParse(origin) ? origin : `${scheme}://${reached}`
}
