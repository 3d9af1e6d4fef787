import type { PrimitiveInput } from '@village/protocol'

interface Answered {
  readonly fingerprint: string
  readonly answer: PrimitiveInput
  readonly at: number
}

const lifeMilliseconds = 600_000
const most = 64

/**
 * Answers to recent transactions of one session, so that a repeated request is executed once (CSP 5.4). A repeat has
 * the same Transaction-ID, primitive and body: clients in the field count from 1 to 999 and start over, so the same id
 * with another body is a new transaction.
 */
export class Repeats {
  #answers: Map<string, Answered> | undefined

  find(transactionId: string, fingerprint: string, now: number): PrimitiveInput | undefined {
    const known = this.#answers?.get(transactionId)
    return known && known.fingerprint === fingerprint && known.at > now - lifeMilliseconds ? known.answer : undefined
  }

  remember(transactionId: string, fingerprint: string, answer: PrimitiveInput, at: number) {
    this.#answers ??= new Map()
    this.#answers.delete(transactionId) // so that it becomes the youngest
    this.#answers.set(transactionId, { fingerprint, answer, at })
    if (this.#answers.size > most) this.#answers.delete(this.#answers.keys().next().value!)
  }

  /** Lets go of what is too old to be repeated. Oldest first, so that looking is cheap where nothing is. */
  prune(now: number) {
    for (const [id, { at }] of this.#answers ?? []) {
      if (at > now - lifeMilliseconds) return
      this.#answers!.delete(id)
    }
    this.#answers = undefined
  }
}
