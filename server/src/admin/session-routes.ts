import type { FastifyInstance } from 'fastify'
import { type AdminCall, withQuery } from './call.ts'
import { check } from './check.ts'
import { limit, named, object, text } from './forms.ts'
import type { SessionAdmin } from './sessions.ts'

const page = object({ user: text.optional(), after: text.optional(), limit })
const chosen = object({ client: text.optional() })

/** GET /sessions, DELETE /sessions/:user. */
export const sessionRoutes = (app: FastifyInstance, sessions: SessionAdmin): void => {
  app.get('/sessions', async request =>
    sessions.list(check(page, request.query, 'user=<user id>, after=<next of the page before>, limit=<1 to 500>')),
  )

  app.delete('/sessions/:user', async request => {
    const { user } = check(named, request.params, '/sessions/<user id>')
    return sessions.end(user, check(chosen, request.query, 'client=<client as it is listed>').client)
  })
}

/** The sessions of a running server, over its admin API. */
export const sessionClient = (call: AdminCall): SessionAdmin => ({
  list: ({ user, after, limit }) => call('GET', withQuery('/sessions', { user, after, limit })),
  end: (user, client) => call('DELETE', withQuery(`/sessions/${encodeURIComponent(user)}`, { client })),
})
