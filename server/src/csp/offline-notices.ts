import type { AnnouncedItem, Announcement } from '../cluster/bus.ts'
import type { NoticeRecipient, OfflineBearer, OfflineBearers } from '../services/access/offline-bearers.ts'
import { addresseesOf } from '../services/messaging/addressees.ts'
import { Conflict } from '../store/database.ts'
import type { NoticeRecord } from '../store/notice-records.ts'
import type { Store } from '../store/store.ts'
import type { Log } from '../telemetry/log.ts'
import type { World } from '../world.ts'
import type { Sessions } from './sessions.ts'

interface OfflineNoticesOptions {
  readonly world: World
  readonly log: Log
  readonly store: Store
  readonly sessions: Sessions
  /** How many notices a user is sent between two logins. */
  readonly perAbsence: number
  /** Least time between two of them. */
  readonly repeatHours: number
}

interface Choice {
  readonly recipient: NoticeRecipient
  readonly name: string | undefined
  readonly bearer: OfflineBearer
}

/**
 * Tells users who are not logged in that a message has arrived (CSP 9.1.7). A burst of messages is one notice: the next
 * comes after a login at the earliest, or for a message that finds the last one old (`notices`). That one is to be sent
 * is on disk before it is sent, so that a crash may lose a notice and never repeats one. Bearers are the transports'
 * business; whether and by which one a user is told is decided here.
 */
export class OfflineNotices {
  readonly #options: OfflineNoticesOptions
  readonly #bearers = new Map<string, OfflineBearer>()
  readonly #running = new Map<string, Promise<void>>()
  #general: OfflineBearer | undefined

  constructor(options: OfflineNoticesOptions) {
    this.#options = options
  }

  get bearers(): OfflineBearers {
    return this.#bearers
  }

  /** From now on clients can agree to a bearer: SMS, WAPPUSH. */
  use(name: string, bearer: OfflineBearer) {
    this.#bearers.set(name, bearer)
  }

  /** By this one users are told of whose clients none has agreed to be. */
  useForOthers(bearer: OfflineBearer) {
    this.#general = bearer
  }

  /** Something is in a mailbox. Of reports, and of what comes while the user is logged in, nobody is told. */
  onAnnounce({ recipient, item }: Announcement) {
    if (this.#bearers.size === 0 && this.#general === undefined) return
    if (item?.kind !== 'message' || this.#options.sessions.ofUser(recipient).length > 0) return
    if (this.#running.has(recipient)) return
    const run = this.#tell(item)
      .catch(error => this.#options.log.error('A user could not be told of a message', { userId: recipient, error }))
      .finally(() => this.#running.delete(recipient))
    this.#running.set(recipient, run)
  }

  /** Resolves when what is under way has come to its end; bearers are to give up before. */
  async settled() {
    await Promise.all(this.#running.values())
  }

  async #tell(item: AnnouncedItem) {
    const { store, world } = this.#options
    const userId = item.recipient
    const choice = await this.#choose(item)
    if (choice === undefined) return
    const before = await store.notices.find(userId)
    const at = world.now()
    if (before !== undefined && !this.#isDue(before, at)) return
    try {
      await store.commit(store.notices.note(userId, before, at))
    } catch (conflict) {
      // Logged in elsewhere or since, removed, or told by somebody else.
      if (conflict instanceof Conflict) return
      throw conflict
    }
    await this.#send(choice, before, at)
  }

  async #send({ recipient, name, bearer }: Choice, before: NoticeRecord | undefined, at: number) {
    const { store, log } = this.#options
    const { userId } = recipient
    try {
      const waiting = await store.mailboxes.count(userId, 'message')
      await bearer.send({ ...recipient, bearer: name, waiting, at })
      log.info('Told a user who is not logged in of a message', { userId, transport: name })
    } catch (error) {
      log.warn('A notice was not sent; the next message tries again', { userId, transport: name, error })
      await store.commit(store.notices.takeBack(userId, before, at))
    }
  }

  /**
   * The client the message is meant for, if it wants notices, else the one used last that does; of its bearers the first
   * that can be used now, in the client's order (CSP 6.9.1).
   */
  async #choose(item: AnnouncedItem): Promise<Choice | undefined> {
    const userId = item.recipient
    const clients = await this.#options.store.clientSettings.toNotify(userId)
    const named = addresseesOf(item).map(({ clientKey }) => clientKey)
    const rank = ({ clientKey }: { clientKey: string }) => Number(named.includes(clientKey))
    const inOrder = [...clients].sort((a, b) => rank(b) - rank(a))
    for (const { clientKey, offlineBearers, msisdn } of inOrder) {
      const recipient = { userId, clientKey, msisdn: msisdn ?? undefined }
      for (const name of offlineBearers.split(' ')) {
        const bearer = this.#bearers.get(name)
        if (bearer?.isAvailable(recipient)) return { recipient, name, bearer }
      }
    }
    const recipient = { userId }
    const bearer = this.#general
    return bearer?.isAvailable(recipient) ? { recipient, name: undefined, bearer } : undefined
  }

  #isDue({ count, lastAt }: NoticeRecord, now: number): boolean {
    const { perAbsence, repeatHours } = this.#options
    return count < perAbsence && lastAt + repeatHours * 3_600_000 <= now
  }
}
