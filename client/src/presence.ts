import type { Presence as Wire } from '@village/protocol'
import type { Named } from './arriving.ts'
import type { ServerPrimitive } from './inbox.ts'
import { mapped } from './mapped.ts'
import { type FailedRecipient, failedIn } from './outgoing.ts'
import { type AttributeList, type AttributeName, attributesIn, writeNames } from './presence-attributes.ts'
import { type OwnStatus, type PresenceStatus, readStatus, writeStatus } from './presence-status.ts'
import type { Session } from './session.ts'

/** Users by their User-ID, contact lists by their address. */
export type People =
  | string
  | readonly string[]
  | { readonly userIds?: readonly string[] | undefined; readonly contactLists?: readonly string[] | undefined }

export interface UserPresence {
  readonly userId: string
  /** What most want to know; what is not mentioned is undefined. */
  readonly status: PresenceStatus
  /** All that was said, as it was said: an attribute counts where its Qualifier is true. */
  readonly attributes: ReturnType<typeof attributesIn>
}

export interface SubscribeOptions {
  /** All there are, unless some are named. */
  readonly attributes?: readonly AttributeName[] | undefined
  /** Follows who is put on the lists later and who is taken off, in CSP 1.2; 1.1 never does and 1.3 always. */
  readonly autoSubscribe?: boolean | undefined
}

export interface Watcher {
  readonly userId: string
  /** Since CSP 1.3, where the server knows it. */
  readonly friendlyName: string | undefined
  /** Subscribed now, was once, or has just looked; undefined where the server does not say. */
  readonly kind: 'subscribed' | 'was subscribed' | 'has looked' | undefined
}

const kinds: Readonly<Record<string, Watcher['kind']>> = {
  CURRENT_SUBSCRIBER: 'subscribed',
  FORMER_SUBSCRIBER: 'was subscribed',
  PRESENCE_ACCESS: 'has looked',
}

type Notification = Named<'PresenceNotificationRequest'>
export const isPresenceNotification = (primitive: ServerPrimitive): primitive is Notification =>
  primitive.name === 'PresenceNotificationRequest'

/** Who is there, and what they tell of it (CSP 8.3). What contact lists need of it, `session.contacts` does by itself. */
export class Presence {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  /**
   * Has the server tell of a presence, now and whenever it changes, until the session ends (CSP 8.3.2.1); see
   * {@link notifications}. Who may not know is told nothing, or that nothing is known.
   * @returns whom it could not subscribe to
   * @throws RequestFailed UnknownUser 531, ContactListDoesNotExist 700, InvalidPresenceAttribute 750, WatcherListFull 758,
   * AutoSubscribeNotSupported 760, ...
   */
  async subscribe(to: People, { attributes, autoSubscribe }: SubscribeOptions = {}) {
    const body = { ...peopleOf(to), presenceSubList: attributes && writeNames(attributes), autoSubscribe }
    return failures(await this.#session.request('SubscribePresenceRequest', body))
  }

  /** Takes that back for the same users or lists; other subscriptions to the same users stay. @throws RequestFailed */
  async unsubscribe(from: People) {
    return failures(await this.#session.request('UnsubscribePresenceRequest', peopleOf(from)))
  }

  /**
   * The presence of users as it is now, as far as it may be known (CSP 8.3.3).
   * @param attributes those wanted; all unless some are named
   * @throws RequestFailed UnknownUser 531, ContactListDoesNotExist 700, ...
   */
  async get(of: People, attributes?: readonly AttributeName[]): Promise<UserPresence[]> {
    const body = { ...peopleOf(of), presenceSubList: attributes && writeNames(attributes) }
    const { presences = [] } = await this.#session.request('GetPresenceRequest', body)
    return readPresences(joinedByUser(presences))
  }

  /**
   * Tells others how one is: `setStatus({ availability: 'away', text: 'Back at five' })` (CSP 8.3.4). Who sees it is a
   * matter of `session.authorizations`; that one is online the server tells by itself.
   * @throws RequestFailed InvalidPresenceValue 751, ...
   */
  setStatus(status: OwnStatus): Promise<void> {
    return this.update(writeStatus(status))
  }

  /**
   * Publishes any attributes, as they are written; the others stay as they are (CSP 8.3.4).
   * @throws RequestFailed InvalidPresenceAttribute 750, InvalidPresenceValue 751
   */
  async update(attributes: AttributeList): Promise<void> {
    await this.#session.request('UpdatePresenceRequest', { presenceSubList: attributes })
  }

  /**
   * Who watches this user's presence (CSP 8.3.2.1).
   * @param options `historySeconds` to be told also who did within that time, `most` who are listed at most (CSP 1.2)
   * @returns the watchers, how many there are in all, and how many seconds the server has looked back, if any
   * @throws RequestFailed
   */
  async watchers({ historySeconds, most }: { readonly historySeconds?: number; readonly most?: number } = {}): Promise<{
    readonly watchers: Watcher[]
    readonly total: number
    readonly historySeconds: number | undefined
  }> {
    const body = { historyPeriod: historySeconds, maxWatcherList: most }
    const { watchers = [], watcherCount, historyPeriod } = await this.#session.request('GetWatcherListRequest', body)
    return {
      watchers: watchers.map(({ userId, friendlyName, watcherStatus = '' }) => ({
        userId,
        friendlyName,
        kind: kinds[watcherStatus],
      })),
      total: watcherCount ?? watchers.length,
      historySeconds: historyPeriod,
    }
  }

  /**
   * What the server tells of those subscribed to (CSP 8.3.2.1), in the way of `messaging.messages()`: some at a time, of
   * each what is new. Those about somebody on the lists of `session.contacts` go there once that is open.
   */
  notifications(): AsyncIterableIterator<readonly UserPresence[]> {
    return mapped(this.#session.consume(isPresenceNotification), ({ primitive }) =>
      readPresences(primitive.body.presences),
    )
  }
}

const peopleOf = (people: People) => {
  const named = typeof people === 'string' || Array.isArray(people) ? { userIds: [people].flat() as string[] } : people
  const { userIds = [], contactLists = [] } = named as Exclude<People, string | readonly string[]>
  return {
    userIds: userIds.length > 0 ? userIds : undefined,
    contactLists: contactLists.length > 0 ? contactLists : undefined,
  }
}

const failures = ({ result }: { readonly result: { readonly details: Parameters<typeof failedIn>[0] } }) => ({
  failed: failedIn(result.details) satisfies readonly FailedRecipient[],
})

/** What comes in segments may tell of a user in several places (CSP 6.10). */
function joinedByUser(presences: readonly Wire[]): Wire[] {
  const byUser = new Map<string | undefined, Wire>()
  for (const presence of presences) {
    const first = byUser.get(presence.userId)
    const presenceSubLists = [...(first?.presenceSubLists ?? []), ...presence.presenceSubLists]
    byUser.set(presence.userId, { ...presence, presenceSubLists })
  }
  return [...byUser.values()]
}

const readPresences = (presences: readonly Wire[]): UserPresence[] =>
  presences.flatMap(presence => {
    const { userId } = presence
    if (userId === undefined) return []
    const attributes = attributesIn(presence)
    return [{ userId, status: readStatus(attributes), attributes }]
  })
