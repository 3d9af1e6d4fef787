import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { AnnouncementAdmin } from './announcements.ts'
import { type AdminCall, withQuery } from './call.ts'
import { check } from './check.ts'

/** What all clients should be able to show (CSP 7.1.1); 128 characters are what they must. */
const mostCharacters = 512
const words = (most: number) => z.string().trim().min(1).max(most)

const form = z.strictObject({
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
  validitySeconds: z.int().min(60).max(31_536_000).optional(),
})

const limit = z.coerce.number().int().min(1).max(500).optional()
const sequence = z.string().regex(/^\d{1,15}$/, 'must be the next of the page before')
const page = z.strictObject({ after: sequence.optional(), limit })
const answerPage = z.strictObject({ after: z.string().optional(), limit })
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
