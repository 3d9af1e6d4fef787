import type { Message } from '@village/protocol'
import { Reports } from './reports.ts'
import type { SimulatedWorld } from './world.ts'

/** A message as its sender knows it. Its text is found nowhere else. */
export interface Sent {
  readonly text: string
  readonly sender: string
  readonly recipients: readonly string[]
  readonly sentAt: number
  readonly validityMilliseconds: number
  readonly wantsReport: boolean
  /** The server had died so many times. */
  readonly life: number
  messageId: string | undefined
  /** When the sender first knew that it was accepted; undefined while nobody can tell. */
  acknowledgedAt: number | undefined
  /** When a positive answer first left the server: it cannot expire later than that and its validity. */
  answeredAt: number | undefined
  /** And since when: a repeat can find room that was not there the first time. */
  readonly acceptedFor: Map<string, number>
  readonly refusedFor: Set<string>
  /** Recipients to whom it was handed out, and when first. */
  readonly handedOut: Map<string, number>
  readonly seenBy: Set<string>
}

export interface PhoneFacts {
  readonly name: string
  readonly user: string
  /** The user has no other client, and this one has one transaction open at a time. */
  readonly isStrict: boolean
}

interface HandOut {
  readonly at: number
  readonly life: number
  /** Under which it was handed out. */
  readonly transactionId: string
  isLost: boolean
  isConfirmed: boolean
}

/** What the server must not hand out again before. */
const answerMilliseconds = 20_000
const kept = 80

/** Writes down what happened, and holds the server to its promises. The first broken one ends the run. */
export class Ledger {
  broken: string | undefined
  /** How many messages were acknowledged, seen, and so on: a run in which nothing happens proves nothing. */
  readonly counts: Record<string, number> = {}
  life = 0
  readonly reports: Reports
  readonly #world: SimulatedWorld
  readonly #history: string[] = []
  readonly #byText = new Map<string, Sent>()
  readonly #byId = new Map<string, Sent>()
  readonly #phones = new Map<string, PhoneFacts>()
  #faultAt = 0
  readonly #handOuts = new Map<string, HandOut>()

  constructor(world: SimulatedWorld) {
    this.#world = world
    this.reports = new Reports(this)
  }

  get history(): readonly string[] {
    return this.#history
  }

  get sent(): Iterable<Sent> {
    return this.#byText.values()
  }

  now(): number {
    return this.#world.now()
  }

  note(event: string) {
    if (this.broken !== undefined) return
    this.#history.push(`${(this.#world.elapsed / 1000).toFixed(3).padStart(10)}  ${event}`)
    if (this.#history.length > kept) this.#history.shift()
  }

  count(what: string) {
    this.counts[what] = (this.counts[what] ?? 0) + 1
  }

  /** A flush failed: what a client answered may be unwritten, so that it is asked again. */
  diskFailed() {
    this.#faultAt = this.now()
    this.note('a flush fails')
  }

  violation(what: string) {
    if (this.broken !== undefined) return
    this.note(`BROKEN: ${what}`)
    this.broken = what
  }

  enter(phone: PhoneFacts) {
    this.#phones.set(phone.name, phone)
  }

  userOf(phone: string): string {
    return this.#phones.get(phone)!.user
  }

  send(message: Pick<Sent, 'text' | 'sender' | 'recipients' | 'validityMilliseconds' | 'wantsReport'>): Sent {
    const sent: Sent = {
      ...message,
      sentAt: this.now(),
      life: this.life,
      messageId: undefined,
      acknowledgedAt: undefined,
      answeredAt: undefined,
      acceptedFor: new Map(),
      refusedFor: new Set(),
      handedOut: new Map(),
      seenBy: new Set(),
    }
    this.#byText.set(sent.text, sent)
    return sent
  }

  /** The sender has an answer with a Message-ID; `failed` are those who are not getting it. */
  acknowledged(sent: Sent, messageId: string, failed: readonly string[]) {
    this.#identify(sent, messageId)
    if (sent.acknowledgedAt === undefined) this.count('acknowledged')
    sent.acknowledgedAt ??= this.now()
    for (const recipient of sent.recipients) {
      if (failed.includes(recipient)) {
        if (sent.acceptedFor.has(recipient))
          this.violation(`${sent.text} was accepted for ${recipient} and then refused`)
        sent.refusedFor.add(recipient)
      } else if (!sent.acceptedFor.has(recipient)) sent.acceptedFor.set(recipient, this.now())
    }
  }

  refused(sent: Sent) {
    if (sent.acceptedFor.size > 0) this.violation(`${sent.text} was accepted, and its repeat refused`)
    for (const recipient of sent.recipients) sent.refusedFor.add(recipient)
    this.count('refused')
  }

  /** An answer leaves the server; everything that the server hands to a phone goes past here. */
  handedOut(phone: string, message: Message, isKnownLost: boolean) {
    const { sessionId = '' } = message
    for (const { mode, id, primitive } of message.transactions) {
      if (primitive?.name === 'SendMessageResponse') this.#answered(primitive.body.messageId)
      if (mode !== 'Request') continue
      if (primitive?.name === 'NewMessage') {
        const { messageInfo, contentData } = primitive.body
        const sent = this.#byText.get(String(contentData))
        if (sent === undefined) return this.violation(`${phone} is handed a message that nobody sent: ${contentData}`)
        this.#identify(sent, messageInfo.messageId ?? '')
        this.#handOut(phone, sent)
        this.#again(`${sessionId} ${messageInfo.messageId}`, id, sent.text, isKnownLost)
      } else if (primitive?.name === 'DeliveryReportRequest') {
        const { messageInfo, result } = primitive.body
        const sent = this.#byId.get(messageInfo.messageId ?? '')
        const recipient = messageInfo.recipient.users[0]?.userId ?? ''
        if (sent === undefined) {
          // Whoever gave up before there was an answer does not know what has expired.
          if (result.code !== 542) this.violation(`${phone} is handed a report about no message`)
          continue
        }
        this.reports.handedOut(this.userOf(phone), sent, recipient, result.code)
        this.#again(`${sessionId} ${messageInfo.messageId} ${recipient}`, id, `report on ${sent.text}`, isKnownLost)
      }
    }
  }

  seen(phone: string, text: string) {
    const sent = this.#byText.get(text)!
    const { user, isStrict } = this.#phones.get(phone)!
    this.count(sent.seenBy.has(user) ? 'seen again' : 'seen')
    if (isStrict && !sent.seenBy.has(user)) this.#checkOrder(sent, user, earlier => !earlier.seenBy.has(user), 'sees')
    sent.seenBy.add(user)
  }

  /** The phone's MessageDelivered or its answer to a report was taken: that must be the end of it in this session. */
  confirmed(sessionId: string, key: string, transactionId: string | undefined) {
    const handOut = this.#handOuts.get(`${sessionId} ${key}`)
    if (handOut === undefined) return
    // A report has no ID that would tell it once its transaction is forgotten: it may come once more after a crash.
    const isOpen = handOut.life === this.life && handOut.transactionId === transactionId
    if (isOpen || this.#byId.has(key)) handOut.isConfirmed = true
  }

  /** When every phone has asked for everything. */
  checkAll(waiting: Readonly<Record<string, number>>) {
    for (const sent of this.sent)
      for (const recipient of sent.acceptedFor.keys()) {
        if (sent.seenBy.has(recipient)) continue
        if (!this.mayHaveExpired(sent)) this.violation(`${sent.text} was acknowledged and never reached ${recipient}`)
        else this.count('expired')
      }
    this.reports.checkAll(this.sent)
    for (const [user, items] of Object.entries(waiting))
      if (items > 0) this.violation(`${items} items are still in the mailbox of ${user}, who is not offered them`)
  }

  mayHaveExpired(sent: Sent): boolean {
    return sent.sentAt + sent.validityMilliseconds <= this.now()
  }

  #identify(sent: Sent, messageId: string) {
    const other = this.#byId.get(messageId)
    if (other !== undefined && other !== sent) this.violation(`${sent.text} has the Message-ID of ${other.text}`)
    if (sent.messageId !== undefined && sent.messageId !== messageId)
      this.violation(`${sent.text} has two Message-IDs: it was stored twice`)
    sent.messageId = messageId
    this.#byId.set(messageId, sent)
  }

  #answered(messageId: string | undefined) {
    const sent = this.#byId.get(messageId ?? '')
    if (sent) sent.answeredAt ??= this.now()
  }

  #handOut(phone: string, sent: Sent) {
    const user = this.userOf(phone)
    this.count('handed out')
    if (!sent.recipients.includes(user)) this.violation(`${phone} is handed ${sent.text}, which is for others`)
    // A server that was killed, or let go of a session when the disk failed, no longer knows that it refused.
    if (sent.refusedFor.has(user) && sent.life === this.life && this.#faultAt < sent.sentAt)
      this.violation(`${sent.text} was refused for ${user} and is delivered all the same`)
    // For whom there was no room at first it was accepted later, by a repeat.
    const isLate = sent.answeredAt === undefined || sent.refusedFor.has(user)
    const latest = isLate ? Number.POSITIVE_INFINITY : sent.answeredAt! + sent.validityMilliseconds
    if (this.now() > latest) this.violation(`${sent.text} is handed out ${this.now() - latest} ms after it expired`)
    if (sent.handedOut.has(user)) return
    this.#checkOrder(sent, user, earlier => !earlier.handedOut.has(user), 'is handed')
    sent.handedOut.set(user, this.now())
  }

  /** What was acknowledged before another message of its sender was sent comes before it. */
  #checkOrder(sent: Sent, user: string, isMissing: (earlier: Sent) => boolean, how: string) {
    for (const earlier of this.sent) {
      const acceptedAt = earlier.acceptedFor.get(user)
      if (earlier.sender !== sent.sender || earlier === sent || acceptedAt === undefined) continue
      if (acceptedAt < sent.sentAt && isMissing(earlier) && !this.mayHaveExpired(earlier))
        this.violation(`${user} ${how} ${sent.text} before ${earlier.text}`)
    }
  }

  #again(key: string, transactionId = '', what: string, isLost: boolean) {
    const before = this.#handOuts.get(key)
    // Whoever confirmed in a moment when the disk failed is asked once more.
    const isForgiven = before !== undefined && this.#faultAt >= before.at
    if (before?.isConfirmed && !isForgiven) this.violation(`${what} is handed out again after it was confirmed`)
    const isExplained = before?.isLost || before?.life !== this.life || isForgiven
    if (before && !isExplained) {
      if (this.now() < before.at + answerMilliseconds)
        this.violation(`${what} is handed out twice within ${answerMilliseconds} ms`)
      if (before.transactionId !== transactionId) this.violation(`${what} is offered in two transactions`)
    }
    this.note(`  ${what} is handed out as ${transactionId}${isLost ? ', in vain' : ''}`)
    const isConfirmed = before?.isConfirmed ?? false
    this.#handOuts.set(key, { at: this.now(), life: this.life, transactionId, isLost, isConfirmed })
  }
}
