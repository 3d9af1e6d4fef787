import { randomUUID } from 'node:crypto'
import helmet from '@fastify/helmet'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { TooBusy } from '../credentials/gate.ts'
import { StoreUnavailable } from '../store/database.ts'
import type { Health } from '../telemetry/health.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { isAuthorized } from './token.ts'
import { UserRefusal, type UserRefusalCode } from './user-refusal.ts'
import { userRoutes } from './user-routes.ts'
import type { UserAdmin } from './users.ts'

interface AdminAppOptions {
  readonly users: UserAdmin
  /** Each adds the routes of one subject. */
  readonly routes?: readonly ((app: FastifyInstance) => void)[] | undefined
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>
  readonly health: () => Promise<Health>
  readonly token: string
  readonly log: Log
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Open without a token to callers on this machine. */
    readonly openOnLoopback?: boolean
  }
}

const largestBodyBytes = 16_384
/** Users have ids of up to 200 characters, each possibly escaped twice. */
const longestParameter = 2000
const requestTimeoutMs = 30_000

/**
 * The admin API, not yet listening. Errors are `{ error, hint }`: a name for programs, a sentence for people.
 * It has no way to read a password, and holds no state of its own.
 */
export const createAdminApp = async (options: AdminAppOptions): Promise<FastifyInstance> => {
  const { users, routes = [], metrics, health, token, log } = options
  const app = fastify({
    bodyLimit: largestBodyBytes,
    requestTimeout: requestTimeoutMs,
    routerOptions: { maxParamLength: longestParameter },
    // Connections kept alive by a console must not hold up the end of the server.
    forceCloseConnections: true,
  })
  await app.register(helmet)

  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.openOnLoopback && isLoopback(request)) return
    if (isAuthorized(request.headers.authorization, token)) return
    reply.header('www-authenticate', 'Bearer')
    throw new UserRefusal(
      'Unauthorized',
      'Send "Authorization: Bearer" with the text of admin-token in the data folder.',
    )
  })

  app.setErrorHandler((error, request, reply) => {
    const { status, body } = answerFor(error)
    if (status < 500) return reply.code(status).send(body)
    const incidentId = randomUUID()
    const { method } = request
    log.error('admin request failed', { incidentId, error, method, path: request.routeOptions.url, status })
    return reply.code(status).send({ ...body, incidentId })
  })
  app.setNotFoundHandler((_, reply) =>
    reply.code(404).send({
      error: 'NotFound',
      hint: 'There is nothing here. docs/operating.md lists the routes.',
    }),
  )

  app.get('/healthz', { config: { openOnLoopback: true } }, async (_, reply) => {
    const report = await health()
    return reply.code(report.ok ? 200 : 503).send(report)
  })
  app.get('/metrics', { config: { openOnLoopback: true } }, async (_, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  )
  userRoutes(app, users)
  for (const add of routes) add(app)
  return app
}

const isLoopback = ({ ip }: FastifyRequest): boolean => /^(127\.|::1$|::ffff:127\.)/.test(ip)

const statusOf: Readonly<Record<UserRefusalCode, number>> = {
  BadRequest: 400,
  BadUserId: 400,
  ForeignDomain: 400,
  WeakPassword: 400,
  Unauthorized: 401,
  NoSuchAccount: 404,
  NoSuchSession: 404,
  NoSuchAnnouncement: 404,
  NoSuchTrace: 404,
  NoSuchList: 404,
  AccountExists: 409,
  TooManyTraces: 409,
  ListExists: 409,
  TooManyLists: 409,
  TooManyContacts: 409,
  TooBusy: 503,
}

const answerFor = (error: unknown): { status: number; body: { error: string; hint: string } } => {
  if (error instanceof UserRefusal) {
    return { status: statusOf[error.code], body: { error: error.code, hint: error.message } }
  }
  if (error instanceof TooBusy) {
    return { status: 503, body: { error: 'TooBusy', hint: 'Too many passwords are being checked. Try again soon.' } }
  }
  if (error instanceof StoreUnavailable) {
    return { status: 503, body: { error: 'StoreUnavailable', hint: 'The store does not answer. See the server log.' } }
  }
  // Of what Fastify finds wrong with a request only the status is told: its sentences can quote the body.
  const { statusCode = 500 } = error as { statusCode?: number }
  if (statusCode >= 400 && statusCode < 500) {
    const hint = framing[statusCode] ?? 'The request cannot be read. Send valid JSON, or no body at all.'
    return { status: statusCode, body: { error: 'BadRequest', hint } }
  }
  return { status: 500, body: { error: 'Unexpected', hint: 'The server log tells more under the incident id.' } }
}

const framing: Readonly<Record<number, string>> = {
  413: `The body is longer than ${largestBodyBytes} bytes.`,
  415: 'Send the body as application/json.',
}
