import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv4, isIPv6 } from 'node:net'
import type { Cir } from '../../csp/cir.ts'
import type { Session } from '../../csp/session.ts'
import type { CirTerms } from '../../services/access/agreement.ts'
import type { Log } from '../../telemetry/log.ts'
import { hostOf } from './host-of.ts'
import { idInHello } from './lines.ts'

export interface DatagramsOptions {
  readonly cir: Cir
  readonly log: Log
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  /** Where clients are told to send HELO; undefined: the host by which they know the server. */
  readonly publicAddress?: string | undefined
}

/** Registered for WAP pushes without a connection. */
const wapPushPort = 2948
/** Octets of the longest datagram that is looked at. */
const longestHello = 512
/** Session-IDs that are looked up at a time; sources can be forged, so they are not told apart. */
const mostLookups = 64
/** A HELO says where a client is, once in a while. */
const helloMilliseconds = 1000

type Place = Pick<RemoteInfo, 'address' | 'port'>

/**
 * CIR as datagrams (CSP Trans): the bare line (SUDP), or as a WAP push (WAPUDP). They go to where the client negotiated
 * from. One behind a translating router asks for port 0 instead and sends `HELO <Session-ID>` now and then, which is
 * answered with OK and tells where it is (CSP 6.9.1); whoever sends anything else hears nothing.
 */
export async function createDatagrams(options: DatagramsOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { cir, log, host, port, publicAddress } = options
  const isV6 = isIPv6(host)
  const socket = createSocket(isV6 ? 'udp6' : 'udp4')
  const learned = new Map<Session, Place & { readonly at: number }>()
  let lookups = 0

  const sendTo = (place: Place | undefined, octets: Uint8Array): boolean => {
    if (place === undefined || !(isV6 ? isIPv6 : isIPv4)(place.address)) return false
    socket.send(octets, place.port, place.address, () => {}) // lost on the way or here is the same
    return true
  }

  const hello = async (sessionId: string, { address, port }: Place) => {
    const session = await cir.find(sessionId, 'SUDP')
    if (session?.agreement.cir?.udpPort !== 0) return
    const known = learned.get(session)
    const at = performance.now()
    if (known !== undefined && at - known.at < helloMilliseconds) return
    learned.set(session, { address, port, at })
    sendTo({ address, port }, Buffer.from('OK'))
    if (known?.address !== address || known.port !== port) cir.onOpened(session)
  }

  socket.on('message', (octets, from) => {
    const sessionId = octets.length > longestHello ? undefined : idInHello(octets.toString('latin1').trim())
    if (sessionId === undefined || lookups >= mostLookups) return
    lookups++
    hello(sessionId, from)
      .catch(error => log.error('A session could not be looked up', { transport: 'sudp', error }))
      .finally(() => lookups--)
  })
  socket.bind(port, host)
  await once(socket, 'listening')
  socket.on('error', error => log.warn('Datagrams failed', { transport: 'sudp', error }))

  cir.use('SUDP', {
    addresses: ({ version }, { origin }) => {
      if (version < '1.3') return {}
      const at = socket.address()
      return { udpAddress: publicAddress ?? hostOf(origin) ?? at.address, udpPort: at.port }
    },
    knock: (session, line) =>
      sendTo(placeOf(session.agreement.cir, learned.get(session as Session)), Buffer.from(line)),
    close: session => learned.delete(session as Session),
  })
  let pushes = 0
  cir.use('WAPUDP', {
    addresses: () => ({}),
    knock: ({ agreement: { cir: terms } }, line) => {
      if (terms === undefined) return false
      pushes = (pushes + 1) % 256
      return sendTo({ address: unmapped(terms.address), port: wapPushPort }, wapPush(pushes, line))
    },
  })
  return { port: socket.address().port, close: () => closed(socket) }
}

const placeOf = (terms: CirTerms | undefined, learned: Place | undefined): Place | undefined =>
  terms === undefined || terms.udpPort === 0 ? learned : { address: unmapped(terms.address), port: terms.udpPort }

/** An IPv4 address as a listener for both kinds sees it. */
const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')

/**
 * WSP Push without a connection: its number and kind, the length of the headers, the content type of CIR (0x46) and the
 * application that is meant, `x-wap-application:wv.ua` (0x0A); then the line.
 */
export const wapPush = (number: number, line: string): Uint8Array =>
  Buffer.concat([Buffer.from([number, 0x06, 0x03, 0xc6, 0xaf, 0x8a]), Buffer.from(line)])

const closed = (socket: Socket) => new Promise<void>(done => socket.close(() => done()))
