import type { FastifyInstance } from 'fastify'
import { type AdminCall, withQuery } from './call.ts'
import { check } from './check.ts'
import { limit, named, object, sequence } from './forms.ts'
import type { QueueAdmin } from './queues.ts'

const few = object({ limit })
const page = object({ after: sequence, limit })

/** GET /queues, GET and DELETE /queues/:user. */
export const queueRoutes = (app: FastifyInstance, queues: QueueAdmin): void => {
  const userIn = (params: unknown) => check(named, params, '/queues/<user id>').user

  app.get('/queues', async request => queues.longest(check(few, request.query, 'limit=<1 to 500>').limit))

  app.get('/queues/:user', async request =>
    queues.list(
      userIn(request.params),
      check(page, request.query, 'after=<next of the page before>, limit=<1 to 500>'),
    ),
  )

  app.delete('/queues/:user', async request => queues.clear(userIn(request.params)))
}

/** The queues of a running server, over its admin API. */
export const queueClient = (call: AdminCall): QueueAdmin => {
  const pathOf = (user: string) => `/queues/${encodeURIComponent(user)}`
  return {
    longest: limit => call('GET', withQuery('/queues', { limit })),
    list: (user, { after, limit }) => call('GET', withQuery(pathOf(user), { after, limit })),
    clear: user => call('DELETE', pathOf(user)),
  }
}
