import { createHash } from 'node:crypto'
import {
  type BodyInput,
  contentTypeOf,
  decode,
  encode,
  type Message,
  type MessageInput,
  type Primitive,
  type PrimitiveInput,
  type Syntax,
  type Transaction,
  type TransactionInput,
  type Version,
} from '@village/protocol'
import type { Outbound } from '../csp/reply.ts'
import type { Village } from './village.ts'

export interface PhoneOptions {
  readonly version?: Version | undefined
  readonly syntax?: Syntax | undefined
  readonly clientId?: string | undefined
  readonly password?: string | undefined
  readonly address?: string | undefined
  readonly isSecure?: boolean | undefined
  /** Its number, on the word of a trusted gateway. */
  readonly msisdn?: string | undefined
  /** Transactions open at a time, and in one message. */
  readonly multiTrans?: number | undefined
  readonly perMessage?: number | undefined
  /** How it wants to be woken. */
  readonly cirMethods?: readonly string[] | undefined
  readonly udpPort?: number | undefined
  /** What else it says about itself. */
  readonly capabilities?: Partial<Capabilities> | undefined
  /** What it agrees on; messages pushed, and reports, unless told otherwise. */
  readonly services?: Services | undefined
  readonly applicationId?: string | undefined
}

type Capabilities = NonNullable<BodyInput<'ClientCapabilityRequest'>['capabilityList']>
type Services = BodyInput<'ServiceRequest'>['functions']
type Login = Partial<BodyInput<'LoginRequest'>>
type Body<N extends Primitive['name']> = Extract<Primitive, { readonly name: N }>['body']

const encoder = new TextEncoder()
const octetsOf = (body: string | Uint8Array) => (typeof body === 'string' ? encoder.encode(body) : body)

/** What came back, read again. */
export interface Reply {
  readonly outbound: Outbound
  /** Undefined for an empty body. */
  readonly message: Message | undefined
}

/** A client that speaks real messages to a server in the same process. */
export class Phone {
  readonly user: string
  readonly version: Version
  readonly syntax: Syntax
  sessionId: string | undefined
  /** What the server made of its abilities. */
  agreed: Body<'ClientCapabilityResponse'>['agreedCapabilityList'] | undefined
  readonly #village: Village
  readonly #options: PhoneOptions
  #count = 0

  constructor(village: Village, user: string, options: PhoneOptions) {
    this.#village = village
    this.user = user
    this.#options = options
    this.version = options.version ?? '1.2'
    this.syntax = options.syntax ?? 'xml'
  }

  get clientId(): string {
    return this.#options.clientId ?? `phone-of-${this.user}`
  }

  get password(): string {
    return this.#options.password ?? `${this.user}-secret`
  }

  /** Sends octets as they are. */
  async post(body: string | Uint8Array, contentType?: string, onGone?: (run: () => void) => void): Promise<Outbound> {
    const { address = '192.0.2.1', isSecure = false, msisdn } = this.#options
    const peer = { address, isSecure, msisdn, origin: 'http://im.example.com:8080' }
    return this.#village.core.receive({ body: octetsOf(body), contentType, peer, onGone })
  }

  async exchange(transactions: readonly TransactionInput[], more: Partial<MessageInput> = {}): Promise<Reply> {
    return this.#read(await this.post(this.write(transactions, more), contentTypeOf(this.syntax, this.version)))
  }

  write(transactions: readonly TransactionInput[], more: Partial<MessageInput> = {}): string | Uint8Array {
    const { version, syntax, sessionId } = this
    return encode({ version, syntax, sessionId, transactions, ...more })
  }

  /** One request; resolves to its answer. */
  async ask(primitive: PrimitiveInput, id = this.nextId()): Promise<Transaction> {
    const { message } = await this.exchange([{ mode: 'Request', id, primitive }])
    const answer = message?.transactions.find(transaction => transaction.id === id)
    if (answer === undefined) throw new Error(`${primitive.name} was not answered`)
    return answer
  }

  /** As `ask`, for those who only want to know how it went. */
  async code(primitive: PrimitiveInput, id?: string): Promise<number | undefined> {
    return codeOf((await this.ask(primitive, id)).primitive)
  }

  nextId(): string {
    this.#count++
    return String(this.#count)
  }

  /** Transaction-IDs begin anew, as they do in a phone that was switched off. */
  forgetIds() {
    this.#count = 0
  }

  loginBody(more: Login = {}): BodyInput<'LoginRequest'> {
    return {
      userId: `wv:${this.user}@example.com`,
      clientId: { url: this.clientId },
      sessionCookie: `cookie-of-${this.user}`,
      applicationId: this.#options.applicationId,
      ...more,
    }
  }

  /** One step of a login; outband unless told otherwise. */
  async loginStep(
    more: Login,
    inside: Partial<MessageInput> = { sessionId: undefined },
  ): Promise<Body<'LoginResponse'>> {
    const primitive = { name: 'LoginRequest', body: this.loginBody(more) } as const
    const { message } = await this.exchange([{ mode: 'Request', id: this.nextId(), primitive }], inside)
    return expectPrimitive(message?.transactions[0]?.primitive, 'LoginResponse')
  }

  /** 2-way. */
  async login(more: Login = {}): Promise<Body<'LoginResponse'>> {
    const body = await this.loginStep({ password: this.password, ...more })
    this.sessionId = body.sessionId ?? this.sessionId
    return body
  }

  /** Agrees on all services there are, and on abilities. */
  async negotiate(services: Services = this.#options.services ?? pushed) {
    const { multiTrans = 1, perMessage, cirMethods, udpPort, capabilities } = this.#options
    const { primitive } = await this.ask({
      name: 'ClientCapabilityRequest',
      body: {
        capabilityList: {
          clientType: 'MOBILE_PHONE',
          initialDeliveryMethod: 'P',
          multiTrans,
          multiTransPerMessage: perMessage,
          parserSize: 32_768,
          supportedBearers: ['HTTP'],
          supportedCirMethods: cirMethods,
          udpPort,
          ...capabilities,
        },
      },
    })
    this.agreed = expectPrimitive(primitive, 'ClientCapabilityResponse').agreedCapabilityList
    return this.ask({ name: 'ServiceRequest', body: { functions: services, allFunctionsRequest: false } })
  }

  /** One PollingRequest; resolves to what the server had to say. */
  async poll(onGone?: (run: () => void) => void): Promise<Reply> {
    const body = this.write([{ mode: 'Request', primitive: { name: 'PollingRequest', body: {} } }])
    return this.#read(await this.post(body, contentTypeOf(this.syntax, this.version), onGone))
  }

  /** Answers a transaction of the server's. */
  answer(id: string | undefined, primitive: PrimitiveInput): Promise<Reply> {
    return this.exchange([{ mode: 'Response', id, primitive }])
  }

  send(to: string | readonly string[], text: string, more: SendOptions = {}): Promise<Transaction> {
    return this.ask(this.message(to, text, more), more.id)
  }

  message(to: string | readonly string[], text: string, more: SendOptions = {}): PrimitiveInput {
    const users = [to].flat().map(userId => ({ userId }))
    const sender = more.sender ?? { user: { userId: `wv:${this.user}@example.com` } }
    const recipient = { users, ...more.recipient }
    return {
      name: 'SendMessageRequest',
      body: {
        deliveryReport: more.report ?? false,
        messageInfo: { contentType: 'text/plain', contentSize: text.length, ...more.info, sender, recipient },
        contentData: text,
      },
    }
  }

  /** Polls and confirms until nothing is left; the messages that came, in their order. */
  async collect(): Promise<Body<'NewMessage'>[]> {
    const came: Body<'NewMessage'>[] = []
    for (;;) {
      const { message } = await this.poll()
      const asked = message?.transactions ?? []
      if (asked.length === 0) return came
      for (const { id, primitive } of asked) {
        if (primitive?.name === 'NewMessage') {
          came.push(primitive.body)
          const messageId = primitive.body.messageInfo.messageId!
          await this.answer(id, { name: 'MessageDelivered', body: { messageId } })
        } else await this.answer(id, { name: 'Status', body: { result: { code: 200 } } })
      }
    }
  }

  async texts(): Promise<unknown[]> {
    return (await this.collect()).map(({ contentData }) => contentData)
  }

  #read(outbound: Outbound): Reply {
    const octets = octetsOf(outbound.body)
    return { outbound, message: octets.length === 0 ? undefined : decode(octets) }
  }
}

interface SendOptions {
  readonly id?: string | undefined
  readonly report?: boolean | undefined
  readonly sender?: BodyInput<'SendMessageRequest'>['messageInfo']['sender'] | undefined
  readonly recipient?: Partial<BodyInput<'SendMessageRequest'>['messageInfo']['recipient']> | undefined
  readonly info?: Partial<BodyInput<'SendMessageRequest'>['messageInfo']> | undefined
}

/** Messages by push, reports on those it sends, and access control. */
export const pushed: Services = {
  imFeat: { imSendFunc: { mdeliv: true }, imReceiveFunc: { newm: true }, imAuthFunc: {} },
}

/** All there is about messages. */
export const allMessaging: Services = { imFeat: { imSendFunc: {}, imReceiveFunc: {} } }

/** DigestBytes of a 4-way login, as phones make them: one octet a character (CSP 6.4.2.2). */
export const digestBytes = (schema: 'SHA' | 'MD5', nonce: string, password: string): string =>
  createHash(schema === 'SHA' ? 'sha1' : 'md5')
    .update(nonce + password, 'latin1')
    .digest('base64')

export const codeOf = (primitive: Primitive | undefined): number | undefined => {
  const body = primitive?.body as { readonly result?: { readonly code: number } } | undefined
  return body?.result?.code
}

/** The body of a primitive that has to be there. */
export function expectPrimitive<N extends Primitive['name']>(primitive: Primitive | undefined, name: N): Body<N> {
  if (primitive?.name !== name) throw new Error(`expected ${name}, got ${primitive?.name} ${codeOf(primitive) ?? ''}`)
  return primitive.body as Body<N>
}
