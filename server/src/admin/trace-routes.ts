import type { FastifyInstance } from 'fastify'
import { type AdminCall, withQuery } from './call.ts'
import { check } from './check.ts'
import { named, object, sequence } from './forms.ts'
import type { TraceAdmin } from './traces.ts'

const page = object({ after: sequence })

/** GET /traces; PUT, GET and DELETE /traces/:user. */
export const traceRoutes = (app: FastifyInstance, traces: TraceAdmin): void => {
  const userIn = (params: unknown): string => check(named, params, '/traces/<user id>').user

  app.get('/traces', () => traces.list())

  app.put('/traces/:user', request => traces.start(userIn(request.params)))

  app.get('/traces/:user', request => {
    const { after = 0 } = check(page, request.query, 'after=<number of the last entry that is known>')
    return traces.read(userIn(request.params), after)
  })

  app.delete('/traces/:user', async (request, reply) => {
    await traces.stop(userIn(request.params))
    return reply.code(204).send()
  })
}

/** The traces of a running server, over its admin API. */
export const traceClient = (call: AdminCall): TraceAdmin => {
  const pathOf = (userId: string): string => `/traces/${encodeURIComponent(userId)}`
  return {
    list: () => call('GET', '/traces'),
    start: userId => call('PUT', pathOf(userId)),
    read: (userId, after) => call('GET', withQuery(pathOf(userId), { after })),
    stop: userId => call('DELETE', pathOf(userId)),
  }
}
