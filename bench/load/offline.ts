import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from './bench.ts'
import { Connection } from './connection.ts'
import { languageOf, type Originated } from './language.ts'
import { type Phone, userIdOf } from './phone.ts'
import { logInAll } from './phones.ts'
import type { Subject } from './subject.ts'

const language = languageOf('xml')

/** A message that was handed to the server. */
interface Sent {
  readonly sender: Phone
  readonly text: string
  readonly request: string
}

/**
 * Senders with one message in flight each, to recipients who are not there. Knows of every message whether the server
 * has accepted it.
 */
export class OfflineLoad {
  readonly #recipients: number
  readonly #most: number
  readonly #underWay = new Map<Phone, Sent>()
  readonly accepted = new Set<string>()
  #number = 0

  /** @param most so many messages in all; if left out they never end */
  constructor(recipients: number, most = Number.POSITIVE_INFINITY) {
    this.#recipients = recipients
    this.#most = most
  }

  /** Phones `recipients` to `recipients + senders - 1` send to phones 0 to `recipients - 1`. */
  async start(subject: Subject, senders: number): Promise<void> {
    const phones = await logInAll({
      subject,
      language,
      count: senders,
      multiTrans: 1,
      first: this.#recipients,
      onLost: () => {},
    })
    for (const phone of phones) this.#send(phone)
  }

  /** Resolves when all of them have been accepted. */
  async finish(): Promise<void> {
    while (this.accepted.size < this.#most) await sleep(10)
  }

  /** After a restart every sender repeats what was not answered, in the session it had: nothing may come twice of it. */
  async repeat(subject: Subject): Promise<number> {
    const repeated = [...this.#underWay.values()]
    await Promise.all(
      repeated.map(async ({ sender, text, request }) => {
        sender.connection = new Connection(subject)
        this.#accept(text, await sender.connection.ask(request))
        sender.connection.close()
      }),
    )
    return repeated.length
  }

  #send(sender: Phone) {
    if (this.#number === this.#most) return sender.connection.close()
    const number = this.#number++
    const text = `message ${number} `
    const request = sender.send(userIdOf(number % this.#recipients), text)
    this.#underWay.set(sender, { sender, text, request })
    sender.connection.post(request, answer => {
      this.#accept(text, answer)
      this.#send(sender)
    })
  }

  #accept(text: string, answer: string) {
    if (!language.isOk(answer)) throw new Error('A message was refused')
    this.accepted.add(text.trim())
  }
}

/** All recipients log in and fetch what waits; how often each text came. */
export async function fetchAll(subject: Subject, recipients: number): Promise<Map<string, number>> {
  const seen = new Map<string, number>()
  const phones = await logInAll({ subject, language, count: recipients, multiTrans: 1 })
  const fetch = async (phone: Phone) => {
    await phone.fetch(message => note(message, seen))
    phone.connection.close()
  }
  await Promise.all(phones.map(fetch))
  return seen
}

/** Counts a text that came. */
export function note({ text }: Originated, seen: Map<string, number>) {
  const key = text.replace(/ \.*$/, '')
  seen.set(key, (seen.get(key) ?? 0) + 1)
}

/** What became of the messages: accepted and not delivered, delivered more than once. */
export const compare = (accepted: ReadonlySet<string>, seen: ReadonlyMap<string, number>) => ({
  lost: [...accepted].filter(text => !seen.has(text)).length,
  duplicated: [...seen.values()].filter(times => times > 1).length,
})

/** Kills the server, starts it anew, and counts what is missing and what came twice. */
export async function killAndCount(bench: Bench, subject: Subject, load: OfflineLoad, recipients: number) {
  await subject.end(false)
  const again = await bench.start()
  const repeated = await load.repeat(again)
  const counted = compare(load.accepted, await fetchAll(again, recipients))
  await again.end(false)
  return { ...counted, repeated, accepted: load.accepted.size }
}
