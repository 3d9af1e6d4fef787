import type { AnnouncedItem, Announcement } from '../cluster/bus.ts'
import { clientOf, serviceFor } from '../services/messaging/mail.ts'
import type { Store } from '../store/store.ts'
import type { World } from '../world.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

/** Brings what is in mailboxes into the outboxes of those who are to have it. */
export class Deliveries {
  readonly #world: World
  readonly #store: Store
  readonly #sessions: Sessions

  constructor(world: World, store: Store, sessions: Sessions) {
    this.#world = world
    this.#store = store
    this.#sessions = sessions
  }

  /** Something new: straight into the outbox where there is room, else it is found in the mailbox later. */
  onAnnounce({ recipient, item, gone }: Announcement) {
    if (gone !== undefined) return this.#forget(recipient, gone)
    if (item === undefined) return this.#lookAgain(recipient)
    if (item.kind === 'system') this.#forgetDemands(recipient)
    const session = this.#receiver(recipient, item)
    session?.outbox.offer(item)
    session?.wake()
  }

  /** A session is gone: what it was to deliver goes to the user's other clients. */
  onEnd(ended: Session) {
    ended.releasePoll?.()
    this.#lookAgain(ended.userId)
  }

  #receiver(userId: string, item: Pick<AnnouncedItem, 'kind' | 'info' | 'written'>) {
    if (item.kind === 'system') return systemMessageReceiver(this.#sessions.ofUser(userId))
    return this.#sessions.receiver(userId, serviceFor(item.kind), clientOf(item))
  }

  #forgetDemands(userId: string) {
    for (const session of this.#sessions.ofUser(userId)) session.demands = undefined
  }

  #forget(userId: string, messageIds: readonly string[]) {
    for (const { outbox } of this.#sessions.ofUser(userId)) for (const id of messageIds) outbox.remove(id)
  }

  #lookAgain(userId: string) {
    this.#forgetDemands(userId)
    for (const session of this.#sessions.ofUser(userId)) {
      session.outbox.miss()
      session.wake()
    }
  }

  /**
   * Reads on in the mailbox if there may be more than the outbox holds. What another client of the user has been
   * given and not answered yet is left to that client.
   */
  async fill(session: Session): Promise<void> {
    const { outbox, userId } = session
    let { misses } = outbox
    let after = 0
    while (!outbox.isComplete && outbox.space > 0 && !session.isEnded) {
      const { removals } = outbox
      const limit = 2 * outbox.space + 16
      const items = await this.#store.mailboxes.waiting(userId, after, limit, this.#world.now())
      if (outbox.removals !== removals) continue
      const others = this.#sessions.ofUser(userId).filter(other => other !== session)
      const mine = items.filter(
        item =>
          this.#receiver(userId, item) === session &&
          !others.some(other => other.outbox.isHolding(item.messageId)) &&
          !outbox.has(item.messageId),
      )
      const taken = mine.slice(0, outbox.space)
      outbox.fill(taken)
      if (taken.length < mine.length) return
      after = items.at(-1)?.sequence ?? after
      if (items.length < limit && !outbox.complete(misses)) {
        // What was announced while the mailbox was being read may not have been seen.
        misses = outbox.misses
        after = 0
      }
    }
  }
}

/** The youngest session that knows System Messages (CSP 7.1): which services it has agreed to does not matter. */
const systemMessageReceiver = (sessions: readonly Session[]): Session | undefined =>
  sessions.findLast(({ version }) => version >= '1.3')
