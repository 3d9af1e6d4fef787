import type { PrimitiveInput } from '@village/protocol'
import type { HttpPhone } from './http-phone.ts'

type Attributes = Extract<PrimitiveInput, { readonly name: 'UpdatePresenceRequest' }>['body']['presenceSubList']

type Phone = Pick<HttpPhone, 'user' | 'told' | 'ask'>

interface Watcher {
  readonly phone: Phone
  /** How many of what it was told were from earlier lives of the server. */
  readonly earlier: number[]
}

/**
 * A user counts in the status text, and others watch: by User-ID, and by contact list. What was acknowledged before a kill
 * is on disk, and so are the subscriptions; after it everybody is told the presence whole (CSP 5.1.2).
 */
export class PresenceWatch {
  readonly #publisher: Phone
  readonly #watchers: readonly Watcher[]
  /** What was acknowledged when each life of the server ended. */
  readonly #acknowledgedBefore: number[] = []
  #acknowledged = 0

  constructor(publisher: Phone, watchers: readonly Phone[]) {
    this.#publisher = publisher
    this.#watchers = watchers.map(phone => ({ phone, earlier: [] }))
  }

  /** All are logged in. */
  async begin(): Promise<void> {
    await expectSuccess(this.#publisher, {
      name: 'CreateAttributeListRequest',
      body: { presenceSubList: { statusText: {} }, userIds: [], contactLists: [], defaultList: true },
    })
    await this.publish()
    for (const [index, { phone }] of this.#watchers.entries()) {
      const userIds = [this.#publisher.user]
      const contactList = phone.user.replace('@', '/watched@')
      if (index % 2 === 1)
        await phone.ask({ name: 'CreateListRequest', body: { contactList, nickList: [{ userId: userIds[0]! }] } })
      const subject = index % 2 === 0 ? { userIds } : { contactLists: [contactList], autoSubscribe: true }
      await expectSuccess(phone, { name: 'SubscribePresenceRequest', body: subject })
    }
  }

  /** The next number. */
  async publish(): Promise<void> {
    const next = this.#acknowledged + 1
    const presenceSubList: Attributes = { statusText: { qualifier: true, presenceValue: String(next) } }
    await expectSuccess(this.#publisher, { name: 'UpdatePresenceRequest', body: { presenceSubList } })
    this.#acknowledged = next
  }

  onKill() {
    this.#acknowledgedBefore.push(this.#acknowledged)
  }

  /** The server is up again, and nobody can be told anything by the one before. */
  onRestart() {
    for (const { phone, earlier } of this.#watchers) earlier.push(phone.told.length)
  }

  /** What must never be; at the end, when nothing was published since before the last kill. */
  wrong(): string[] {
    return this.#watchers.flatMap(({ phone: { user, told }, earlier }) => {
      const wrong: string[] = []
      for (const [index, count] of told.entries()) {
        if (count < (told[index - 1] ?? 0)) wrong.push(`${user} was told ${count} after ${told[index - 1]}`)
        const life = earlier.findLastIndex(before => before <= index)
        const least = this.#acknowledgedBefore[life] ?? 0
        if (count < least) wrong.push(`${user} was told ${count} when ${least} had been acknowledged before a kill`)
      }
      const last = told.slice(earlier.at(-1) ?? 0).at(-1)
      if (last !== this.#acknowledged)
        wrong.push(`${user} was told ${last ?? 'nothing'} after the last kill, and not ${this.#acknowledged}`)
      return wrong
    })
  }
}

async function expectSuccess(phone: Phone, primitive: PrimitiveInput): Promise<void> {
  const answer = await phone.ask(primitive)
  if (answer.name !== 'Status' || answer.body.result.code !== 200)
    throw new Error(`${phone.user} was refused ${primitive.name}: ${JSON.stringify(answer)}`)
}
