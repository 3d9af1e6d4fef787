import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { AdminCall } from './call.ts'
import { check } from './check.ts'
import { parseOwnUserId } from './own-user-id.ts'
import { UserRefusal } from './user-refusal.ts'

/** A System Message (CSP 7.1) as operators write it. */
export interface Announcement {
  /** User ids; all users, if left out together with `all: true`. */
  readonly to?: readonly string[] | undefined
  readonly all?: boolean | undefined
  readonly text: string
  /** Until it is answered, the user's clients can do nothing else. */
  readonly requireAnswer?: boolean | undefined
  readonly options?: readonly string[] | undefined
  readonly verification?: { readonly text?: string; readonly url?: string; readonly key: string } | undefined
  readonly validitySeconds?: number | undefined
}

export interface AnnouncementOutcome {
  readonly id: string
  readonly recipients: number
  /** No such account, or too many announcements wait there. */
  readonly unreached: readonly string[]
}

export interface AnnouncementAdmin {
  /** Refuses `BadRequest`, `BadUserId`, `ForeignDomain`. */
  send(announcement: Announcement): Promise<AnnouncementOutcome>
}

/** What the services do with it; `to` is undefined for all users. */
export type Announce = (
  announced: {
    readonly text: string
    readonly requiresResponse: boolean
    readonly options: readonly string[]
    readonly verification: { readonly text?: string; readonly url?: string; readonly key: string } | undefined
  },
  to: readonly string[] | undefined,
  validitySeconds: number | undefined,
) => Promise<AnnouncementOutcome>

export const createAnnouncementAdmin = (announce: Announce, domains: readonly string[]): AnnouncementAdmin => ({
  send: async ({ to, all = false, text, requireAnswer = false, options = [], verification, validitySeconds }) => {
    if ((to === undefined || to.length === 0) !== all)
      throw new UserRefusal('BadRequest', 'Say for whom it is: name users in "to", or set "all" to true.')
    const userIds = to && [...new Set(to.map(userId => parseOwnUserId(userId, domains).key))]
    const announced = { text, requiresResponse: requireAnswer, options, verification }
    return announce(announced, all ? undefined : userIds, validitySeconds)
  },
})

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

/** POST /announcements. */
export const announcementRoutes = (app: FastifyInstance, announcements: AnnouncementAdmin): void => {
  app.post('/announcements', async (request, reply) => {
    const about = `{ "to": [user ids] or "all": true, "text": 1 to ${mostCharacters} characters, "requireAnswer"?, "options"?, "verification"?: { "text" or "url", "key" }, "validitySeconds"? }`
    return reply.code(201).send(await announcements.send(check(form, request.body, about)))
  })
}

/** Announcements by a running server, over its admin API. */
export const announcementClient = (call: AdminCall): AnnouncementAdmin => ({
  send: announcement => call('POST', '/announcements', announcement),
})
