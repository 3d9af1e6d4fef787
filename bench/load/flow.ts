import type { Syntax } from '@village/protocol'
import type { Bench } from './bench.ts'
import { languageOf } from './language.ts'
import { percentile } from './percentile.ts'
import type { Phone } from './phone.ts'
import { logInAll, type PhonesOptions } from './phones.ts'
import type { Subject } from './subject.ts'

/** Messages from one phone to another, one under way at a time: each has to arrive once, in order, at the right phone. */
export class Flow {
  readonly sender: Phone
  readonly recipient: Phone
  isUnderWay = false
  #number = 0
  #sentAt = 0
  #text = ''

  constructor(sender: Phone, recipient: Phone) {
    this.sender = sender
    this.recipient = recipient
  }

  /** The request that sends the next message. */
  next(): string {
    this.isUnderWay = true
    this.#number++
    this.#sentAt = performance.now()
    this.#text = `${this.sender.userId} ${this.#number} `
    return this.sender.send(this.recipient, this.#text)
  }

  accepted(answer: string) {
    if (!this.sender.language.isOk(answer)) throw new Error('A message was refused')
  }

  /** Milliseconds since it was sent. */
  arrived(text: string): number {
    if (!this.isUnderWay || !text.startsWith(this.#text)) throw new Error(`Another message was due than: ${text}`)
    this.isUnderWay = false
    return performance.now() - this.#sentAt
  }
}

export interface Ring {
  readonly subject: Subject
  readonly phones: readonly Phone[]
  /** One from every phone to the next one. */
  readonly flows: readonly Flow[]
}

/**
 * 100 phones, logged in to a server of their own.
 * @param users makes so many accounts, all with contacts and a block list; if left out, one for each phone and nothing else
 */
export async function makeRing(bench: Bench, syntax: Syntax, multiTrans: number, users?: number): Promise<Ring> {
  const count = bench.scaled(100)
  await bench.makeAccounts(users ?? count)
  if (users !== undefined) await bench.makeLists(users)
  return logInRing(bench, { subject: await bench.start(), language: languageOf(syntax), count, multiTrans })
}

export async function logInRing(bench: Bench, options: PhonesOptions): Promise<Ring> {
  const phones = await logInAll(options)
  bench.onClose(() => {
    for (const { connection } of phones) connection.close()
  })
  const { length } = phones
  return { subject: options.subject, phones, flows: phones.map((it, n) => new Flow(it, phones[(n + 1) % length]!)) }
}

/**
 * Carries one message as most phones do, with one transaction at a time: send; poll; MessageDelivered. A phone polls
 * when something waits for it, as one that is woken does.
 */
export function carry(flow: Flow, tally: Tally, then: (flow: Flow) => void) {
  const { sender, recipient } = flow
  const poll = () => {
    tally.exchanges++
    recipient.connection.post(recipient.poll(), answer => {
      const [message, ...others] = recipient.language.originatedIn(answer)
      if (message === undefined) return poll()
      if (others.length > 0) throw new Error('More than one transaction at a time')
      tally.arrived(flow.arrived(message.text))
      tally.exchanges++
      recipient.connection.post(recipient.delivered(message), () => then(flow))
    })
  }
  tally.exchanges++
  sender.connection.post(flow.next(), answer => {
    flow.accepted(answer)
    poll()
  })
}

/** So many messages until the compiler has done its work. */
export const untilCompiled = 30_000

/** What was counted while the flows ran. */
export class Tally {
  delivered = 0
  exchanges = 0
  #latencies: number[] = []
  #base = { delivered: 0, exchanges: 0 }

  arrived(milliseconds: number) {
    this.delivered++
    this.#latencies.push(milliseconds)
  }

  /** Forgets the warm-up. */
  begin() {
    this.#latencies = []
    this.#base = { delivered: this.delivered, exchanges: this.exchanges }
  }

  figures() {
    const exchanges = (this.exchanges - this.#base.exchanges) / (this.delivered - this.#base.delivered)
    return [
      { name: 'exchanges per message', value: exchanges },
      { name: 'send to delivery, p50 ms', value: percentile(this.#latencies, 0.5) },
      { name: 'send to delivery, p99 ms', value: percentile(this.#latencies, 0.99) },
    ]
  }
}
