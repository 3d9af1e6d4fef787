import { createHash } from 'node:crypto'
import {
  type Body,
  type BodyInput,
  type ClientID,
  contentTypeOf,
  decode,
  encode,
  Malformed,
  type Message,
  type PrimitiveInput,
  type Syntax,
  type TransactionInput,
  type Version,
} from '@village/protocol'
import { type Answer, answersIn, type Reply, theAnswer } from './answer.ts'
import type { Audit } from './audit.ts'
import { miss } from './expect.ts'
import type { HttpClient, HttpReply, HttpRequest } from './http.ts'
import type { Transcript } from './transcript.ts'

export interface Account {
  readonly userId: string
  readonly password: string
}

export interface PhoneOptions {
  readonly name: string
  readonly account: Account
  readonly clientId: ClientID
  readonly version: Version
  readonly syntax: Syntax
  readonly http: HttpClient
  readonly transcript: Transcript
  /** Looks at all that comes. */
  readonly audit: Audit
  /** Milliseconds between two polls. */
  readonly pollPause: number
}

export type LoginBody = BodyInput<'LoginRequest'>
export type Capabilities = NonNullable<BodyInput<'ClientCapabilityRequest'>['capabilityList']>
export type Services = NonNullable<BodyInput<'ServiceRequest'>['functions']>

/** What an ordinary phone of the time says about itself. */
export const usualCapabilities: Capabilities = {
  anyContent: true,
  acceptedTextContentLength: 32_768,
  acceptedPullLength: 32_768,
  acceptedPushLength: 32_768,
  acceptedTransferEncodings: ['BASE64'],
  clientType: 'MOBILE_PHONE',
  initialDeliveryMethod: 'P',
  multiTrans: 1,
  multiTransPerMessage: 1,
  parserSize: 65_536,
  plainTextCharsets: [106],
  serverPollMin: 1,
  supportedBearers: ['HTTP'],
}

const messaging: Services = { fundamentalFeat: {}, imFeat: {} }

/** How long something that was sent may take to arrive, and how often a phone looks. */
const patienceMilliseconds = 5000
const lookMilliseconds = 50

/**
 * A phone with its lid off: it says exactly what it is told to, keeps every answer for the record, and does nothing
 * by itself. What it sends is written by the protocol's own codec, or comes as raw text.
 */
export class Phone {
  readonly name: string
  readonly account: Account
  readonly clientId: ClientID
  readonly version: Version
  readonly syntax: Syntax
  sessionId: string | undefined
  /** What the server does not offer of the services the phone has asked for (CSP 6.9.1). */
  refused: Body<'ServiceResponse'>['functions']
  /** Everything the server has sent of its own accord, in the order of its arrival. */
  readonly inbox: Answer[] = []
  readonly #options: PhoneOptions
  #lastId = 0

  constructor(options: PhoneOptions) {
    this.#options = options
    this.name = options.name
    this.account = options.account
    this.clientId = options.clientId
    this.version = options.version
    this.syntax = options.syntax
  }

  nextId(): string {
    return String(++this.#lastId)
  }

  /** One HTTP exchange with anything in it. @param asked the transactions in it, where there are some */
  async http(request: HttpRequest, asked: readonly TransactionInput[] = []): Promise<Reply> {
    const { http, transcript, audit, name } = this.#options
    let reply: HttpReply
    try {
      reply = await http.exchange(request)
    } catch (error) {
      transcript.note(name, request, error as Error)
      return miss(`the exchange failed: ${(error as Error).message}`)
    }
    transcript.note(name, request, reply)
    const message = readable(reply)
    if (message !== undefined) audit.look(message, asked)
    return { http: reply, message }
  }

  /** Posts a body as it is, under the usual media type of the version and syntax. */
  post(
    body: string | Uint8Array,
    headers: Record<string, string> = {},
    asked: readonly TransactionInput[] = [],
  ): Promise<Reply> {
    const type = { 'Content-Type': contentTypeOf(this.syntax, this.version) }
    return this.http({ body, headers: { ...type, ...headers } }, asked)
  }

  /** Posts transactions, in the session if there is one. */
  send(transactions: readonly TransactionInput[], sessionId = this.sessionId): Promise<Reply> {
    return this.post(this.write(transactions, sessionId), {}, transactions)
  }

  write(transactions: readonly TransactionInput[], sessionId = this.sessionId): string | Uint8Array {
    return encode({ version: this.version, syntax: this.syntax, sessionId, transactions })
  }

  /** One request and its answer. */
  async ask(primitive: PrimitiveInput, id = this.nextId()): Promise<Answer> {
    return theAnswer(await this.send([{ mode: 'Request', id, primitive }]))
  }

  /** Answers a transaction of the server's. */
  reply(to: Answer, primitive: PrimitiveInput): Promise<Reply> {
    return this.send([{ mode: 'Response', id: to.id, primitive }])
  }

  /** The usual Login-Request: 2-way unless `changes` says otherwise. */
  loginBody(changes: Partial<LoginBody> = {}): LoginBody {
    return {
      userId: this.account.userId,
      clientId: this.clientId,
      password: this.account.password,
      timeToLive: 600,
      sessionCookie: `cookie${this.name}`,
      ...changes,
    }
  }

  /** Tries to log in and takes the session if one is given. */
  async login(changes: Partial<LoginBody> = {}, id?: string): Promise<Answer> {
    const answer = await this.ask({ name: 'LoginRequest', body: this.loginBody(changes) }, id)
    if (answer.name === 'LoginResponse') this.sessionId = answer.as('LoginResponse').sessionId ?? this.sessionId
    return answer
  }

  /** DigestBytes for a nonce (CSP 6.4.2.2): BASE64 of the digest over nonce and password, both as ISO 8859-1. */
  digest(nonce: string, schema: string, password = this.account.password): string {
    const hash = createHash(schema === 'SHA' ? 'sha1' : schema.toLowerCase())
    return hash.update(Buffer.from(nonce + password, 'latin1')).digest('base64')
  }

  /** Logs in and negotiates what instant messaging needs, or other services. */
  async online(
    changes: Partial<LoginBody> = {},
    capabilities: Partial<Capabilities> = {},
    functions?: Services,
  ): Promise<this> {
    const login = await this.login(changes)
    if (login.code !== 200) miss(`${this.name} should be able to log in, but got ${login.code}`)
    await this.negotiate(capabilities, functions)
    return this
  }

  /** Says what it can do, and asks for services; what was made of its abilities. */
  async negotiate(capabilities: Partial<Capabilities> = {}, functions = messaging) {
    const capabilityList = { ...usualCapabilities, ...capabilities }
    const agreed = await this.ask({ name: 'ClientCapabilityRequest', body: { capabilityList } })
    await this.agree(functions)
    return agreed.as('ClientCapabilityResponse').agreedCapabilityList
  }

  /** Asks for services. */
  async agree(functions: Services): Promise<void> {
    const services = await this.ask({ name: 'ServiceRequest', body: { functions, allFunctionsRequest: false } })
    this.refused = services.as('ServiceResponse').functions
  }

  async logout(): Promise<Answer> {
    const answer = await this.ask({ name: 'LogoutRequest', body: {} })
    this.sessionId = undefined
    return answer
  }

  /** One PollingRequest, which carries no Transaction-ID (CSP 6.2). */
  async poll(): Promise<Reply> {
    if (this.#options.pollPause > 0) await pause(this.#options.pollPause)
    return this.send([{ mode: 'Request', primitive: { name: 'PollingRequest', body: {} } }])
  }

  /** Polls once, and answers what came as a well-behaved client does. */
  async fetch(): Promise<readonly Answer[]> {
    const came = answersIn(await this.poll(), 'Request')
    for (const it of came) await this.acknowledge(it)
    this.inbox.push(...came)
    return came
  }

  async acknowledge(it: Answer): Promise<Reply | undefined> {
    if (it.name === 'Disconnect') return undefined
    if (it.name !== 'NewMessage') return this.reply(it, { name: 'Status', body: { result: { code: 200 } } })
    const { messageId } = it.as('NewMessage').messageInfo
    if (messageId === undefined) return miss('a NewMessage should have a Message-ID')
    return this.reply(it, { name: 'MessageDelivered', body: { messageId } })
  }

  /** Fetches until nothing waits any more. */
  async fetchAll(): Promise<void> {
    while ((await this.fetch()).length > 0);
  }

  /** Fetches until something is there that the caller wants, and takes it out of the inbox. */
  async receive(what: string, wants: (it: Answer) => boolean): Promise<Answer> {
    const until = Date.now() + patienceMilliseconds
    for (;;) {
      const index = this.inbox.findIndex(wants)
      if (index >= 0) return this.inbox.splice(index, 1)[0]!
      if ((await this.fetch()).length > 0) continue
      if (Date.now() > until) return miss(`${this.name} should receive ${what}, but does not`)
      await pause(lookMilliseconds)
    }
  }

  receiveMessage(text: string): Promise<Answer> {
    return this.receive(`the message ${JSON.stringify(text)}`, it => textOf(it) === text)
  }

  receiveReport(messageId: string): Promise<Answer> {
    return this.receive(
      `a delivery report on ${messageId}`,
      it => it.name === 'DeliveryReportRequest' && it.as('DeliveryReportRequest').messageInfo.messageId === messageId,
    )
  }
}

/** The text of a NewMessage; undefined for anything else. */
export const textOf = (it: Answer): string | undefined => {
  if (it.name !== 'NewMessage') return undefined
  const { contentData } = it.as('NewMessage')
  return contentData instanceof Uint8Array ? new TextDecoder().decode(contentData) : contentData
}

export const pause = (milliseconds: number) => new Promise<void>(done => setTimeout(done, milliseconds))

const readable = ({ body }: HttpReply): Message | undefined => {
  if (body.length === 0) return undefined
  try {
    return decode(body)
  } catch (fault) {
    if (fault instanceof Malformed) return undefined
    throw fault
  }
}
