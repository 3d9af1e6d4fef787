import type { ListedItem, Mailboxes, Queue } from '../store/mailboxes.ts'
import type { Log } from '../telemetry/log.ts'
import { defaultPageSize, type PageRequest } from './page.ts'

/** What operators see of the mailboxes of users, and do about one that is full. What messages say is never told. */
export interface QueueAdmin {
  /** The longest queues, longest first; 20 unless told otherwise. */
  longest(limit?: number): Promise<{ readonly queues: readonly ListedQueue[] }>
  /** What waits for one user, oldest first. Refuses `BadUserId`, `ForeignDomain`, `NoSuchAccount`. */
  list(userId: string, page: PageRequest<number>): Promise<QueuePage>
  /** Drops what waits for a user, a portion a call: again as long as there is `more`. Refuses as `list` does. */
  clear(userId: string): Promise<{ readonly cleared: number; readonly more: boolean }>
}

export interface ListedQueue {
  readonly userId: string
  /** By kind: message, report, system, … */
  readonly waiting: Readonly<Record<string, number>>
  /** How many messages may wait (`messages.queueLimit`); other kinds do not count. */
  readonly messageLimit: number
  /** ISO 8601 */
  readonly oldestAt: string
}

export interface QueuePage {
  readonly items: readonly WaitingItem[]
  /** What to give as `after` for the next page; null when there is none. */
  readonly next: number | null
}

export interface WaitingItem {
  readonly messageId: string
  readonly kind: string
  /** Of a message. */
  readonly sender?: string | undefined
  /** ContentType of a message, where it was told. */
  readonly type?: string | undefined
  /** Of the content, in octets. */
  readonly size: number
  /** ISO 8601 */
  readonly acceptedAt: string
  /** ISO 8601 */
  readonly expiresAt: string
}

interface QueueAdminOptions {
  readonly mailboxes: Pick<Mailboxes, 'list' | 'longest' | 'kinds'>
  readonly messageLimit: number
  /** The Message-Info of a message. */
  readonly infoOf: (item: ListedItem) => {
    readonly sender: { readonly user?: { readonly userId: string } | undefined }
    readonly contentType?: string | undefined
  }
  /** The key of a user who has an account. Throws a `UserRefusal`. */
  readonly find: (userId: string) => Promise<string>
  readonly clear: (userId: string) => Promise<{ cleared: number; more: boolean }>
  readonly log: Log
}

const defaultQueues = 20

export const createQueueAdmin = (options: QueueAdminOptions): QueueAdmin => {
  const { mailboxes, messageLimit, infoOf, find, clear, log } = options

  const listedQueue = async ({ recipient, oldestAt }: Queue): Promise<ListedQueue> => {
    const kinds = (await mailboxes.kinds(recipient)).map(({ kind, count }) => [kind, count])
    const waiting = Object.fromEntries(kinds)
    return { userId: recipient, waiting, messageLimit, oldestAt: new Date(oldestAt).toISOString() }
  }

  const listedItem = (item: ListedItem): WaitingItem => {
    const info = item.kind === 'message' ? infoOf(item) : undefined
    return {
      messageId: item.messageId,
      kind: item.kind,
      sender: info?.sender.user?.userId,
      type: info?.contentType,
      size: item.octets,
      acceptedAt: new Date(item.acceptedAt).toISOString(),
      expiresAt: new Date(item.expiresAt).toISOString(),
    }
  }

  return {
    longest: async (limit = defaultQueues) => ({
      queues: await Promise.all((await mailboxes.longest(limit)).map(listedQueue)),
    }),

    list: async (user, { after = 0, limit = defaultPageSize }) => {
      const items = await mailboxes.list(await find(user), after, limit)
      return { items: items.map(listedItem), next: items.length < limit ? null : items.at(-1)!.sequence }
    },

    clear: async user => {
      const userId = await find(user)
      const outcome = await clear(userId)
      log.info('An operator cleared the queue of a user', { userId, count: outcome.cleared })
      return outcome
    },
  }
}
