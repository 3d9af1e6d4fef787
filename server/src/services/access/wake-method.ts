import type { Peer, SessionView } from '../context.ts'

/** Ways in which a server can tell a client to poll (CSP 6.9.1, SupportedCIRMethod). */
export type CirMethod = 'STCP' | 'SHTTP' | 'SUDP' | 'WAPUDP' | 'SSMS' | 'WAPSMS'

/** What a client is told so that it can be reached in a certain way; each part belongs to one method. */
export interface CirAddresses {
  readonly tcpAddress?: string | undefined
  readonly tcpPort?: number | undefined
  readonly udpAddress?: string | undefined
  readonly udpPort?: number | undefined
  readonly cirHttpAddress?: string | undefined
  readonly cirSmsAddress?: string | undefined
}

/** One way to wake clients. It knows how, and neither when nor why. */
export interface WakeMethod {
  /** What the client of this session needs to know; undefined where it cannot be reached from here. */
  addresses(session: SessionView, peer: Peer): CirAddresses | undefined
  /**
   * Tells a client to poll, if it can be reached now. Never waits.
   * @param line the whole of what is ever said on such a channel: no content, and no secret
   * @returns whether it was sent; it may still be lost
   */
  knock(session: SessionView, line: string): boolean
  /** Whether the client has set up a channel that it holds open; undefined where there is no such thing. */
  isConnected?(session: SessionView): boolean
  /** The session is over: lets go of everything that belongs to it. */
  close?(session: SessionView): void
}

/** The methods that work at present. */
export type WakeMethods = ReadonlyMap<string, WakeMethod>
