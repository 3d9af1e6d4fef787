import type { PrimitiveInput, TransactionInput } from '@village/protocol'
import { TransportFailed } from './failures.ts'
import { pause } from './pause.ts'
import { backoff, type RequestOptions } from './requests.ts'

/** Answers to what the server asks, sent again while they do not get through (CSP 5.4). */
export class Responses {
  readonly #send: (transaction: TransactionInput) => Promise<void>
  readonly #options: RequestOptions
  readonly #signal: AbortSignal
  readonly #open = new Set<Promise<void>>()

  /** @param signal says when the session is over: then nothing is sent any more */
  constructor(
    send: (transaction: TransactionInput, milliseconds: number) => Promise<void>,
    options: RequestOptions,
    signal: AbortSignal,
  ) {
    this.#send = transaction => send(transaction, options.answerMilliseconds)
    this.#options = options
    this.#signal = signal
  }

  /** @throws TransportFailed */
  bring(id: string | undefined, answer: PrimitiveInput): Promise<void> {
    const brought = this.#bring(id, answer)
    this.#open.add(brought)
    const forget = () => void this.#open.delete(brought)
    brought.then(forget, forget)
    return brought
  }

  /** Resolves when all that are under way have arrived or failed. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#open)
  }

  async #bring(id: string | undefined, primitive: PrimitiveInput): Promise<void> {
    for (let attempt = 1; !this.#signal.aborted; attempt++) {
      try {
        return await this.#send({ mode: 'Response', id, primitive })
      } catch (failure) {
        const isPassing = failure instanceof TransportFailed && failure.isPassing
        if (!isPassing || attempt >= this.#options.attempts) throw failure
        await pause(backoff(attempt), this.#signal)
      }
    }
  }
}
