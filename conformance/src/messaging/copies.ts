import { type Phone, textOf } from '../phone.ts'
import type { Stage } from '../scenario.ts'
import { clear, client } from './clients.ts'
import { messageTo } from './send.ts'

type Named = Pick<Phone, 'clientId'> | { readonly applicationId: string }

/** The status code of a message from Romeo to Juliet, or to one of her clients or applications. */
export const write = async (romeo: Phone, { accounts }: Stage, text: string, named?: Named) => {
  const recipient = { users: [{ userId: accounts.juliet.userId, ...(named && pick(named)) }] }
  return (await romeo.ask(messageTo([], romeo, text, { info: { recipient } }))).code
}

const pick = (named: Named) => ('clientId' in named ? { clientId: named.clientId } : named)

/** How many copies of a text each of some phones gets. */
export async function copies(text: string, phones: readonly Phone[]): Promise<number[]> {
  const counts: number[] = []
  for (const phone of phones) {
    await phone.fetchAll()
    counts.push(phone.inbox.filter(it => textOf(it) === text).length)
  }
  return counts
}

export const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0)

/** Two clients of Juliet, the first of which has the higher priority. */
export async function twoClients(stage: Stage): Promise<[Phone, Phone]> {
  await clear(stage, 'juliet')
  const first = await client(stage, 'juliet', { capabilities: { sessionPriority: 9 } })
  return [first, await client(stage, 'juliet', { capabilities: { sessionPriority: 2 } })]
}
