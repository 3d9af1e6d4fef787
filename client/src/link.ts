import type { Message, TransactionInput } from '@village/protocol'
import { Slots } from './slots.ts'
import type { Wire } from './wire.ts'

const noLimit = Number.POSITIVE_INFINITY

/** One session's way to the server: posts its messages, hands on every message found in a reply. */
export class Link {
  /** How many messages have been posted, polls not counted. */
  sent = 0
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
  async send(transaction: TransactionInput, timeout: number): Promise<void> {
    this.sent++
    await this.#exchange(transaction, timeout)
    this.lastAt = Date.now()
  }

  /** A poll carries no Transaction-ID (CSP 6.2). Resolves to whether anything came. @throws TransportFailed */
  async poll(timeout: number): Promise<boolean> {
    const reply = await this.#exchange({ mode: 'Request', primitive: { name: 'PollingRequest', body: {} } }, timeout)
    return (reply?.transactions.length ?? 0) > 0
  }

  async #exchange(transaction: TransactionInput, timeout: number): Promise<Message | undefined> {
    const posted = { sessionId: this.#sessionId, transactions: [transaction] }
    const reply = await this.#lane.run(() => this.#wire.exchange(posted, { timeout, signal: this.#signal }))
    if (reply && !this.#signal.aborted) this.#receive(reply)
    return reply
  }
}
