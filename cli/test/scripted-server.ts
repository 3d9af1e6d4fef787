import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { digestBytes } from '@village/client'
import {
  type Body,
  contentTypeOf,
  decode,
  encode,
  type Message,
  type PrimitiveInput,
  type PrimitiveName,
} from '@village/protocol'

export const password = 'secret è'
const nonce = 'nonce-1'

export const status = (code: number): PrimitiveInput => ({ name: 'Status', body: { result: { code } } })

type Terms = NonNullable<Body<'Status'>['result']['systemMessages']>[number]

/** A server of one session on a port of its own, which answers as it is told. */
export class ScriptedServer {
  readonly messages: Message[] = []
  /** Wanted from whoever logs in, who is then registered. */
  terms: Terms | undefined
  readonly #answers: Partial<Record<PrimitiveName, PrimitiveInput>> = {
    ClientCapabilityRequest: {
      name: 'ClientCapabilityResponse',
      body: { agreedCapabilityList: { multiTrans: 4, serverPollMin: 1, supportedBearers: ['HTTP'] } },
    },
    ServiceRequest: { name: 'ServiceResponse', body: {} },
    SendMessageRequest: { name: 'SendMessageResponse', body: { result: { code: 200 }, messageId: 'm1' } },
    LogoutRequest: status(200),
  }
  readonly #outbox: PrimitiveInput[] = []
  readonly #server = createServer(async (request, response) => {
    const message = decode(await buffer(request))
    const { version, syntax, sessionId } = message
    const answer = await this.#answer(message)
    const body = answer ? encode({ version, syntax, sessionId, transactions: [answer] }) : ''
    response.writeHead(200, { 'content-type': contentTypeOf(syntax, version) }).end(body)
  })

  /** Resolves to the address. */
  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/imps`
  }

  close() {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  answer(name: PrimitiveName, answer: PrimitiveInput) {
    this.#answers[name] = answer
  }

  push(primitive: PrimitiveInput) {
    this.#outbox.push(primitive)
  }

  /** The primitives that came, polls excepted. */
  get seen() {
    const primitives = this.messages.flatMap(({ transactions }) => transactions.map(({ primitive }) => primitive!))
    return primitives.filter(({ name }) => name !== 'PollingRequest')
  }

  async #answer(message: Message) {
    this.messages.push(message)
    const { mode, id, primitive } = message.transactions[0]!
    if (mode === 'Response') return undefined
    if (primitive?.name === 'PollingRequest') {
      // Held for a moment, as servers do that agreed to more than one transaction at a time.
      if (this.#outbox.length === 0) await delay(200)
      const next = this.#outbox.shift()
      return next && { mode: 'Request' as const, id: `s${this.messages.length}`, primitive: next }
    }
    const scripted = this.#answers[primitive!.name]
    const answer = primitive?.name === 'LoginRequest' && !scripted ? await login(primitive.body, this.terms) : scripted
    return { mode: 'Response' as const, id, primitive: answer ?? status(501) }
  }
}

async function login(request: Body<'LoginRequest'>, terms: Terms | undefined): Promise<PrimitiveInput> {
  const answer = (body: object, code = 200): PrimitiveInput => ({
    name: 'LoginResponse',
    body: { clientId: request.clientId, result: { code }, ...body },
  })
  if (terms !== undefined && request.systemMessageResponses === undefined)
    return answer({ result: { code: 903, systemMessages: [terms] } })
  if (request.password === undefined && request.digestBytes === undefined) return answer({ nonce, digestSchema: 'MD5' })
  const isRight = request.password === password || request.digestBytes === (await digestBytes('MD5', nonce, password))
  const opened = { sessionId: 'session-1', keepAliveTime: 600, capabilityRequest: true }
  return isRight ? answer({ ...opened, userId: terms && request.userId }) : answer({}, 409)
}

const alice = { users: [{ userId: 'wv:alice@village.local' }] }
const bob = { user: { userId: 'wv:bob@village.local' } }

export const newMessage = (messageId: string, contentData: string): PrimitiveInput => ({
  name: 'NewMessage',
  body: {
    messageInfo: { messageId, recipient: alice, sender: bob, dateTime: new Date('2026-01-02T03:04:05Z') },
    contentData,
  },
})

export const deliveryReport = (messageId: string): PrimitiveInput => ({
  name: 'DeliveryReportRequest',
  body: { result: { code: 200 }, messageInfo: { messageId, recipient: alice, sender: bob } },
})
