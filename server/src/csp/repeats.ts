import type { PrimitiveInput } from '@village/protocol'

/** An answer that was given, and what became of it. */
export class Answered {
  readonly fingerprint: string
  readonly answer: PrimitiveInput
  readonly at: number
  readonly #onLost: () => void
  #handover: 'under way' | 'sent' | 'lost' = 'under way'

  constructor(fingerprint: string, answer: PrimitiveInput, at: number, onLost: () => void) {
    this.fingerprint = fingerprint
    this.answer = answer
    this.at = at
    this.#onLost = onLost
  }

  /** It never was handed to a socket, and is not on its way to one. */
  get isLost(): boolean {
    return this.#handover === 'lost'
  }

  /** It is in a message again. */
  again() {
    if (this.isLost) this.#handover = 'under way'
  }

  /** It was fully handed to a socket, and stays so whatever becomes of a repeat. */
  sent() {
    this.#handover = 'sent'
  }

  /** It could not be handed to a socket. */
  lost() {
    if (this.#handover === 'sent') return
    this.#handover = 'lost'
    this.#onLost()
  }
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
  #hasLost = false

  find(transactionId: string, fingerprint: string, now: number): Answered | undefined {
    const known = this.#answers?.get(transactionId)
    return known && known.fingerprint === fingerprint && known.at > now - lifeMilliseconds ? known : undefined
  }

  /**
   * The same request under an id that is new, where the answer to the earlier one never reached a socket. Each loss
   * accounts for one such repeat: what comes after it is meant.
   */
  takeLost(transactionId: string, fingerprint: string, now: number): Answered | undefined {
    if (!this.#hasLost) return undefined
    this.#hasLost = false
    for (const [id, known] of this.#answers ?? []) {
      if (!known.isLost || known.at <= now - lifeMilliseconds) continue
      this.#hasLost = true
      if (known.fingerprint !== fingerprint) continue
      this.#answers!.delete(id)
      return this.remember(transactionId, fingerprint, known.answer, now)
    }
    return undefined
  }

  remember(transactionId: string, fingerprint: string, answer: PrimitiveInput, at: number): Answered {
    this.#answers ??= new Map()
    this.#answers.delete(transactionId) // so that it becomes the youngest
    const answered = new Answered(fingerprint, answer, at, this.#onLost)
    this.#answers.set(transactionId, answered)
    if (this.#answers.size > most) this.#answers.delete(this.#answers.keys().next().value!)
    return answered
  }

  readonly #onLost = () => {
    this.#hasLost = true
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
