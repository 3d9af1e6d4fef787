import {
  contentTypeOf,
  encode,
  type Message,
  type Primitive,
  type PrimitiveInput,
  type Syntax,
  type Transaction,
  type TransactionInput,
  type Version,
} from '@village/protocol'
import type { Chance } from './chance.ts'
import type { Ledger, Sent } from './ledger.ts'
import type { Link, Reply } from './network.ts'
import { digestOf, password } from './server.ts'
import type { SimulatedWorld } from './world.ts'

export interface PhoneModel {
  readonly name: string
  /** `wv:alice@example.com` */
  readonly user: string
  readonly version: Version
  readonly syntax: Syntax
  readonly multiTrans: number
  /** Transactions are counted from 1 to this, and then from 1 again. */
  readonly lastId: number
  /** Seconds; what the phone asks for as its keep-alive time. */
  readonly timeToLive: number
  readonly usesDigest: boolean
}

interface PhoneOptions {
  readonly model: PhoneModel
  readonly world: SimulatedWorld
  readonly chance: Chance
  readonly link: Link
  readonly ledger: Ledger
}

interface Session {
  readonly id: string
  readonly keepAliveMilliseconds: number
  /** When a message of this session was last answered. */
  answeredAt: number
  nextId: number
  readonly openIds: Set<string>
  /** Sends that were answered, for the phone that repeats itself out of carelessness. */
  readonly done: { body: string | Uint8Array; id: string; at: number; sent: Sent }[]
  isNegotiated: boolean
}

const answerMilliseconds = 20_000
const tries = 4
const carelessMilliseconds = 300_000

/** A client as the field knows them: it repeats itself, forgets, walks out of coverage and starts over. */
export class Phone {
  readonly model: PhoneModel
  /** Whether it forgets now and then to confirm what it got. */
  isCareless = true
  session: Session | undefined
  #isAway = false
  #isLoggingIn = false
  /** Transactions under way, a held poll among them. */
  #open = 0
  readonly #world: SimulatedWorld
  readonly #chance: Chance
  readonly #link: Link
  readonly #ledger: Ledger

  constructor({ model, world, chance, link, ledger }: PhoneOptions) {
    this.model = model
    this.#world = world
    this.#chance = chance
    this.#link = link
    this.#ledger = ledger
  }

  get isAway(): boolean {
    return this.#isAway
  }

  get isReady(): boolean {
    return this.session?.isNegotiated === true && !this.#isAway && this.#open < this.model.multiTrans
  }

  get canLogIn(): boolean {
    return this.session === undefined && !this.#isAway && !this.#isLoggingIn
  }

  goAway() {
    this.#note('goes out of coverage')
    this.#isAway = true
    this.#link.cut()
  }

  comeBack() {
    this.#note('is back')
    this.#isAway = false
  }

  /** As after a flat battery: the phone knows nothing of its session any more. */
  forget() {
    this.#note('forgets its session')
    this.session = undefined
    this.#link.cut()
  }

  async logIn(): Promise<void> {
    this.#isLoggingIn = true
    try {
      const login = await this.#proveItself()
      if (login?.name !== 'LoginResponse') return
      const { result, sessionId, keepAliveTime = 0 } = login.body
      this.#note(`logs in: ${result.code}`)
      if (result.code !== 200 || sessionId === undefined) return
      const keepAliveMilliseconds = keepAliveTime * 1000
      const answeredAt = this.#world.now()
      this.session = {
        id: sessionId,
        keepAliveMilliseconds,
        answeredAt,
        nextId: 1,
        openIds: new Set(),
        done: [],
        isNegotiated: false,
      }
      await this.#negotiate(this.session)
    } finally {
      this.#isLoggingIn = false
    }
  }

  async logOut(): Promise<void> {
    const { session } = this
    if (session === undefined) return
    this.#note('logs out')
    const answered = this.#request({ name: 'LogoutRequest', body: {} }, session)
    this.session = undefined
    await answered
  }

  /** Whether it learned that nothing waits. */
  async poll(): Promise<boolean> {
    const { session } = this
    if (session === undefined) return false
    this.#open++
    const transactions: TransactionInput[] = [
      { mode: 'Request', id: this.#nextId(session), primitive: { name: 'PollingRequest', body: {} } },
    ]
    const reply = await this.#post(transactions, session, true)
    this.#open--
    if (reply === undefined || reply.status !== 200) return false
    const requests = reply.message?.transactions.filter(({ mode }) => mode === 'Request') ?? []
    return requests.length === 0
  }

  async keepAlive(): Promise<void> {
    if (this.session) await this.#request({ name: 'KeepAliveRequest', body: {} }, this.session)
  }

  async send(text: string, recipients: readonly string[]): Promise<void> {
    const { session } = this
    if (session === undefined) return
    const validity = this.#chance.happens(0.1) ? this.#chance.between(1, 90) : undefined
    const wantsReport = this.#chance.happens(0.3)
    const validityMilliseconds = (validity ?? 2_592_000) * 1000
    const sent = this.#ledger.send({ text, sender: this.model.user, recipients, validityMilliseconds, wantsReport })
    this.#note(
      `sends ${text} to ${recipients.join(' ')}${wantsReport ? ', wants a report' : ''}${validity ? `, valid ${validity} s` : ''}`,
    )
    const users = recipients.map(userId => ({ userId }))
    const messageInfo = { recipient: { users }, sender: { user: { userId: this.model.user } }, validity }
    const id = this.#nextId(session)
    const body = this.#encode(
      [
        {
          mode: 'Request',
          id,
          primitive: {
            name: 'SendMessageRequest',
            body: { deliveryReport: wantsReport, messageInfo, contentData: text },
          },
        },
      ],
      session,
    )
    const answer = await this.#insist(body, id, session)
    this.#conclude(sent, answer)
    if (answer) session.done.push({ body, id, at: this.#world.now(), sent })
  }

  /** Sends once more what was answered already. */
  async repeatItself(): Promise<void> {
    const { session } = this
    const known = session?.done.findLast(
      ({ id, at }) => at > this.#world.now() - carelessMilliseconds && !session.openIds.has(id),
    )
    if (session === undefined || known === undefined) return
    this.#note(`repeats ${known.sent.text}`)
    this.#conclude(known.sent, await this.#insist(known.body, known.id, session))
  }

  #conclude(sent: Sent, answer: Primitive | undefined) {
    if (answer === undefined) return
    if (answer.name === 'SendMessageResponse') {
      const { result, messageId = '' } = answer.body
      this.#note(`hears ${result.code} for ${sent.text}`)
      this.#ledger.acknowledged(
        sent,
        messageId,
        result.details.flatMap(({ userIds }) => userIds),
      )
    } else if (answer.name === 'Status') {
      const { code } = answer.body.result
      this.#note(`hears ${code} for ${sent.text}`)
      // Of these it cannot be told whether something was stored: the session is over, or the store in trouble.
      if (code !== 503 && code !== 604) this.#ledger.refused(sent)
    }
  }

  async #proveItself(): Promise<Primitive | undefined> {
    const { user, name, usesDigest } = this.model
    const about = {
      userId: user,
      clientId: { url: `http://${name}.example.com` },
      timeToLive: this.model.timeToLive,
      sessionCookie: `cookie${this.#chance.between(1, 99)}`,
    }
    if (!usesDigest) return this.#outband({ name: 'LoginRequest', body: { ...about, password } })
    const first = await this.#outband({ name: 'LoginRequest', body: { ...about, digestSchemas: ['MD5', 'SHA'] } })
    if (first?.name !== 'LoginResponse' || first.body.nonce === undefined) return first
    const digestBytes = digestOf(first.body.digestSchema ?? '', first.body.nonce)
    return this.#outband({ name: 'LoginRequest', body: { ...about, digestBytes } })
  }

  async #outband(primitive: PrimitiveInput): Promise<Primitive | undefined> {
    const { version, syntax } = this.model
    const body = encode({ version, syntax, transactions: [{ mode: 'Request', id: '1', primitive }] })
    const reply = await this.#link.post({
      body,
      contentType: contentTypeOf(syntax, version),
      isPoll: false,
      isLogin: true,
      patience: answerMilliseconds,
    })
    return reply?.message?.transactions[0]?.primitive
  }

  async #negotiate(session: Session): Promise<void> {
    const { multiTrans, name, version } = this.model
    const clientId = version === '1.1' ? { url: `http://${name}.example.com` } : undefined
    const services: PrimitiveInput = {
      name: 'ServiceRequest',
      body: { clientId, functions: { imFeat: {} }, allFunctionsRequest: false },
    }
    const perMessage = version === '1.3' ? { multiTransPerMessage: multiTrans } : {}
    const capabilityList = { ...perMessage, multiTrans, supportedBearers: ['HTTP'] }
    const capabilities: PrimitiveInput = { name: 'ClientCapabilityRequest', body: { clientId, capabilityList } }
    const [agreed, capable] = [await this.#request(services, session), await this.#request(capabilities, session)]
    if (this.session !== session) return
    session.isNegotiated = agreed?.name === 'ServiceResponse' && capable?.name === 'ClientCapabilityResponse'
    if (!session.isNegotiated) this.forget()
  }

  #request(primitive: PrimitiveInput, session: Session): Promise<Primitive | undefined> {
    const id = this.#nextId(session)
    return this.#insist(this.#encode([{ mode: 'Request', id, primitive }], session), id, session)
  }

  /** Sends the same octets until there is an answer, at most four times. */
  async #insist(body: string | Uint8Array, id: string, session: Session): Promise<Primitive | undefined> {
    this.#open++
    session.openIds.add(id)
    try {
      for (let round = 0; round < tries && this.session === session; round++) {
        const begun = this.#world.now()
        const reply = await this.#exchange(body, session, false)
        const answer = reply?.message?.transactions.find(
          transaction => transaction.mode === 'Response' && transaction.id === id,
        )
        if (answer?.primitive && !isStatus(answer.primitive, 503)) return answer.primitive
        await this.#sleep(begun + answerMilliseconds - this.#world.now())
      }
      return undefined
    } finally {
      this.#open--
      session.openIds.delete(id)
    }
  }

  #post(transactions: TransactionInput[], session: Session, isPoll: boolean): Promise<Reply | undefined> {
    return this.#exchange(this.#encode(transactions, session), session, isPoll)
  }

  async #exchange(body: string | Uint8Array, session: Session, isPoll: boolean): Promise<Reply | undefined> {
    const { version, syntax } = this.model
    const begun = this.#world.now()
    const patience = isPoll ? 40_000 : answerMilliseconds
    const reply = this.#isAway
      ? undefined
      : await this.#link.post({ body, contentType: contentTypeOf(syntax, version), isPoll, patience })
    if (reply?.message && this.session === session) this.#hear(reply.message, session, begun)
    if (reply?.status === 200) session.answeredAt = Math.max(session.answeredAt, begun)
    return reply
  }

  #encode(transactions: TransactionInput[], session: Session): string | Uint8Array {
    const { version, syntax } = this.model
    return encode({ version, syntax, sessionId: session.id, transactions })
  }

  #hear(message: Message, session: Session, begun: number) {
    const { transactions } = message
    if (transactions.some(({ primitive }) => primitive?.name === 'Disconnect' || isStatus(primitive, 604)))
      return this.#lost(session, begun)
    const replies = transactions.flatMap(transaction => this.#replyTo(transaction))
    if (replies.length === 0 || (this.isCareless && this.#chance.happens(0.05))) return
    // As many in one message as the client said it can have in one.
    const perMessage = this.model.version === '1.3' ? this.model.multiTrans : 1
    for (let start = 0; start < replies.length; start += perMessage)
      void this.#reply(replies.slice(start, start + perMessage), session)
  }

  #replyTo({ mode, id, primitive }: Transaction): { transaction: TransactionInput; key: string }[] {
    if (mode !== 'Request' || primitive === undefined) return []
    if (primitive.name === 'NewMessage') {
      const { messageInfo, contentData } = primitive.body
      const messageId = messageInfo.messageId ?? ''
      this.#note(`sees ${contentData}, ${messageId.slice(0, 4)}`)
      this.#ledger.seen(this.model.name, String(contentData))
      return [
        {
          key: messageId,
          transaction: { mode: 'Response', id, primitive: { name: 'MessageDelivered', body: { messageId } } },
        },
      ]
    }
    if (primitive.name === 'DeliveryReportRequest') {
      const { messageInfo, result } = primitive.body
      const recipient = messageInfo.recipient.users[0]?.userId ?? ''
      this.#note(
        `sees report ${result.code} by ${recipient} of ${messageInfo.messageId?.slice(0, 4)}, transaction ${id}`,
      )
      this.#ledger.reports.seen(messageInfo.messageId ?? '', recipient, result.code)
      const status: PrimitiveInput = { name: 'Status', body: { result: { code: 200 } } }
      return [
        { key: `${messageInfo.messageId} ${recipient}`, transaction: { mode: 'Response', id, primitive: status } },
      ]
    }
    return []
  }

  async #reply(replies: { transaction: TransactionInput; key: string }[], session: Session) {
    await this.#sleep(this.#chance.between(0, 800))
    if (this.session !== session) return
    const reply = await this.#post(
      replies.map(({ transaction }) => transaction),
      session,
      false,
    )
    if (reply?.status !== 200 || this.session !== session) return
    this.#note(`has confirmed ${replies.map(({ key }) => key.slice(0, 4)).join(' ')}`)
    for (const { key, transaction } of replies) this.#ledger.confirmed(session.id, key, transaction.id)
  }

  /** The server knows the session no more: it must have run out. */
  #lost(session: Session, begun: number) {
    const idle = begun - session.answeredAt
    this.#note(`has lost its session, idle ${idle} ms`)
    this.#ledger.count('sessions lost')
    // Requests may lie on the way for some seconds.
    if (idle < session.keepAliveMilliseconds - 45_000)
      this.#ledger.violation(`${this.model.name} lost a session that was used ${idle} ms ago`)
    this.session = undefined
  }

  #nextId(session: Session): string {
    do session.nextId = (session.nextId % this.model.lastId) + 1
    while (session.openIds.has(String(session.nextId)))
    return String(session.nextId)
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise(resolve => void this.#world.after(Math.max(0, milliseconds), resolve))
  }

  #note(event: string) {
    this.#ledger.note(`${this.model.name} ${event}`)
  }
}

const isStatus = (primitive: Primitive | undefined, code: number): boolean =>
  primitive?.name === 'Status' && primitive.body.result.code === code
