import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { bareType, syntaxOfContentType } from '@village/protocol'
import type { Receive } from '../../csp/receive.ts'
import { empty, type Outbound } from '../../csp/reply.ts'
import { StoreUnavailable } from '../../store/database.ts'
import type { Log } from '../../telemetry/log.ts'
import { type Shttp, shttpPath } from '../cir/shttp.ts'
import { readBody } from './body.ts'
import { CrossOrigin } from './cross-origin.ts'
import { HttpPeer } from './http-peer.ts'

export interface HttpOptions {
  readonly receive: Receive
  readonly log: Log
  /** Octets; longer bodies are answered with 413 and not read. */
  readonly maxBodyBytes: number
  /** Answers those who ask whether there is something to poll for. */
  readonly shttp?: Pick<Shttp, 'ask'> | undefined
  /** Web pages that may use the server from elsewhere, as in `https://chat.example.com`. */
  readonly allowedOrigins?: readonly string[] | undefined
  /** PEM texts; with them the listener speaks TLS. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined
  /** Finds out a phone's number, where somebody trustworthy says it. */
  readonly msisdnOf?: ((address: string | undefined, headers: IncomingHttpHeaders) => string | undefined) | undefined
  /** What clients may take; the usual limits unless given. */
  readonly limits?: Partial<HttpLimits> | undefined
}

/** In milliseconds, but for the first. */
interface HttpLimits {
  /** Connections altogether; one more is closed at once. */
  readonly connections: number
  /** Until the headers of a request are here. */
  readonly headers: number
  /** Until the whole of it is here. */
  readonly request: number
  /** How long a connection may be without a request. */
  readonly idle: number
  /** How long nothing may move while a request is answered: longer than any question is held, and no client reads so slowly. */
  readonly still: number
  /** How often all connections are looked at for the first two. */
  readonly look: number
}

const usualLimits: HttpLimits = {
  connections: 50_000,
  headers: 10_000,
  request: 30_000,
  idle: 60_000,
  still: 120_000,
  look: 2000,
}

const paths = new Set(['/', '/imps'])

/**
 * The HTTP binding of CSP: one POST carries one message, its answer comes back in the response. 200 with a body is a
 * CSP answer, 200 without one says that there is nothing to say; every other status means that CSP never saw the
 * request.
 */
export function createHttpListener(options: HttpOptions): Server {
  const pages = new CrossOrigin(options.allowedOrigins ?? [])
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response, options, pages).catch(error => {
      const isPassing = error instanceof StoreUnavailable
      if (!isPassing) options.log.error('A request could not be answered', { transport: 'http', error })
      if (!response.headersSent) send(response, empty(isPassing ? 503 : 500))
    })
  }
  const { connections, headers, request, idle, still, look } = { ...usualLimits, ...options.limits }
  const timeouts = {
    headersTimeout: headers,
    requestTimeout: request,
    keepAliveTimeout: idle,
    connectionsCheckingInterval: look,
  }
  const server = options.tls ? createTlsServer({ ...timeouts, ...options.tls }, answer) : createServer(timeouts, answer)
  server.maxHeadersCount = 64
  server.maxConnections = connections
  server.timeout = still
  return server
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpOptions,
  pages: CrossOrigin,
): Promise<void> {
  const path = pathOf(request.url!)
  const isShttp = options.shttp !== undefined && path.startsWith(shttpPath)
  if (!isShttp && !paths.has(path)) return send(response, empty(404))
  pages.mark(request, response)
  if (pages.isPreflight(request, response, isShttp ? 'GET' : 'POST')) return send(response, empty(204))
  if (isShttp) return tell(request, response, options.shttp)
  if (request.method !== 'POST') {
    response.setHeader('Allow', 'POST')
    return send(response, empty(405))
  }
  const contentType = request.headers['content-type']
  if (!isReadable(contentType)) return send(response, empty(415))
  const body = await readBody(request, options.maxBodyBytes)
  if (body === 'aborted') return
  if (body === 'too long') {
    response.setHeader('Connection', 'close') // what is left of the body is not worth reading
    return send(response, empty(413))
  }
  const peer = new HttpPeer(request, options.msisdnOf?.(request.socket.remoteAddress, request.headers))
  const onGone = whenGone(response)
  send(response, await options.receive({ body, contentType, peer, onGone }))
}

const whenGone = (response: ServerResponse) => (run: () => void) => {
  if (response.destroyed) run()
  else
    response.on('close', () => {
      if (!response.writableFinished) run()
    })
}

/** Whether a client should poll (CSP Trans, SHTTP): a status is all that is said. */
async function tell(request: IncomingMessage, response: ServerResponse, shttp: Pick<Shttp, 'ask'>): Promise<void> {
  if (request.method !== 'GET') {
    response.setHeader('Allow', 'GET')
    return send(response, empty(405))
  }
  const address = request.socket.remoteAddress ?? 'unknown'
  const status = await shttp.ask(pathOf(request.url!).slice(shttpPath.length), address, whenGone(response))
  response.setHeader('Cache-Control', 'no-store')
  send(response, empty(status))
}

/** Nearly all ask for a path and nothing else. Gateways also send the whole address (RFC 9112 3.2.2). */
const pathOf = (target: string): string =>
  paths.has(target) ? target : target.replace(/^https?:\/\/[^/?]*/i, '').split('?', 1)[0] || '/'

const generic = new Set(['application/octet-stream', 'text/plain', 'application/x-www-form-urlencoded'])

/** CSP in XML or WBXML under any of its names; missing and generic types are left to a look at the body. */
const isReadable = (contentType: string | undefined): boolean =>
  contentType === undefined || syntaxOfContentType(contentType) !== undefined || generic.has(bareType(contentType))

/**
 * COMPAT: phones take an empty body for one only if its length is stated, so it always is. Octets are sent as the
 * characters of their codes, for Node.js puts text into one write with the headers, and octets into one of their own.
 */
function send(response: ServerResponse, { status, contentType, body, onLost, onSent }: Outbound): void {
  if (response.destroyed) {
    onLost?.()
    return
  }
  const text = typeof body === 'string' ? body : latin1(body)
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
  const headers: OutgoingHttpHeaders = { 'Content-Length': length }
  if (contentType !== undefined && length > 0) headers['Content-Type'] = contentType
  response.writeHead(status, headers)
  if (onLost !== undefined || onSent !== undefined)
    response.on('close', () => {
      if (response.writableFinished) onSent?.()
      else onLost?.()
    })
  response.end(text, length === text.length ? 'latin1' : 'utf8')
}

const latin1 = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('latin1')
