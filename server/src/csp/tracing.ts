import {
  clientKey,
  decode,
  harmlessReason,
  Malformed,
  type Message,
  outline,
  type Primitive,
  parseUserId,
} from '@village/protocol'
import type { Trace, Traceable, TracedTransaction } from '../telemetry/trace.ts'
import type { Traces } from '../telemetry/traces.ts'
import type { World } from '../world.ts'
import type { Inbound } from './engine.ts'
import type { Outbound } from './reply.ts'
import { Session } from './session.ts'
import type { Gone } from './sessions.ts'

type Answer = () => Promise<Outbound> | Outbound

/** What is kept of one message at most; the characters are of the content of all its transactions together. */
const most = { characters: 4096, transactions: 20 }
/** Of a Client-ID or a Transaction-ID, which may be as long as a message. */
const longestId = 100
const labelLength = 6

/**
 * Notes what traced users and this server say to each other, and nothing secret: texts only as `outline` lets them
 * through. While nobody is traced it does nothing.
 */
export class Tracing {
  readonly #traces: Traces
  readonly #world: World
  readonly #domains: readonly string[]

  constructor(traces: Traces, world: World, domains: readonly string[]) {
    this.#traces = traces
    this.#world = world
    this.#domains = domains
  }

  /**
   * Has a message answered.
   * @param whose the session it belongs to, or what is known of one that is gone; else a login says whose it is
   */
  follow(whose: Session | Gone | undefined, message: Message, inbound: Inbound, answer: Answer) {
    if (this.#traces.isEmpty) return answer()
    const userId = whose?.userId ?? this.#userNamedIn(message)
    const trace = userId === undefined ? undefined : this.#traces.of(userId)
    if (trace !== undefined) return this.#note(trace, whose, message, inbound, answer)
    const isStray = userId === undefined && (message.transactions.some(({ refusal }) => refusal) || loginIn(message))
    if (isStray) this.#noteStray(inbound, { ...dialectOf(message), ...transactionsOf(message) })
    return answer()
  }

  /** A message that is none. */
  onMalformed(inbound: Inbound, fault: Malformed) {
    if (this.#traces.isEmpty) return
    this.#noteStray(inbound, { fault: `${harmlessReason(fault)}, octet ${fault.offset}`, transactions: [] })
  }

  /** What cannot be read and so names nobody is in every trace, for it may be what is looked for. */
  #noteStray({ peer, body }: Inbound, more: Pick<Traceable, 'fault' | 'transactions'>) {
    const stray = { at: this.#time(), direction: 'in', source: peer.address, octets: body.length, ...more } as const
    for (const trace of this.#traces.all()) trace.add(stray)
  }

  async #note(trace: Trace, whose: Session | Gone | undefined, message: Message, inbound: Inbound, answer: Answer) {
    const begun = this.#world.now()
    const speaker = { source: inbound.peer.address, client: clientOf(whose, message), ...dialectOf(message) }
    const heard: Traceable = {
      ...{ at: this.#time(), direction: 'in', ...speaker, session: this.#label(message) },
      octets: inbound.body.length,
      ...transactionsOf(message, inbound.body),
    }
    const isPoll = message.transactions.every(({ primitive }) => primitive?.name === 'PollingRequest')
    if (!isPoll) trace.add(heard)
    const onAnswered = (said: Pick<Traceable, 'octets' | 'transactions' | 'fault' | 'session'>) => {
      if (isPoll) trace.add(heard)
      const milliseconds = this.#world.now() - begun
      trace.add({ at: this.#time(), direction: 'out', ...speaker, session: heard.session, ...said, milliseconds })
    }
    try {
      const outbound = await answer()
      if (isPoll && outbound.body.length === 0) trace.addIdlePoll(heard)
      else onAnswered(this.#said(outbound))
      return outbound
    } catch (error) {
      onAnswered({ octets: 0, fault: `not answered: ${(error as Error).name}`, transactions: [] })
      throw error
    }
  }

  #said({ body }: Outbound) {
    const octets = typeof body === 'string' ? new TextEncoder().encode(body) : body
    if (octets.length === 0) return { octets: 0, transactions: [] }
    try {
      const message = decode(octets)
      const session = this.#label(message)
      return { octets: octets.length, ...transactionsOf(message, octets), ...(session && { session }) }
    } catch (fault) {
      // A mistake of the server's, and no reason to give the client another answer than if nobody looked.
      if (!(fault instanceof Malformed)) throw fault
      return { octets: octets.length, fault: harmlessReason(fault), transactions: [] }
    }
  }

  /** A session begins with the answer to a login. */
  #label({ sessionId, transactions: [first] }: Message): string | undefined {
    const { primitive } = first ?? {}
    const id = sessionId ?? (primitive?.name === 'LoginResponse' ? primitive.body.sessionId : undefined)
    return id && this.#world.digest(id).slice(0, labelLength)
  }

  #userNamedIn(message: Message): string | undefined {
    const login = loginIn(message)
    return login && parseUserId(login.userId, this.#domains[0]!, this.#domains)?.key
  }

  #time = () => new Date(this.#world.now()).toISOString()
}

const dialectOf = ({ version, syntax }: Message) => ({ version, syntax })

const loginIn = ({ transactions }: Message) => {
  for (const { primitive } of transactions) if (primitive?.name === 'LoginRequest') return primitive.body
  return undefined
}

/** As lists of sessions have it; a phone number is not written out. */
const clientOf = (whose: Session | Gone | undefined, message: Message): string | undefined => {
  const login = loginIn(message)
  const key = whose instanceof Session ? whose.clientKey : login && clientKey(login.clientId)
  return key?.replace(/^msisdn:.*(?=...$)/, 'msisdn:…').slice(0, longestId)
}

/** @param body is left out where what the transactions say is not to be told */
const transactionsOf = ({ version, transactions }: Message, body?: Uint8Array) => {
  const contents = body === undefined ? [] : outline(body, version, most.characters)
  const left = transactions.slice(0, most.transactions).map(
    ({ mode, id, primitive, refusal }, index): TracedTransaction => ({
      mode,
      id: id?.slice(0, longestId),
      primitive: primitive?.name,
      status: primitive && statusOf(primitive),
      fault: refusal && harmlessReason(refusal),
      content: contents[index] ?? [],
    }),
  )
  const more = transactions.length - left.length
  return { transactions: left, ...(more > 0 && { moreTransactions: more }) }
}

const statusOf = ({ body }: Primitive): number | undefined => ('result' in body ? body.result?.code : undefined)
