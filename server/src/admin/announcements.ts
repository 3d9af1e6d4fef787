import { type AnnouncementRecord, type Announcements, cannotShow } from '../store/announcements.ts'
import { parseOwnUserId } from './own-user-id.ts'
import { defaultPageSize, type PageRequest } from './page.ts'
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

export interface ListedAnnouncement {
  readonly id: string
  readonly text: string
  /** ISO 8601, like the other times. */
  readonly sentAt: string
  readonly validUntil: string
  readonly requireAnswer: boolean
  readonly options: readonly string[]
  /** How many users have got it. */
  readonly recipients: number
  /** How many of them have answered. */
  readonly answered: number
}

export interface AnnouncementPage {
  /** The latest first. */
  readonly announcements: readonly ListedAnnouncement[]
  /** What to give as `after` for the next page; null when there is none. */
  readonly next: number | null
}

export interface ShownAnnouncement extends ListedAnnouncement {
  /** How many users chose each of the options, in their order. */
  readonly chosen: readonly number[]
  /** How many users have not answered because their client cannot show it. */
  readonly unshown: number
  /** In the order of user ids. */
  readonly answers: readonly ShownAnswer[]
  readonly next: string | null
}

export interface ShownAnswer {
  readonly userId: string
  /** Null for an answer without a choice. */
  readonly option: string | null
  readonly answeredAt: string
  /** There was no answer: the user's client has said that it cannot show it (439). */
  readonly isUnshown: boolean
}

export interface AnnouncementAdmin {
  /** Refuses `BadRequest`, `BadUserId`, `ForeignDomain`. */
  send(announcement: Announcement): Promise<AnnouncementOutcome>
  /** Those that are not forgotten yet. */
  list(page: PageRequest<number>): Promise<AnnouncementPage>
  /** One of them, with a page of its answers. Refuses `NoSuchAnnouncement`. */
  show(id: string, page: PageRequest): Promise<ShownAnnouncement>
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

interface AnnouncementAdminOptions {
  readonly announce: Announce
  readonly records: Pick<Announcements, 'list' | 'find' | 'tally' | 'answers'>
  readonly domains: readonly string[]
  readonly now: () => number
}

export const createAnnouncementAdmin = ({
  announce,
  records,
  domains,
  now,
}: AnnouncementAdminOptions): AnnouncementAdmin => ({
  send: async ({ to, all = false, text, requireAnswer = false, options = [], verification, validitySeconds }) => {
    if ((to === undefined || to.length === 0) !== all)
      throw new UserRefusal('BadRequest', 'Say for whom it is: name users in "to", or set "all" to true.')
    const userIds = to && [...new Set(to.map(userId => parseOwnUserId(userId, domains).key))]
    const announced = { text, requiresResponse: requireAnswer, options, verification }
    return announce(announced, all ? undefined : userIds, validitySeconds)
  },

  list: async ({ after, limit = defaultPageSize }) => {
    const found = await records.list(after, limit + 1, now())
    const page = found.slice(0, limit)
    return { announcements: page.map(listed), next: found.length > limit ? page.at(-1)!.sequence : null }
  },

  show: async (id, { after = '', limit = defaultPageSize }) => {
    const record = await records.find(id, now())
    if (record === undefined)
      throw new UserRefusal(
        'NoSuchAnnouncement',
        `There is no announcement ${id}, or it is forgotten. "village announcement list" tells which there are.`,
      )
    const { options } = record
    const tally = new Map((await records.tally(id)).map(({ choice, count }) => [choice, count]))
    const found = await records.answers(id, after, limit + 1)
    const page = found.slice(0, limit)
    return {
      ...listed(record),
      chosen: options.map((_, index) => tally.get(index + 1) ?? 0),
      unshown: tally.get(cannotShow) ?? 0,
      answers: page.map(({ userId, choice, answeredAt }) => ({
        userId,
        option: choice === null ? null : (options[choice - 1] ?? null),
        answeredAt: new Date(answeredAt).toISOString(),
        isUnshown: choice === cannotShow,
      })),
      next: found.length > limit ? page.at(-1)!.userId : null,
    }
  },
})

const listed = ({ sentAt, expiresAt, requiresResponse, ...record }: AnnouncementRecord): ListedAnnouncement => ({
  id: record.id,
  text: record.text,
  sentAt: new Date(sentAt).toISOString(),
  validUntil: new Date(expiresAt).toISOString(),
  requireAnswer: requiresResponse,
  options: record.options,
  recipients: record.recipients,
  answered: record.answered,
})
