import type { IncomingMessage, ServerResponse } from 'node:http'

/** Seconds for which a browser need not ask again. */
const rememberSeconds = 7200

/** Pages served from elsewhere whose scripts may speak to this server (Fetch standard, CORS). */
export class CrossOrigin {
  readonly #allowed: ReadonlySet<string>

  /** @param allowed origins as browsers write them: `https://chat.example.com` */
  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed)
  }

  /** Lets the page read the answer, if it is one of those. There are no cookies and no passwords of HTTP to be let in. */
  mark({ headers: { origin } }: IncomingMessage, response: ServerResponse): void {
    if (this.#allowed.size === 0) return
    response.setHeader('Vary', 'Origin')
    if (this.#isAllowed(origin)) response.setHeader('Access-Control-Allow-Origin', origin)
  }

  /** Whether a browser asks if a page may send what no form could; what it needs to know is set. */
  isPreflight({ method, headers }: IncomingMessage, response: ServerResponse, mayUse: 'GET' | 'POST'): boolean {
    const isAsked = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
    if (!isAsked || !this.#isAllowed(headers.origin)) return false
    response.setHeader('Access-Control-Allow-Methods', mayUse)
    response.setHeader('Access-Control-Allow-Headers', 'Content-Type')
    response.setHeader('Access-Control-Max-Age', rememberSeconds)
    return true
  }

  #isAllowed(origin: string | undefined): origin is string {
    return origin !== undefined && this.#allowed.has(origin)
  }
}
