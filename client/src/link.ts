import { type Message, status, type Transaction, type TransactionInput } from '@village/protocol'
import { Slots } from './slots.ts'
import type { ExchangeLimits, OnSent, Wire } from './wire.ts'

const noLimit = Number.POSITIVE_INFINITY

/** One session's way to the server: posts its messages, hands on every message found in a reply. */
export class Link {
  /** How many messages have been posted, polls not counted. */
  sent = 0
  /** How many of them are not answered yet. */
  underWay = 0
  /** When a reply came to such a message, in milliseconds since the epoch. */
  lastAt = Date.now()
  readonly #wire: Wire
  readonly #sessionId: string
  readonly #receive: (message: Message) => void
  readonly #signal: AbortSignal
  /** Until several transactions may be open, servers are not asked to listen to two connections at a time. */
  readonly #lane = new Slots(1)

  constructor(wire: Wire, sessionId: string, receive: (message: Message) => void, signal: AbortSignal) {
    this.#wire = wire
    this.#sessionId = sessionId
    this.#receive = receive
    this.#signal = signal
  }

  set isParallel(isParallel: boolean) {
    this.#lane.limit = isParallel ? noLimit : 1
  }

  /** @throws TransportFailed */
  async send(transaction: TransactionInput, timeout: number, onSent?: OnSent): Promise<void> {
    this.sent++
    this.underWay++
    try {
      const reply = await this.#exchange(transaction, { timeout, onSent })
      if (reply) this.#take(reply)
      this.lastAt = Date.now()
    } finally {
      this.underWay--
    }
  }

  /** A poll carries no Transaction-ID (CSP 6.2). Resolves to whether anything came. @throws TransportFailed */
  async poll(timeout: number): Promise<boolean> {
    const polling = { mode: 'Request', primitive: { name: 'PollingRequest', body: {} } } as const
    const reply = await this.#exchange(polling, { timeout })
    if (reply === undefined) return false
    // Nothing but a refusal of the poll itself, as while System Messages are to be answered (CSP 7.1), brings nothing.
    const transactions = reply.transactions.filter(transaction => !isRefusedPoll(transaction))
    this.#take({ ...reply, transactions })
    return transactions.length > 0
  }

  #exchange(transaction: TransactionInput, limits: ExchangeLimits): Promise<Message | undefined> {
    const posted = { sessionId: this.#sessionId, transactions: [transaction] }
    return this.#lane.run(() => this.#wire.exchange(posted, { ...limits, signal: this.#signal }))
  }

  #take(reply: Message) {
    if (!this.#signal.aborted) this.#receive(reply)
  }
}

/** It has no Transaction-ID, so it would pass for the answer to another request. */
const isRefusedPoll = ({ id, primitive }: Transaction): boolean =>
  id === undefined &&
  primitive?.name === 'Status' &&
  primitive.body.result.code === status.SystemMessageResponseRequired.code
