import type { SessionRecord, SessionRecords } from '../store/session-records.ts'
import { parseOwnUserId } from './own-user-id.ts'
import { defaultPageSize, type PageRequest } from './page.ts'
import { UserRefusal } from './user-refusal.ts'

/** What operators see of sessions, and do to them. No Session-ID is told: whoever has it has the session. */
export interface SessionAdmin {
  /** Open sessions, of one user or of all. Refuses `BadUserId`, `ForeignDomain`. */
  list(page: SessionPageRequest): Promise<SessionPage>
  /** Ends the sessions of a user (CSP 6.6: 601), or just that of one client. Refuses as `list`, and `NoSuchSession`. */
  end(userId: string, client?: string): Promise<{ readonly ended: number }>
}

export interface SessionPageRequest extends PageRequest {
  readonly user?: string | undefined
}

export interface SessionPage {
  readonly sessions: readonly ListedSession[]
  /** What to give as `after` for the next page; null when there is none. */
  readonly next: string | null
}

export interface ListedSession {
  readonly userId: string
  /** Names the client among those of the user: `url:…` or `msisdn:…` */
  readonly client: string
  readonly version: string
  readonly syntax: string
  /** ISO 8601 */
  readonly startedAt: string
  /** ISO 8601; may be some seconds behind. */
  readonly lastActivityAt: string
}

interface SessionAdminOptions {
  readonly records: Pick<SessionRecords, 'allOpen' | 'ofUser'>
  readonly domains: readonly string[]
  /** Ends sessions of a user; resolves to how many there were. */
  readonly end: (userId: string, client?: string) => Promise<number>
}

export const createSessionAdmin = ({ records, domains, end }: SessionAdminOptions): SessionAdmin => ({
  list: async ({ user, after = '', limit = defaultPageSize }) => {
    if (user !== undefined) {
      const found = await records.ofUser(parseOwnUserId(user, domains).key)
      return { sessions: found.map(listed), next: null }
    }
    const found = await records.allOpen(after, limit + 1)
    const page = found.slice(0, limit)
    return { sessions: page.map(listed), next: found.length > limit ? (page.at(-1)?.idDigest ?? null) : null }
  },

  end: async (user, client) => {
    const { key } = parseOwnUserId(user, domains)
    const ended = await end(key, client)
    if (ended === 0) {
      const whose = client === undefined ? `${key} has no session` : `${key} has no session with the client ${client}`
      throw new UserRefusal('NoSuchSession', `${whose}. "village session list" tells which there are.`)
    }
    return { ended }
  },
})

const listed = ({ userId, clientKey, version, syntax, startedAt, lastActivityAt }: SessionRecord): ListedSession => ({
  userId,
  client: clientKey,
  version,
  syntax,
  startedAt: new Date(startedAt).toISOString(),
  lastActivityAt: new Date(lastActivityAt).toISOString(),
})
