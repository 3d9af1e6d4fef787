import { isWithin } from '@village/protocol'
import type { ListSyncs } from '../../store/list-syncs.ts'
import type { SessionView } from '../context.ts'

/** Whether a client is told of changes of contact lists: NCLS came with a change request to CSP 1.3. */
export const hearsOfLists = ({ version, agreement }: SessionView): boolean =>
  isWithin(version, { since: '1.3' }) && agreement.services.includes('NCLS')

/**
 * Tells clients what others have changed on their user's contact lists. What they have not confirmed is in the store;
 * here it is looked for, for the clients of this node, whenever there may be some.
 */
export class ListDesk {
  readonly #syncs: Pick<ListSyncs, 'pending'>
  readonly #sessionsOf: (userId: string) => readonly SessionView[]

  /** @param sessionsOf the sessions of a user that this node holds */
  constructor(syncs: Pick<ListSyncs, 'pending'>, sessionsOf: (userId: string) => readonly SessionView[]) {
    this.#syncs = syncs
    this.#sessionsOf = sessionsOf
  }

  /** The contact lists of a user are others now, and that is on disk. */
  async onLists(userId: string): Promise<void> {
    await Promise.all(this.#sessionsOf(userId).map(session => this.onNews(session)))
  }

  /** Clients of a user have a session now, or have agreed on something else. */
  async onSessions(userId: string): Promise<void> {
    const sessions = this.#sessionsOf(userId)
    for (const session of sessions) if (!hearsOfLists(session)) session.news.forgetLists()
    const isNew = (session: SessionView) => hearsOfLists(session) && !session.news.lists.isKnown
    await Promise.all(sessions.filter(isNew).map(session => this.onNews(session)))
  }

  /** There may be something to tell a client. Where that cannot be read, it is looked for when the client asks. */
  async onNews(session: SessionView): Promise<void> {
    if (!hearsOfLists(session)) return
    const { news } = session
    await this.look(session).catch(() => {})
    if (news.hasListChanges || news.lists.hasWaiting) session.wake()
  }

  /** @throws StoreUnavailable */
  async look({ news, userId, clientKey }: SessionView): Promise<void> {
    const { lists } = news
    news.hasListChanges = false
    try {
      for (let look = lists.beginLook(); ; look = lists.beginLook())
        if (lists.endLook(look, await this.#syncs.pending(userId, clientKey))) return
    } catch (fault) {
      news.hasListChanges = true
      throw fault
    }
  }
}
