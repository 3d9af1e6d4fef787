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

const pause = (milliseconds: number) => new Promise<void>(done => setTimeout(done, milliseconds))

/** A client that keeps its session whatever happens to the server, and repeats what was not answered. */
export class HttpPhone {
  readonly user: string
  readonly version: Version
  readonly syntax: Syntax
  readonly received: Received[] = []
  /** Answers that said that the session is unknown. */
  sessionsLost = 0
  /** Milliseconds between two tries of one transaction. */
  retryMilliseconds = 50
  #sessionId: string | undefined
  #count = 0
  readonly #agent = new Agent({ keepAlive: true })
  readonly #port: number

  constructor(user: string, port: number, version: Version, syntax: Syntax) {
    this.user = user
    this.#port = port
    this.version = version
    this.syntax = syntax
  }

  async logIn(): Promise<void> {
    const clientId = { url: 'http://phone.example.com' }
    const capabilityList = { multiTrans: 16, multiTransPerMessage: 16, supportedBearers: ['HTTP'] }
    const login = { userId: this.user, clientId, password, timeToLive: 7200, sessionCookie: 'cookie' }
    const answer = await this.#untilAnswered({ name: 'LoginRequest', body: login })
    if (answer.name !== 'LoginResponse' || answer.body.sessionId === undefined)
      throw new Error(`${this.user} cannot log in: ${JSON.stringify(answer)}`)
    this.#sessionId = answer.body.sessionId
    await this.#untilAnswered({
      name: 'ServiceRequest',
      body: { functions: { imFeat: {} }, allFunctionsRequest: false },
    })
    await this.#untilAnswered({ name: 'ClientCapabilityRequest', body: { capabilityList } })
  }

  /** The same transaction again and again until it is answered; then its answer. */
  send(recipient: string, text: string): Promise<Primitive> {
    return this.#untilAnswered(this.#messageTo(recipient, text))
  }

  /** One try, without a second one: the answer, or the status of HTTP where there is none. */
  async trySending(recipient: string, text: string): Promise<Primitive | number> {
    const reply = await this.#post([this.#asking(this.#messageTo(recipient, text))])
    return reply?.message?.transactions[0]?.primitive ?? reply?.status ?? 0
  }

  /** Polls once and confirms what came; whether there was anything. */
  async poll(): Promise<boolean> {
    let reply = await this.hold()
    const isOver = reply === undefined || reply.message === undefined
    for (let confirmations = this.#take(reply?.message); confirmations.length > 0; ) {
      reply = await this.#post(confirmations)
      confirmations = this.#take(reply?.message)
    }
    return !isOver
  }

  /** Polls and leaves the poll held; resolves with what it was answered. */
  hold(): Promise<HttpReply | undefined> {
    return this.#post([this.#asking({ name: 'PollingRequest', body: {} })])
  }

  close() {
    this.#agent.destroy()
  }

  #messageTo(recipient: string, text: string): PrimitiveInput {
    const messageInfo = { recipient: { users: [{ userId: recipient }] }, sender: { user: { userId: this.user } } }
    return { name: 'SendMessageRequest', body: { deliveryReport: false, messageInfo, contentData: text } }
  }

  #take(message: Message | undefined): TransactionInput[] {
    return (message?.transactions ?? []).flatMap(({ id, primitive }): TransactionInput[] => {
      if (primitive?.name !== 'NewMessage') return []
      const messageId = primitive.body.messageInfo.messageId ?? ''
      this.received.push({ text: String(primitive.body.contentData), messageId })
      return [{ mode: 'Response', id, primitive: { name: 'MessageDelivered', body: { messageId } } }]
    })
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
