import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { AnnouncementAdmin } from './announcements.ts'
import { type AdminCall, withQuery } from './call.ts'
import { check } from './check.ts'
import { limit, object, sequence, text, wholeNumber, words } from './forms.ts'

/** What all clients should be able to show (CSP 7.1.1); 128 characters are what they must. */
const mostCharacters = 512

const form = object({
  to: z.array(z.string()).max(100).optional(),
  all: z.boolean().optional(),
  text: words(mostCharacters),
  requireAnswer: z.boolean().optional(),
  options: z.array(words(64)).max(10).optional(),
  verification: z
    .union([
      z.strictObject({ text: words(mostCharacters), key: words(64) }),
      z.strictObject({ url: z.url().max(mostCharacters), key: words(64) }),
    ])
    .optional(),
  validitySeconds: wholeNumber(60, 31_536_000).optional(),
})

const page = object({ after: sequence, limit })
const answerPage = object({ after: text.optional(), limit })
const named = z.object({ id: z.string() })

/** POST and GET /announcements, GET /announcements/:id. */
export const announcementRoutes = (app: FastifyInstance, announcements: AnnouncementAdmin): void => {
  app.post('/announcements', async (request, reply) => {
    const about = `{ "to": [user ids] or "all": true, "text": 1 to ${mostCharacters} characters, "requireAnswer"?, "options"?, "verification"?: { "text" or "url", "key" }, "validitySeconds"? }`
    return reply.code(201).send(await announcements.send(check(form, request.body, about)))
  })

  app.get('/announcements', async request =>
    announcements.list(check(page, request.query, 'after=<next of the page before>, limit=<1 to 500>')),
  )

  app.get('/announcements/:id', async request => {
    const { id } = check(named, request.params, '/announcements/<id>')
    return announcements.show(id, check(answerPage, request.query, 'after=<user id>, limit=<1 to 500>'))
  })
}

/** The announcements of a running server, over its admin API. */
export const announcementClient = (call: AdminCall): AnnouncementAdmin => ({
  send: announcement => call('POST', '/announcements', announcement),
  list: ({ after, limit }) => call('GET', withQuery('/announcements', { after, limit })),
  show: (id, { after, limit }) => call('GET', withQuery(`/announcements/${encodeURIComponent(id)}`, { after, limit })),
})
