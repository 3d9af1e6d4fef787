import type { Syntax, Version } from '@village/protocol'
import { type Agreement, readAgreement } from '../services/access/agreement.ts'
import type { OnlineHandling } from '../services/access/etem-handling.ts'
import type { AddressForm } from '../services/address-form.ts'
import type { SessionView } from '../services/context.ts'
import { News } from '../services/news.ts'
import type { Unit } from '../store/database.ts'
import type { MailItem } from '../store/mailboxes.ts'
import type { SessionRecord, SessionRecords } from '../store/session-records.ts'
import { Allowance } from './allowance.ts'
import { Collections } from './collections.ts'
import { Notices } from './notices.ts'
import { Outbox, type OutboxItem } from './outbox.ts'
import { Repeats } from './repeats.ts'

/** Each is written, and has the server look anew at all that waits for the user. */
const mostChangesPerMinute = 30

/** A session that this node holds (CSP 5.1). What outlives the node is in its record. */
export class Session implements SessionView {
  readonly idDigest: string
  readonly userId: string
  readonly homeDomain: string
  readonly clientKey: string
  readonly applicationId: string | undefined
  readonly version: Version
  readonly syntax: Syntax
  readonly cookie: string
  readonly loginEpoch: string
  readonly claimEpoch: number
  readonly startedAt: number
  readonly addressForm: AddressForm

  agreement: Agreement
  onlineHandling: OnlineHandling
  keepAliveSeconds: number | null
  lastActivityAt: number
  /** `lastActivityAt` as it was last written. */
  savedActivityAt: number
  isEnded = false
  isHidden = false
  /** Status code of CSP 11 with which this server has ended it. */
  endReason: number | undefined

  /** System Messages to be answered first, once they were read, or while they are; undefined to read them again. */
  demands: readonly MailItem[] | Promise<readonly MailItem[]> | undefined
  /** Ids of System Messages that the client has no way to show (CSP 7.1.2: 439): it is asked for no answer to them. */
  readonly unshowable = new Set<string>()
  /** Requests that wait for their turn or are being answered, polls not counted. */
  openRequests = 0

  /** Changes of what was agreed. */
  readonly changes = new Allowance(mostChangesPerMinute)
  readonly outbox: Outbox
  readonly news = new News()
  readonly notices: Notices
  readonly repeats = new Repeats()
  readonly collections: Collections
  /** Answers a poll that is being held, with nothing. */
  releasePoll: (() => void) | undefined
  /** The last poll brought nothing, since the client had not answered yet: what waits rides on the answer to that. */
  isPollOwed = false
  /** Lets a poll that is being held look again. */
  onWake: (() => void) | undefined
  /** Tells the client that it should poll, if it does not. */
  onNews: (() => void) | undefined

  readonly #records: SessionRecords
  /** Undefined while nothing is run. */
  #last: Promise<void> | undefined

  constructor(record: SessionRecord, onlineHandling: OnlineHandling, records: SessionRecords, now: number) {
    this.idDigest = record.idDigest
    this.userId = record.userId
    this.homeDomain = record.userId.slice(record.userId.lastIndexOf('@') + 1)
    this.clientKey = record.clientKey
    this.applicationId = record.applicationId ?? undefined
    this.version = record.version
    this.syntax = record.syntax
    this.cookie = record.cookie
    this.loginEpoch = record.loginEpoch
    this.claimEpoch = record.claimEpoch
    this.startedAt = record.startedAt
    this.addressForm = record.addressForm
    this.onlineHandling = onlineHandling
    this.agreement = readAgreement(record.agreement)
    this.keepAliveSeconds = record.keepAliveSeconds
    this.lastActivityAt = now
    this.savedActivityAt = record.lastActivityAt
    this.outbox = new Outbox(`s${record.claimEpoch}.`)
    this.notices = new Notices(`n${record.claimEpoch}.`)
    this.collections = new Collections(`g${record.claimEpoch}.`)
    this.#records = records
  }

  hasDeclined(messageId: string): boolean {
    return this.outbox.hasDeclined(messageId)
  }

  hold(): Unit {
    return this.#records.hold(this.idDigest, this.claimEpoch)
  }

  /** Milliseconds since the epoch after which the session has been idle for too long (CSP 6.7). */
  get expiresAt(): number {
    return this.keepAliveSeconds === null
      ? Number.POSITIVE_INFINITY
      : this.lastActivityAt + this.keepAliveSeconds * 1000
  }

  /** Runs one thing after the other: the transactions of a session never overtake each other (CSP 5.4). */
  inOrder<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#last === undefined ? run() : this.#last.then(run)
    const onEnd = () => {
      if (this.#last === last) this.#last = undefined
    }
    const last = result.then(onEnd, onEnd)
    this.#last = last
    return result
  }

  /** Whether a poll would bring something, or something has to be looked for; of mail only what is meant, if that is said. */
  hasWaiting(now: number, isMeant?: (item: OutboxItem) => boolean): boolean {
    if (this.isEnded) return false
    if (this.collections.hasWaiting(now)) return true
    if (this.outbox.hasWaiting(now, isMeant)) return true
    return isMeant === undefined && this.hasNotices(now)
  }

  /** Whether there may be something to tell that is in no mailbox. */
  hasNotices(now: number): boolean {
    return !this.news.isEmpty || this.notices.hasWaiting(now)
  }

  /** Whether something waits for the client, or for its answer. */
  get isOwed(): boolean {
    return !this.outbox.isEmpty || !this.news.isEmpty || !this.notices.isEmpty || !this.collections.isEmpty
  }

  /** How many transactions of the server's own the client is answering (CSP 5.4). */
  openAt(now: number): number {
    return this.outbox.openAt(now) + this.openBesideMail(now)
  }

  /** How many of them carry no mail. */
  openBesideMail(now: number): number {
    return this.notices.openAt(now) + this.collections.openAt(now)
  }

  /** What the client was not told in this session before it was taken up again, and nobody but that knows. */
  takeOver(before: Session) {
    before.notices.giveBackAll()
    this.news.takeOver(before.news)
  }

  /** Something may be there to be fetched. */
  wake() {
    this.onWake?.()
    this.onNews?.()
  }
}
