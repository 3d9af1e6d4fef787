import { createServer, type Server, type Socket } from 'node:net'
import type { Cir } from '../../csp/cir.ts'
import type { Session } from '../../csp/session.ts'
import type { Log } from '../../telemetry/log.ts'
import { hostOf } from './host-of.ts'
import { idInHello, makeLineReader } from './lines.ts'
import { type SourceLimits, Sources } from './sources.ts'

export interface StcpOptions {
  readonly cir: Cir
  readonly log: Log
  /** What clients are told to connect to; undefined: the host by which they know the server. */
  readonly publicAddress?: string | undefined
  readonly limits?: Partial<StcpLimits> | undefined
}

interface StcpLimits extends SourceLimits {
  /** Milliseconds until a new connection has to have said HELO. */
  readonly hello: number
  /** Connections altogether. */
  readonly connections: number
  /** Sessions on one connection. */
  readonly sessions: number
}

const usualLimits: StcpLimits = {
  strangers: 256,
  wrongIdsPerMinute: 30,
  hello: 30_000,
  connections: 50_000,
  sessions: 32,
}

/** After so much silence the system asks whether the other side is still there. */
const probeMilliseconds = 120_000
/** Octets that may wait for a client which does not read. */
const mostUnread = 16_384
/** Lines that may wait while the session of a HELO is looked up. */
const mostLines = 64

/** One connection, and the sessions that were named on it. */
interface Channel {
  readonly socket: Socket
  readonly sessions: Set<Session>
}

/**
 * CIR over a TCP connection that the client holds open (CSP Trans, STCP). `HELO <Session-ID>` is answered with OK, as is
 * whatever comes later, since that keeps the connection alive; a Session-ID that leads nowhere closes the connection
 * without a word. Several sessions can be named one after the other. A second connection of a session takes the place
 * of the first, which is most often one that has died and does not know it.
 */
export function createStcp(options: StcpOptions): { readonly server: Server; close(): Promise<void> } {
  const { cir, log, publicAddress } = options
  const limits = { ...usualLimits, ...options.limits }
  const sources = new Sources(limits, () => performance.now())
  const channels = new Map<Session, Channel>()
  const sockets = new Set<Socket>()

  const say = ({ socket }: Channel, line: string): boolean => {
    if (!socket.writable) return false
    if (socket.writableLength > mostUnread) {
      socket.destroy()
      return false
    }
    socket.write(`${line}\r\n`)
    return true
  }

  const release = (session: Session) => {
    const channel = channels.get(session)
    if (channel === undefined) return
    channels.delete(session)
    channel.sessions.delete(session)
    if (channel.sessions.size === 0) channel.socket.destroySoon()
  }

  /** @returns whether the connection may go on */
  const hello = async (channel: Channel, sessionId: string): Promise<boolean> => {
    const session = await cir.find(sessionId, 'STCP')
    if (session === undefined || channel.socket.destroyed) return false
    if (channels.get(session) !== channel) {
      if (channel.sessions.size >= limits.sessions) return false
      release(session)
      channels.set(session, channel)
      channel.sessions.add(session)
    }
    say(channel, 'OK')
    cir.onOpened(session)
    return true
  }

  const server = createServer({ keepAlive: true, keepAliveInitialDelay: probeMilliseconds, noDelay: true }, socket => {
    const address = socket.remoteAddress ?? 'unknown'
    if (!sources.enter(address)) return void socket.destroy()
    sockets.add(socket)
    const channel: Channel = { socket, sessions: new Set() }
    const read = makeLineReader()
    let isStranger = true
    const introduced = () => {
      if (isStranger) sources.leave(address)
      isStranger = false
      clearTimeout(deadline)
    }
    const deadline = setTimeout(() => socket.destroy(), limits.hello)

    const take = async (line: string) => {
      const sessionId = idInHello(line)
      if (sessionId === undefined) {
        if (isStranger || !say(channel, 'OK')) socket.destroy()
      } else if (await hello(channel, sessionId)) introduced()
      else {
        sources.wrong(address)
        socket.destroy()
      }
    }
    let waiting = 0
    let last = Promise.resolve()
    socket.on('data', octets => {
      const lines = read(octets)
      waiting += lines?.length ?? 0
      if (lines === undefined || waiting > mostLines) return void socket.destroy()
      for (const line of lines)
        last = last
          .then(() => (socket.destroyed ? undefined : take(line)))
          .catch(error => {
            log.error('A session could not be looked up', { transport: 'stcp', error })
            socket.destroy()
          })
          .finally(() => waiting--)
    })
    socket.on('error', () => socket.destroy()) // it breaks; the client comes again
    socket.on('close', () => {
      introduced()
      sockets.delete(socket)
      for (const session of channel.sessions) if (channels.get(session) === channel) channels.delete(session)
    })
  })
  server.maxConnections = limits.connections

  cir.use('STCP', {
    addresses: (_, { origin }) => {
      const at = server.address()
      if (at === null || typeof at === 'string') return undefined
      const tcpAddress = publicAddress ?? hostOf(origin) ?? at.address
      return { tcpAddress, tcpPort: at.port }
    },
    knock: (session, line) => {
      const channel = channels.get(session as Session)
      return channel !== undefined && say(channel, line)
    },
    isConnected: session => channels.has(session as Session),
    close: session => release(session as Session),
  })
  const close = () =>
    new Promise<void>(done => {
      server.close(() => done())
      for (const socket of sockets) socket.destroy()
    })
  return { server, close }
}
