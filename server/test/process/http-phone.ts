import { Agent, request } from 'node:http'
import {
  contentTypeOf,
  decode,
  encode,
  type Message,
  type Primitive,
  type PrimitiveInput,
  type Syntax,
  type TransactionInput,
  type Version,
} from '@village/protocol'
import { password } from './server-process.ts'

export interface HttpReply {
  readonly status: number
  readonly message: Message | undefined
}

export interface Received {
  readonly text: string
  readonly messageId: string
}

/** A delivery report; one that comes again is alike in all of this. */
export interface Report {
  readonly messageId: string
  readonly code: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** What a client does with messages. */
export interface Habits {
  /** It is told of messages, and then fetches them; else they are pushed. */
  readonly isNotified?: boolean | undefined
  /** It hands on whatever it is told of, to this user. */
  readonly forwardsTo?: string | undefined
  /** It wants nothing of what it is told of. */
  readonly isRejecting?: boolean | undefined
  /** Its Client-ID, where a user has several. */
  readonly clientUrl?: string | undefined
}

interface Wishes {
  readonly report?: boolean | undefined
  /** Seconds. */
  readonly validity?: number | undefined
}

const pause = (milliseconds: number) => new Promise<void>(done => setTimeout(done, milliseconds))

/** A client that keeps its session whatever happens to the server, and repeats what was not answered. */
export class HttpPhone {
  readonly user: string
  readonly version: Version
  readonly syntax: Syntax
  readonly received: Received[] = []
  readonly reports: Report[] = []
  /** Status texts of whom it watches, which are numbers, in the order in which they came. */
  readonly told: number[] = []
  /** What must never be: something came again although the server had answered that it is settled, or came unasked. */
  readonly again: string[] = []
  /** Messages that were announced and fetched, handed on, or rejected. */
  readonly done = { fetched: 0, forwarded: 0, rejected: 0 }
  /** Answers that said that the session is unknown. */
  sessionsLost = 0
  /** Milliseconds between two tries of one transaction. */
  retryMilliseconds = 50
  #sessionId: string | undefined
  #count = 0
  /** Messages and reports of which the server has answered that they are settled. */
  readonly #settled = new Set<string>()
  readonly #agent = new Agent({ keepAlive: true })
  readonly #port: number
  readonly #habits: Habits

  constructor(user: string, port: number, version: Version, syntax: Syntax, habits: Habits = {}) {
    this.user = user
    this.#port = port
    this.version = version
    this.syntax = syntax
    this.#habits = habits
  }

  async logIn(): Promise<void> {
    const clientId = { url: this.#habits.clientUrl ?? 'http://phone.example.com' }
    const initialDeliveryMethod = this.#habits.isNotified ? ('N' as const) : ('P' as const)
    const limits = { multiTrans: 16, multiTransPerMessage: 16 }
    const capabilityList = { ...limits, initialDeliveryMethod, supportedBearers: ['HTTP'] }
    const login = { userId: this.user, clientId, password, timeToLive: 7200, sessionCookie: 'cookie' }
    const answer = await this.#untilAnswered({ name: 'LoginRequest', body: login })
    if (answer.name !== 'LoginResponse' || answer.body.sessionId === undefined)
      throw new Error(`${this.user} cannot log in: ${JSON.stringify(answer)}`)
    this.#sessionId = answer.body.sessionId
    await this.#untilAnswered({
      name: 'ServiceRequest',
      body: { functions: { imFeat: {}, presenceFeat: {} }, allFunctionsRequest: false },
    })
    await this.#untilAnswered({ name: 'ClientCapabilityRequest', body: { capabilityList } })
  }

  /** The same transaction again and again until it is answered; then its answer. */
  ask(primitive: PrimitiveInput): Promise<Primitive> {
    return this.#untilAnswered(primitive)
  }

  send(recipient: string, text: string, wishes: Wishes = {}): Promise<Primitive> {
    return this.#untilAnswered(this.#message(recipient, text, wishes))
  }

  /** One try, without a second one: the answer, or the status of HTTP where there is none. */
  async trySending(recipient: string, text: string): Promise<Primitive | number> {
    const reply = await this.#post([this.#asking(this.#message(recipient, text, {}))])
    return reply?.message?.transactions[0]?.primitive ?? reply?.status ?? 0
  }

  #message(recipient: string, text: string, { report = false, validity }: Wishes): PrimitiveInput {
    const sender = { user: { userId: this.user } }
    const messageInfo = { recipient: { users: [{ userId: recipient }] }, sender, validity }
    return { name: 'SendMessageRequest', body: { deliveryReport: report, messageInfo, contentData: text } }
  }

  /** Polls once and does with what came what has to be done; whether there was anything. */
  async poll(): Promise<boolean> {
    let reply = await this.hold()
    const isOver = reply === undefined || reply.message === undefined
    const announced: string[] = []
    for (let taken = this.#take(reply?.message, announced); taken.length > 0; ) {
      reply = await this.#post(taken.map(({ confirmation }) => confirmation))
      if (reply?.status === 200) for (const { settles } of taken) if (settles) this.#settled.add(settles)
      taken = this.#take(reply?.message, announced)
    }
    for (const messageId of announced) await this.#fetch(messageId)
    return !isOver
  }

  /** Polls and leaves the poll held; resolves with what it was answered. */
  hold(): Promise<HttpReply | undefined> {
    return this.#post([this.#asking({ name: 'PollingRequest', body: {} })])
  }

  /** Answers transactions of the server's with success. */
  confirm(ids: readonly (string | undefined)[]): Promise<HttpReply | undefined> {
    return this.#post(ids.map(id => ({ mode: 'Response', id, primitive: thanks })))
  }

  close() {
    this.#agent.destroy()
  }

  /** Notes what the server has said; what is to be answered, and what that settles. */
  #take(message: Message | undefined, announced: string[]): Taken[] {
    return (message?.transactions ?? []).flatMap(({ mode, id, primitive }): Taken[] => {
      const answer = (primitive: PrimitiveInput, settles?: string): Taken[] => {
        if (settles !== undefined) this.#mayStillCome(settles)
        return [{ confirmation: { mode: 'Response', id, primitive }, settles }]
      }
      if (mode !== 'Request' || primitive === undefined) return []
      if (primitive.name === 'MessageNotification') {
        const messageId = primitive.body.messageInfo.messageId ?? ''
        this.#mayStillCome(messageId)
        announced.push(messageId)
        return answer(thanks)
      }
      if (primitive.name === 'DeliveryReportRequest') {
        const { result, messageInfo, deliveryTime } = primitive.body
        const report = { messageId: messageInfo.messageId ?? '', code: result.code, at: Number(deliveryTime) }
        this.reports.push(report)
        return answer(thanks, `the report ${report.code} on ${report.messageId} of ${report.at}`)
      }
      if (primitive.name === 'PresenceNotificationRequest') {
        const lists = primitive.body.presences.flatMap(({ presenceSubLists }) => presenceSubLists)
        this.told.push(...lists.flatMap(({ statusText }) => (statusText ? Number(statusText.presenceValue) : [])))
        return answer(thanks)
      }
      if (primitive.name !== 'NewMessage') return []
      const messageId = primitive.body.messageInfo.messageId ?? ''
      if (this.#habits.isNotified) this.again.push(`${this.user} was pushed ${messageId}, and wanted to be told of it`)
      this.received.push({ text: String(primitive.body.contentData), messageId })
      return answer({ name: 'MessageDelivered', body: { messageId } }, messageId)
    })
  }

  /** Fetches a message that was announced, hands it on or rejects it. */
  async #fetch(messageId: string): Promise<void> {
    const { forwardsTo, isRejecting } = this.#habits
    const got = await this.#untilAnswered(
      isRejecting
        ? { name: 'RejectMessageRequest', body: { messageIds: [messageId] } }
        : forwardsTo === undefined
          ? { name: 'GetMessageRequest', body: { messageId } }
          : this.#forward(messageId, forwardsTo),
    )
    if (got.name === 'GetMessageResponse') {
      this.done.fetched++
      this.received.push({ text: String(got.body.contentData), messageId })
      const confirmed = await this.#untilAnswered({ name: 'MessageDelivered', body: { messageId } })
      if (!isSuccess(confirmed)) this.again.push(`${messageId} cannot be confirmed: ${JSON.stringify(confirmed)}`)
    } else if (got.name === 'ForwardMessageResponse' || isSuccess(got))
      this.done[isRejecting ? 'rejected' : 'forwarded']++
    else this.again.push(`${messageId} was announced and is not there: ${JSON.stringify(got)}`)
    this.#settled.add(messageId)
  }

  #forward(messageId: string, recipient: string): PrimitiveInput {
    const sender = { user: { userId: this.user } }
    return { name: 'ForwardMessageRequest', body: { messageId, sender, recipient: { users: [{ userId: recipient }] } } }
  }

  #mayStillCome(what: string) {
    if (this.#settled.has(what)) this.again.push(`${this.user} got again: ${what}`)
  }

  #asking(primitive: PrimitiveInput): TransactionInput {
    this.#count = (this.#count % 999) + 1
    return { mode: 'Request', id: String(this.#count), primitive }
  }

  async #untilAnswered(primitive: PrimitiveInput): Promise<Primitive> {
    const transaction = this.#asking(primitive)
    for (;;) {
      const reply = await this.#post([transaction])
      const answer = reply?.message?.transactions.find(({ id }) => id === transaction.id)?.primitive
      if (answer !== undefined && !(answer.name === 'Status' && answer.body.result.code === 503)) return answer
      await pause(this.retryMilliseconds)
    }
  }

  async #post(transactions: TransactionInput[]): Promise<HttpReply | undefined> {
    const { version, syntax } = this
    const body = Buffer.from(encode({ version, syntax, sessionId: this.#sessionId, transactions }) as string)
    const reply = await this.#exchange(body)
    const isLost = reply?.message?.transactions.some(
      ({ primitive }) =>
        primitive?.name === 'Disconnect' || (primitive?.name === 'Status' && primitive.body.result.code === 604),
    )
    if (isLost) this.sessionsLost++
    return reply
  }

  /** Undefined where the server is not there or dies over it. */
  #exchange(body: Buffer): Promise<HttpReply | undefined> {
    return new Promise(done => {
      const headers = { 'content-type': contentTypeOf(this.syntax, this.version), 'content-length': body.length }
      const where = { host: '127.0.0.1', port: this.#port, path: '/imps', method: 'POST', agent: this.#agent, headers }
      const asked = request(where, response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', () => done(undefined))
        response.on('end', () => {
          const octets = Buffer.concat(chunks)
          done({ status: response.statusCode ?? 0, message: octets.length === 0 ? undefined : decode(octets) })
        })
      })
      asked.setTimeout(40_000, () => asked.destroy())
      asked.on('error', () => done(undefined))
      asked.end(body)
    })
  }
}

/** Something of the server's that was taken note of. */
interface Taken {
  readonly confirmation: TransactionInput
  /** What is settled when the confirmation has been answered. */
  readonly settles?: string | undefined
}

const thanks: PrimitiveInput = { name: 'Status', body: { result: { code: 200 } } }

const isSuccess = (primitive: Primitive) => primitive.name === 'Status' && primitive.body.result.code === 200
