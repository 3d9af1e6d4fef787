import { createHash, randomUUID } from 'node:crypto'
import {
  type Body,
  contentTypeOf,
  decode,
  encode,
  type Message,
  type PrimitiveInput,
  type PrimitiveName,
  type Transaction,
  type TransactionInput,
} from '@village/protocol'
import { md4 } from 'hash-wasm'

/**
 * What a script says to one transaction: a primitive that answers it, nothing, a whole message, a connection that
 * breaks after the request was carried out (`lost`), or an HTTP status.
 */
export type Reply =
  | PrimitiveInput
  | undefined
  | 'lost'
  | number
  | { readonly transactions: readonly TransactionInput[]; readonly poll?: boolean }
type Signal = AbortSignal | null | undefined
type Script = (body: any, transaction: Transaction, message: Message, signal: Signal) => Reply | Promise<Reply>

export const password = 'secret è'
const done: PrimitiveInput = { name: 'Status', body: { result: { code: 200 } } }
export const failure = (code: number): PrimitiveInput => ({ name: 'Status', body: { result: { code } } })

const hashes: Record<string, (text: string) => Promise<Buffer>> = {
  SHA: async text => createHash('sha1').update(text).digest(),
  MD5: async text => createHash('md5').update(text).digest(),
  MD4: async text => Buffer.from(await md4(text), 'hex'),
}

/** A server of one session that does the usual things, and anything else a test tells it to do. */
export class ScriptedServer {
  /** Every transaction that came, polls excepted, in order. */
  readonly seen: Transaction[] = []
  readonly messages: Message[] = []
  polls = 0
  readonly sessionId = randomUUID()
  digestSchema = 'SHA'
  keepAliveTime = 3600
  agreed: Partial<Body<'ClientCapabilityResponse'>['agreedCapabilityList']> = { serverPollMin: 1 }
  holdMilliseconds = 1500
  readonly #scripts: Partial<Record<PrimitiveName, Script>> = {}
  readonly #outbox: TransactionInput[] = []
  #wake: () => void = () => {}
  #count = 0

  constructor() {
    const { agreed } = this
    this.on('LoginRequest', body => this.#login(body))
    this.on('ClientCapabilityRequest', () => ({
      name: 'ClientCapabilityResponse',
      body: { agreedCapabilityList: { ...agreed, ...this.agreed } },
    }))
    this.on('ServiceRequest', () => ({ name: 'ServiceResponse', body: {} }))
    this.on('SendMessageRequest', () => ({
      name: 'SendMessageResponse',
      body: { result: { code: 200 }, messageId: `m${++this.#count}` },
    }))
    this.on('KeepAliveRequest', () => ({ name: 'KeepAliveResponse', body: { result: { code: 200 } } }))
    this.on('LogoutRequest', () => done)
    this.on('PollingRequest', async (_body, _transaction, _message, signal) => {
      if (this.#outbox.length === 0) await this.#hold()
      if (signal?.aborted) return undefined
      const next = this.#outbox.shift()
      return next && { transactions: [next], poll: this.#outbox.length > 0 }
    })
  }

  on(name: PrimitiveName, script: Script) {
    this.#scripts[name] = script
  }

  /** What is done for a primitive at present, for scripts that only add to it. */
  scriptFor(name: PrimitiveName): Script {
    return this.#scripts[name]!
  }

  /** Hands this out with a poll. */
  push(primitive: PrimitiveInput, id = `s${++this.#count}`) {
    this.#outbox.push({ mode: 'Request', id, primitive })
    this.#wake()
  }

  get waiting() {
    return this.#outbox.length
  }

  namesSeen() {
    return this.seen.map(({ primitive }) => primitive?.name)
  }

  /** A `fetch` that never leaves the process. */
  readonly fetch: typeof fetch = async (_, init) => {
    const { status, body, contentType } = await this.handle(init!.body as string | Uint8Array, init!.signal)
    return new Response(body as string, { status, headers: { 'content-type': contentType } })
  }

  /** @throws TypeError where the script lets the connection break, as `fetch` does */
  async handle(posted: string | Uint8Array, signal?: Signal) {
    const message = decode(typeof posted === 'string' ? new TextEncoder().encode(posted) : posted)
    const [transaction] = message.transactions
    const { primitive } = transaction!
    this.messages.push(message)
    if (primitive?.name === 'PollingRequest') this.polls++
    else {
      this.seen.push(transaction!)
      this.#wake()
    }
    const script = transaction!.mode === 'Request' ? this.#scripts[primitive!.name] : undefined
    const reply = await Promise.race([script?.(primitive!.body, transaction!, message, signal), aborted(signal)])
    if (reply === 'lost') throw new TypeError('connection lost')
    const { version, syntax, sessionId } = message
    const contentType = contentTypeOf(syntax, version)
    if (typeof reply === 'number') return { status: reply, body: '', contentType }
    if (reply === undefined) return { status: 200, body: '', contentType }
    const transactions =
      'transactions' in reply
        ? reply.transactions
        : [{ mode: 'Response' as const, id: transaction!.id, primitive: reply }]
    const poll = 'transactions' in reply ? reply.poll : this.#outbox.length > 0
    return { status: 200, body: encode({ version, syntax, sessionId, transactions, poll }), contentType }
  }

  async #login({ userId, clientId, password: given, digestBytes, digestSchemas }: Body<'LoginRequest'>) {
    const answer = (body: object): PrimitiveInput => ({
      name: 'LoginResponse',
      body: { clientId, result: { code: 200 }, ...body },
    })
    const nonce = 'nonce-1'
    if (given === undefined && digestBytes === undefined) {
      if (!digestSchemas.includes(this.digestSchema)) return answer({ result: { code: 543 } })
      return answer({ nonce, digestSchema: this.digestSchema })
    }
    const right = (await hashes[this.digestSchema]!(nonce + password)).toString('base64')
    const isRight = digestBytes === undefined ? given === password : digestBytes === right
    if (!isRight || userId.includes('nobody')) return answer({ result: { code: 409 } })
    return answer({ sessionId: this.sessionId, keepAliveTime: this.keepAliveTime, capabilityRequest: true })
  }

  /** Holds a poll until there is something to say or something else comes. */
  #hold(): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, this.holdMilliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

const aborted = (signal: Signal) =>
  new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason))
  })

export const newMessage = (
  messageId: string,
  text: string,
): Extract<PrimitiveInput, { readonly name: 'NewMessage' }> => ({
  name: 'NewMessage',
  body: {
    messageInfo: {
      messageId,
      contentType: 'text/plain',
      contentSize: text.length,
      recipient: { users: [{ userId: 'wv:alice@village.local' }] },
      sender: { user: { userId: 'wv:bob@village.local' } },
      dateTime: new Date('2026-01-02T03:04:05Z'),
    },
    contentData: text,
  },
})
