import { Connection } from './connection.ts'
import type { Language, WakeMethod } from './language.ts'
import { Phone } from './phone.ts'
import type { Subject } from './subject.ts'

export interface PhonesOptions {
  readonly subject: Subject
  readonly language: Language
  readonly count: number
  /** Transactions a phone can have open; from 2 on the server holds its polls. */
  readonly multiTrans: number
  /** Ways in which it can be woken; none if left out. */
  readonly wakeMethods?: readonly WakeMethod[] | undefined
  /** Number of the first phone. */
  readonly first?: number | undefined
  /** Told when the server closes a connection that waits for an answer; otherwise that ends the run. */
  readonly onLost?: ((why: string) => void) | undefined
}

/** Phones that have logged in, some at a time, each with a connection of its own. */
export async function logInAll({
  subject,
  language,
  count,
  multiTrans,
  wakeMethods,
  first = 0,
  onLost,
}: PhonesOptions): Promise<Phone[]> {
  const phones = Array.from(
    { length: count },
    (_, n) => new Phone(first + n, language, new Connection(subject, onLost)),
  )
  const capabilities = language.capabilities(multiTrans, wakeMethods)
  let next = 0
  const work = async () => {
    while (next < phones.length) await phones[next++]!.login(capabilities)
  }
  await Promise.all(Array.from({ length: 16 }, work))
  return phones
}
