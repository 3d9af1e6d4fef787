import type { Message, MessageInput, Syntax, Version } from '@village/protocol'
import { type LoginOptions, login } from './login.ts'
import { Session } from './session.ts'
import type { Ticket } from './ticket.ts'
import { Wire } from './wire.ts'

export interface ConnectOptions {
  /** Where the server listens for IMPS over HTTP, as in `http://127.0.0.1:8080/imps`. */
  readonly url: string
  /** Version of CSP: 1.3. It stays the same for a whole session (CSP 5.1). */
  readonly version?: Version | undefined
  /** How messages are written: WBXML, which is small, or XML, which can be read. */
  readonly syntax?: Syntax | undefined
  /** Used instead of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined
  /** Milliseconds to wait for an answer before asking again: 20000 (CSP 5.4). */
  readonly answerMilliseconds?: number | undefined
  /** How often one request is sent at most: 3. */
  readonly attempts?: number | undefined
  /**
   * `streamed`: what is sent with `onProgress` goes as a stream, so that progress is told while it leaves. Node can do
   * that; browsers do it over HTTP/2 at most, and fail otherwise. `whole` (default) tells of the end alone.
   */
  readonly uploads?: 'streamed' | 'whole' | undefined
  /** Octets of the longest reply that is read: 4 MiB. */
  readonly maxReplyBytes?: number | undefined
}

/** Where a server is and how it is spoken to. Sends nothing by itself. */
export class Connection {
  readonly version: Version
  readonly syntax: Syntax
  readonly #wire: Wire
  readonly #options: { url: string; answerMilliseconds: number; attempts: number }

  constructor(options: ConnectOptions) {
    const { url, version = '1.3', syntax = 'wbxml', answerMilliseconds = 20_000, attempts = 3 } = options
    this.version = version
    this.syntax = syntax
    this.#wire = new Wire({
      url,
      version,
      syntax,
      // Browsers insist on being asked as the window's own method.
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      maxReplyBytes: options.maxReplyBytes ?? 4 * 1024 * 1024,
      streamsUploads: options.uploads === 'streamed',
    })
    this.#options = { url, answerMilliseconds, attempts }
  }

  /**
   * Opens a session (CSP 6.4). Call `negotiate` on it next.
   * @throws RequestFailed if the server says no, TransportFailed if it cannot be reached
   */
  async login(options: LoginOptions): Promise<Session> {
    // A session taken up again has seen Transaction-IDs that are not known here.
    const numbering = options.resume === undefined ? { prefix: '', count: 1 } : { prefix: freshPrefix(), count: 1 }
    const ask = { transactionId: `${numbering.prefix}1`, timeout: this.#options.answerMilliseconds }
    const { sessionId, clientId, keepAliveSeconds, registered } = await login(this.#wire, options, ask)
    const ticket = { sessionId, clientId, keepAliveSeconds, userId: registered?.userId ?? options.userId }
    return new Session(ticket, { ...this.#options, wire: this.#wire, registered }, numbering)
  }

  /** See {@link Session.resume}. */
  resume(ticket: Ticket): Session {
    return new Session(ticket, { ...this.#options, wire: this.#wire }, { prefix: freshPrefix(), count: 0 })
  }

  /**
   * Posts one message as it is and resolves to the reply, undefined where that is empty: for version discovery
   * (CSP 6.3) and for looking at servers closely.
   * @param timeout milliseconds
   * @throws TransportFailed
   */
  exchange(message: Pick<MessageInput, 'sessionId' | 'transactions'>, timeout = this.#options.answerMilliseconds) {
    return this.#wire.exchange(message, { timeout }) satisfies Promise<Message | undefined>
  }
}

const freshPrefix = () => `${globalThis.crypto.randomUUID().slice(0, 8)}-`

/** Describes a server; see the example at the top of this package. */
export const connect = (options: ConnectOptions): Connection => new Connection(options)
