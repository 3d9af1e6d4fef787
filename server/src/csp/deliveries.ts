import type { Announcement } from '../cluster/bus.ts'
import { readAgreement } from '../services/access/agreement.ts'
import { type OfflineHandling, offlineHandlingOf } from '../services/access/etem-handling.ts'
import type { Outboxes, SessionView } from '../services/context.ts'
import { addresseesOf, isFor } from '../services/messaging/addressees.ts'
import { opened } from '../services/messaging/mail.ts'
import type { Pictures } from '../services/messaging/pictures.ts'
import {
  type Client,
  type Handling,
  isForSeveral,
  isOwed,
  isRefusedByAll,
  mayHaveMail,
  notedFor,
  type Receiver,
  type Refusable,
  type Routed,
  route,
} from '../services/messaging/routing.ts'
import type { MailItem } from '../store/mailboxes.ts'
import type { Store } from '../store/store.ts'
import type { World } from '../world.ts'
import type { Offered } from './outbox.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

interface DeliveriesOptions {
  readonly world: World
  readonly store: Store
  readonly sessions: Sessions
  readonly pictures: Pictures
  /** Takes an item out of its mailbox that no client will ever have from there, with a status code. */
  readonly settle: (item: MailItem, code: number) => Promise<unknown>
}

/** Brings what is in mailboxes into the outboxes of those who are to have it. */
export class Deliveries implements Outboxes {
  readonly #options: DeliveriesOptions

  constructor(options: DeliveriesOptions) {
    this.#options = options
  }

  /** Something new: straight into the outbox where there is room, else it is found in the mailbox later. */
  onAnnounce({ recipient, item, gone }: Announcement) {
    if (gone !== undefined) return this.#forget(recipient, gone)
    if (item === undefined) return this.lookAgain(recipient)
    if (item.kind === 'system') this.#forgetDemands(recipient)
    const sessions = this.#options.sessions.ofUser(recipient)
    // What a client wants that is not here is in the store.
    if (absentClients(item, sessions).length > 0) return this.lookAgain(recipient)
    for (const { client, form, target } of this.#receivers(item, sessions, noWishes)) {
      client.outbox.offer({ item, form, target })
      client.wake()
    }
  }

  /** A session is gone: what it was to deliver goes to the user's other clients. */
  onEnd(ended: Session) {
    ended.releasePoll?.()
    this.lookAgain(ended.userId)
  }

  finish(session: SessionView, messageId: string) {
    ;(session as Session).outbox.remove(messageId)
  }

  async mayTake(item: MailItem, session: SessionView): Promise<boolean> {
    const addressees = addresseesOf(item)
    if (addressees.some(addressee => isFor(addressee, session))) return true
    // It was offered to this one in place of another that has come back since.
    if ((session as Session).outbox.has(item.messageId, 'notify')) return true
    const wishes = await this.#wishesOf(namedClients(item), item.recipient)
    return [...wishes.values()].some(wish => wish !== 'REJECT')
  }

  isForSeveral(item: Routed, session: SessionView): boolean | Promise<boolean> {
    const { clientKey } = session
    if (namedClients(item).every(key => key === clientKey))
      return isForSeveral(item, clientKey, this.#handling(session, noWishes))
    return this.#handlingFor(item, session).then(handling => isForSeveral(item, clientKey, handling))
  }

  async notedFor(item: MailItem, session: SessionView): Promise<string | undefined> {
    return notedFor(item, session, await this.#openOf(item.recipient), await this.#handlingFor(item, session))
  }

  isRefusedByAll(userId: string, item: Refusable): boolean | Promise<boolean> {
    const { sessions, pictures } = this.#options
    if (!isRefusedByAll(item, sessions.ofUser(userId), pictures)) return false
    // Others may be logged in that have not spoken since the server was started.
    return this.#openOf(userId).then(open => isRefusedByAll(item, open, pictures))
  }

  #forgetDemands(userId: string) {
    for (const session of this.#options.sessions.ofUser(userId)) session.demands = undefined
  }

  #forget(userId: string, messageIds: readonly string[]) {
    for (const session of this.#options.sessions.ofUser(userId)) {
      for (const id of messageIds) session.outbox.forget(id)
      // A System Message that was never answered is in nobody's way any more.
      const isDemand = ({ messageId }: MailItem) => messageIds.includes(messageId)
      const lookAgainAfter = (demands: readonly MailItem[]) => {
        if (demands.some(isDemand)) this.lookAgain(userId)
      }
      if (session.demands instanceof Promise) session.demands.then(lookAgainAfter, () => {})
      else if (session.demands !== undefined) lookAgainAfter(session.demands)
    }
  }

  /** Who of a user's clients is to have what waits has to be found out anew. */
  lookAgain(userId: string) {
    this.#forgetDemands(userId)
    for (const session of this.#options.sessions.ofUser(userId)) {
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
    // When it has agreed on one, all that waits is looked at anew.
    if (!mayHaveMail(session)) return void outbox.complete(outbox.misses)
    let { misses } = outbox
    let after = 0
    while (!outbox.isComplete && outbox.space > 0 && !session.isEnded) {
      const { removals } = outbox
      const limit = 2 * outbox.space + 16
      const items = (await this.#options.store.mailboxes.waiting(userId, after, limit, this.#options.world.now())).map(
        opened,
      )
      const wishes = await this.#wishesOfAbsent(items, userId)
      if (outbox.removals !== removals) continue
      const sessions = this.#options.sessions.ofUser(userId)
      const mine: Offered[] = []
      const stuck: MailItem[] = []
      for (const item of items) {
        const to = this.#receivers(item, sessions, wishes)
        const own = to.find(({ client }) => client === session)
        const offered = own && { item, form: own.form, target: own.target }
        const isLeftToAnother =
          to.length === 1 && sessions.some(other => other !== session && other.outbox.isHolding(item.messageId))
        if (offered !== undefined && !isLeftToAnother && !outbox.has(item.messageId, offered.form)) mine.push(offered)
        if (to.length === 0) stuck.push(item)
      }
      const taken = mine.slice(0, outbox.space)
      outbox.fill(taken)
      await this.#settleStuck(stuck, session)
      if (taken.length < mine.length) return
      after = items.at(-1)?.sequence ?? after
      if (items.length < limit && !outbox.complete(misses)) {
        // What was announced while the mailbox was being read may not have been seen.
        misses = outbox.misses
        after = 0
      }
    }
  }

  #receivers(item: Routed, sessions: readonly Session[], offline: Handling['offline']): Receiver<Session>[] {
    const [first] = sessions
    if (first === undefined) return []
    const handling = this.#handling(first, offline)
    if (item.kind !== 'system') return route(item, sessions, handling)
    const client = systemMessageReceiver(sessions)
    return client === undefined ? [] : [{ client, form: 'push' }]
  }

  async #handlingFor(item: Routed, session: SessionView): Promise<Handling> {
    const { userId, clientKey } = session
    const offline = await this.#wishesOf(
      namedClients(item).filter(key => key !== clientKey),
      userId,
    )
    return this.#handling(session, offline)
  }

  #handling({ onlineHandling }: SessionView, offline: Handling['offline']): Handling {
    return { online: onlineHandling, offline, pictures: this.#options.pictures }
  }

  /** What clients want that items are meant for and that are not here, by their keys. */
  #wishesOfAbsent(items: readonly MailItem[], userId: string): Promise<Handling['offline']> {
    const sessions = this.#options.sessions.ofUser(userId)
    return this.#wishesOf(
      items.flatMap(item => absentClients(item, sessions)),
      userId,
    )
  }

  async #wishesOf(clientKeys: readonly string[], userId: string): Promise<Handling['offline']> {
    const wishes = new Map<string, OfflineHandling>()
    for (const key of new Set(clientKeys)) wishes.set(key, await this.#offlineHandling(userId, key))
    return wishes
  }

  /** A client that is logged in, but has not spoken since the server was started, is waited for: nobody else gets it. */
  async #offlineHandling(userId: string, clientKey: string): Promise<OfflineHandling> {
    const open = await this.#options.store.sessions.ofUser(userId)
    const isOpen = open.some(record => record.clientKey === clientKey)
    return isOpen ? 'REJECT' : offlineHandlingOf(userId, clientKey, this.#options.store)
  }

  /** What nobody is going to have any more: all have had it, or all have said that they never want its like. */
  async #settleStuck(items: readonly MailItem[], session: Session) {
    for (const item of items) {
      if (await this.isRefusedByAll(session.userId, item)) await this.#options.settle(item, 540)
      else if (item.givenTo !== null && !(await this.#isOwed(item, session))) await this.#options.settle(item, 200)
    }
  }

  async #isOwed(item: MailItem, session: SessionView): Promise<boolean> {
    return isOwed(item, await this.#openOf(item.recipient), await this.#handlingFor(item, session))
  }

  /** The clients of a user that are logged in, here or elsewhere. */
  async #openOf(userId: string): Promise<Client[]> {
    const hidden = this.#options.sessions.ofUser(userId).filter(({ isHidden }) => isHidden)
    const isHidden = (idDigest: string) => hidden.some(session => session.idDigest === idDigest)
    return (await this.#options.store.sessions.ofUser(userId)).map(record => ({
      ...record,
      agreement: readAgreement(record.agreement),
      isHidden: isHidden(record.idDigest),
    }))
  }
}

/** The youngest session that knows System Messages (CSP 7.1): which services it has agreed to does not matter. */
const systemMessageReceiver = (sessions: readonly Session[]): Session | undefined =>
  sessions.findLast(({ version }) => version >= '1.3')

const noWishes: Handling['offline'] = new Map()

/** The clients that an item is meant for, by their keys. */
const namedClients = (item: Routed) => addresseesOf(item).flatMap(({ clientKey }) => clientKey ?? [])

/** Those of them that are not here. */
const absentClients = (item: Routed, sessions: readonly Session[]) =>
  namedClients(item).filter(key => !sessions.some(({ clientKey }) => clientKey === key))
