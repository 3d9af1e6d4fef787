import {
  contentTypeOf,
  decode,
  encode,
  Malformed,
  type Message,
  type MessageInput,
  type Syntax,
  type Version,
} from '@village/protocol'
import { TransportFailed } from './failures.ts'
import { streamed } from './streamed-upload.ts'

export interface WireOptions {
  readonly url: string
  readonly version: Version
  readonly syntax: Syntax
  readonly fetch: typeof fetch
  /** Octets of the longest reply that is read. */
  readonly maxReplyBytes: number
  /** Whether a body may be a stream, so that it can be told how much of it has left. */
  readonly streamsUploads: boolean
}

export interface ExchangeLimits {
  /** Milliseconds until the reply has to be there. */
  readonly timeout: number
  readonly signal?: AbortSignal | undefined
  readonly onSent?: OnSent | undefined
}

/** Told how many octets of a message have been handed to the network so far. */
export type OnSent = (octets: number) => void

type Body = string | Uint8Array<ArrayBuffer>
type Posted = Pick<MessageInput, 'sessionId' | 'transactions'>

/** CSP over HTTP (CSP Trans): one message there, one back, or an empty reply. Knows neither sessions nor repeats. */
export class Wire {
  readonly url: string
  readonly version: Version
  readonly syntax: Syntax
  readonly maxReplyBytes: number
  readonly #fetch: typeof fetch
  readonly #streamsUploads: boolean

  constructor({ url, version, syntax, fetch, maxReplyBytes, streamsUploads }: WireOptions) {
    this.url = url
    this.version = version
    this.syntax = syntax
    this.#fetch = fetch
    this.maxReplyBytes = maxReplyBytes
    this.#streamsUploads = streamsUploads
  }

  /**
   * Posts one message; resolves to the reply, undefined where it was empty.
   * @throws TransportFailed for anything but a readable reply
   */
  async exchange(posted: Posted, limits: ExchangeLimits): Promise<Message | undefined> {
    const body = encode({ ...posted, version: this.version, syntax: this.syntax })
    const reply = await this.#post(body as Body, limits)
    if (reply.length === 0) return undefined
    try {
      return decode(reply)
    } catch (fault) {
      if (!(fault instanceof Malformed)) throw fault
      throw new TransportFailed(this.url, `the reply is no CSP message: ${fault.message}`, {
        isPassing: false,
        cause: fault,
      })
    }
  }

  /** GETs an address that answers with nothing but a status; resolves to that, 0 where none came in time. */
  async status(url: string, { timeout, signal }: ExchangeLimits): Promise<number> {
    const late = AbortSignal.timeout(timeout)
    try {
      const response = await this.#fetch(url, {
        cache: 'no-store',
        signal: signal ? AbortSignal.any([signal, late]) : late,
      })
      await response.body?.cancel()
      return response.status
    } catch {
      return 0
    }
  }

  async #post(body: Body, { timeout, signal, onSent }: ExchangeLimits): Promise<Uint8Array> {
    const late = AbortSignal.timeout(timeout)
    try {
      const response = await this.#fetch(this.url, {
        method: 'POST',
        ...this.#upload(body, onSent),
        signal: signal ? AbortSignal.any([signal, late]) : late,
      })
      if (response.status !== 200) {
        await response.body?.cancel()
        throw this.#refused(response.status)
      }
      return await this.#read(response)
    } catch (failure) {
      if (failure instanceof TransportFailed) throw failure
      const why = late.aborted ? `no reply within ${timeout / 1000} s` : 'cannot be reached'
      throw new TransportFailed(this.url, why, { isPassing: true, cause: failure })
    }
  }

  #upload(body: Body, onSent: OnSent | undefined): RequestInit {
    const headers = { 'content-type': contentTypeOf(this.syntax, this.version) }
    if (onSent === undefined || !this.#streamsUploads) return { headers, body }
    const octets = typeof body === 'string' ? new TextEncoder().encode(body) : body
    return streamed(octets, headers, onSent)
  }

  /** IMPS errors come with HTTP 200; other statuses are those of HTTP servers and proxies. */
  #refused(httpStatus: number): TransportFailed {
    const isPassing = httpStatus >= 500 || httpStatus === 429 || httpStatus === 408
    const why = httpStatus === 413 ? ': the message is longer than the server reads' : ''
    return new TransportFailed(this.url, `HTTP status ${httpStatus}${why}`, { httpStatus, isPassing })
  }

  async #read(response: Response): Promise<Uint8Array> {
    // Browsers differ in whether streams can be iterated, so they are read by hand.
    const reader = response.body?.getReader()
    const chunks: Uint8Array[] = []
    let length = 0
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      chunks.push(next.value)
      length += next.value.length
      if (length > this.maxReplyBytes) {
        await reader?.cancel()
        throw new TransportFailed(this.url, `the reply is longer than ${this.maxReplyBytes} octets`, {
          isPassing: false,
        })
      }
    }
    return joined(chunks, length)
  }
}

const joined = (chunks: readonly Uint8Array[], length: number): Uint8Array => {
  if (chunks.length === 1) return chunks[0]!
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
