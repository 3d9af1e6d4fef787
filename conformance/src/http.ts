import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { request as requestTls, Agent as TlsAgent } from 'node:https'

/** One HTTP exchange, as bare as it goes: what a phone's stack does, with every header in the caller's hand. */

export interface HttpRequest {
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | Uint8Array | undefined
  /** Sends the headers only and waits for what the server makes of them. */
  readonly withholdBody?: boolean | undefined
}

export interface HttpReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
  /** Whether the server said `100 Continue` before it answered. */
  readonly hasContinued: boolean
}

export interface HttpClient {
  /** @throws Error when there is no answer within 20 seconds (CSP 5.4), or no connection */
  exchange(request: HttpRequest): Promise<HttpReply>
  close(): void
}

const answerMilliseconds = 20_000

export function createHttpClient(url: string): HttpClient {
  const isTls = url.startsWith('https:')
  const agent = isTls ? new TlsAgent({ keepAlive: true }) : new Agent({ keepAlive: true })
  const start = isTls ? requestTls : request

  const exchange = ({ method = 'POST', headers = {}, body = '', withholdBody }: HttpRequest) =>
    new Promise<HttpReply>((resolve, reject) => {
      const octets = typeof body === 'string' ? Buffer.from(body) : body
      let hasContinued = false
      const sending = start(url, {
        method,
        agent,
        headers: { 'Content-Length': String(octets.length), ...headers },
        timeout: answerMilliseconds,
      })
      sending.on('continue', () => {
        hasContinued = true
        sending.end(octets)
      })
      sending.on('response', response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const { statusCode: status = 0, headers: received } = response
          resolve({ status, headers: received, body: new Uint8Array(Buffer.concat(chunks)), hasContinued })
          if (withholdBody) sending.destroy()
        })
      })
      sending.on('timeout', () => sending.destroy(new Error(`no answer within ${answerMilliseconds / 1000} seconds`)))
      sending.on('error', reject)
      if (withholdBody || headers.Expect !== undefined) sending.flushHeaders()
      else sending.end(octets)
    })

  return { exchange, close: () => agent.destroy() }
}
