import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { type AdminCall, withQuery } from './call.ts'
import { check } from './check.ts'
import { limit, named, object, sequence } from './forms.ts'
import type { HistoryAdmin } from './history.ts'

const page = object({ after: sequence, limit })
const time = z.union([z.iso.date(), z.iso.datetime({ offset: true })], 'must be a date or a time')
const chosen = object({ before: time.optional() })

/** GET and DELETE /history/:user. */
export const historyRoutes = (app: FastifyInstance, history: HistoryAdmin): void => {
  app.get('/history/:user', async request => {
    const { user } = check(named, request.params, '/history/<user id>')
    return history.page(user, check(page, request.query, 'after=<next of the page before>, limit=<1 to 500>'))
  })

  app.delete('/history/:user', async request => {
    const { user } = check(named, request.params, '/history/<user id>')
    const { before } = check(chosen, request.query, 'before=<2026-01-31, or 2026-01-31T12:00:00Z>')
    return history.erase(user, before)
  })
}

/** The history kept by a running server, over its admin API. */
export const historyClient = (call: AdminCall): HistoryAdmin => {
  const pathOf = (user: string) => `/history/${encodeURIComponent(user)}`
  return {
    page: (user, { after, limit }) => call('GET', withQuery(pathOf(user), { after, limit })),
    erase: (user, before) => call('DELETE', withQuery(pathOf(user), { before })),
  }
}
