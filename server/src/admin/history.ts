import type { Unit } from '../store/database.ts'
import type { HistoryEntry, History as Records } from '../store/history.ts'
import type { Log } from '../telemetry/log.ts'
import { defaultPageSize, type PageRequest } from './page.ts'

/** The history of one user, for whoever has to hand it out or to erase it. */
export interface HistoryAdmin {
  /** What is kept for a user, oldest first, page by page. Refuses `BadUserId`, `ForeignDomain`, `NoSuchAccount`. */
  page(userId: string, page: PageRequest<number>): Promise<HistoryPage>
  /**
   * Erases what is kept for a user, or what was accepted before a time (ISO 8601), a portion a call: again as long as
   * there is `more`. What others keep of the same messages stays. Refuses as `page` does.
   */
  erase(userId: string, before?: string): Promise<{ readonly erased: number; readonly more: boolean }>
}

export interface HistoryPage {
  readonly entries: readonly KeptMessage[]
  /** What to give as `after` for the next page; null when there is none. */
  readonly next: number | null
}

export interface KeptMessage {
  readonly direction: 'sent' | 'received'
  /** The other party. */
  readonly with: string
  readonly messageId: string
  /** ISO 8601 */
  readonly acceptedAt: string
  /** ISO 8601 */
  readonly keptUntil: string
  /** ContentType, ContentName and MessageURI of the message, where it had them (CSP 9.2). */
  readonly type?: string | undefined
  readonly name?: string | undefined
  readonly uri?: string | undefined
  /** Of the content as it came, in octets. */
  readonly size: number
  /** The content is in one of these; a message may be without any. */
  readonly text?: string | undefined
  readonly base64?: string | undefined
}

interface HistoryAdminOptions {
  readonly records: Pick<Records, 'page' | 'before' | 'forget'>
  readonly commit: (unit: Unit) => Promise<void>
  /** The key of a user who has an account. Throws a `UserRefusal`. */
  readonly find: (userId: string) => Promise<string>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly log: Log
}

/** Of content in one page: an export is never in memory as a whole. */
const pageOctets = 1_048_576
const erasedAtATime = 500

export const createHistoryAdmin = ({ records, commit, find, now, log }: HistoryAdminOptions): HistoryAdmin => ({
  page: async (user, { after = 0, limit = defaultPageSize }) => {
    const userId = await find(user)
    if (after === 0) log.info('An operator reads the history of a user', { userId })
    const entries = await records.page(userId, after, limit, pageOctets)
    return { entries: entries.map(kept), next: entries.at(-1)?.sequence ?? null }
  },

  erase: async (user, before) => {
    const userId = await find(user)
    const time = before === undefined ? now() + 1 : Date.parse(before)
    const copies = await records.before(userId, time, erasedAtATime)
    await commit(records.forget(copies))
    log.info('An operator erased history of a user', { userId, count: copies.length })
    return { erased: copies.length, more: copies.length === erasedAtATime }
  },
})

const kept = ({ direction, other, messageId, acceptedAt, expiresAt, info, content }: HistoryEntry): KeptMessage => {
  const { contentType, contentEncoding, contentName, messageUri } = JSON.parse(info)
  return {
    direction,
    with: other,
    messageId,
    acceptedAt: new Date(acceptedAt).toISOString(),
    keptUntil: new Date(expiresAt).toISOString(),
    type: contentType,
    name: contentName,
    uri: messageUri,
    size: content?.length ?? 0,
    ...(content && readable(content, contentEncoding)),
  }
}

/** Text as text; all else, and what its sender wrote in BASE64 already, as BASE64. */
function readable(content: Uint8Array, encoding: string | undefined): Pick<KeptMessage, 'text' | 'base64'> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
    return /^base64$/i.test(encoding ?? '') ? { base64: text } : { text }
  } catch {
    return { base64: Buffer.from(content).toString('base64') }
  }
}
