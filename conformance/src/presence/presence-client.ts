import type { Body, BodyInput, PrimitiveInput } from '@village/protocol'
import type { Answer } from '../answer.ts'
import { miss } from '../expect.ts'
import { isRefused } from '../offered.ts'
import type { Account } from '../phone.ts'
import { type AttributeKey, type AttributeList, naming, saying, unsetting } from './attributes.ts'
import { ListOwner } from './list-owner.ts'
import { type Presence, Sight } from './sight.ts'

/** Users and contact lists that a request is about. */
type Whom = Pick<BodyInput<'SubscribePresenceRequest'>, 'userIds' | 'contactLists'>
type To = Omit<BodyInput<'CreateAttributeListRequest'>, 'presenceSubList' | 'defaultList'> & { defaultList?: boolean }

/** A user. */
type Named = Pick<Account, 'userId'>

/** All that is the user's rather than a client's, and may be left behind. */
const ofUser = [
  ...(['userAvailability', 'preferredContacts', 'preferredLanguage', 'statusText', 'statusMood', 'alias'] as const),
  ...(['statusContent', 'contactInfo', 'infoLink'] as const),
]

/** A person with a client that has agreed on presence. What it is told to do has to succeed; `ask` leaves that open. */
export class PresenceClient extends ListOwner {
  /** What it has been told of others. */
  readonly sight = new Sight()

  get userId(): string {
    return this.phone.account.userId
  }

  ask(primitive: PrimitiveInput): Promise<Answer> {
    return this.phone.ask(primitive)
  }

  /** Asks for something that has to succeed. */
  async does(primitive: PrimitiveInput): Promise<Answer> {
    const answer = await this.ask(primitive)
    return answer.code === 200
      ? answer
      : miss(`${this.phone.name}'s ${primitive.name} should get 200, not ${answer.code}`)
  }

  publish(presenceSubList: AttributeList): Promise<Answer> {
    return this.does({ name: 'UpdatePresenceRequest', body: { presenceSubList } })
  }

  say(values: Partial<Record<AttributeKey, string>>): Promise<Answer> {
    return this.publish(saying(values))
  }

  /** Authorises attributes (CSP 8.2). */
  show(attributes: readonly AttributeKey[], to: To): Promise<Answer> {
    const body = { presenceSubList: naming(attributes), defaultList: false, ...to }
    return this.does({ name: 'CreateAttributeListRequest', body })
  }

  /** Deletes attribute lists. */
  hide(from: Whom & { defaultList?: boolean }): Promise<Answer> {
    return this.does({ name: 'DeleteAttributeListRequest', body: { defaultList: false, ...from } })
  }

  async attributeLists(of: Whom & { defaultList?: boolean } = {}): Promise<Body<'GetAttributeListResponse'>> {
    const answer = await this.does({ name: 'GetAttributeListRequest', body: { defaultList: false, ...of } })
    return answer.as('GetAttributeListResponse')
  }

  watch(whom: Whom, attributes?: readonly AttributeKey[], autoSubscribe?: boolean): Promise<Answer> {
    const presenceSubList = attributes && naming(attributes)
    return this.does({ name: 'SubscribePresenceRequest', body: { ...whom, presenceSubList, autoSubscribe } })
  }

  unwatch(whom: Whom): Promise<Answer> {
    return this.does({ name: 'UnsubscribePresenceRequest', body: whom })
  }

  /** Reads presence once. */
  async look(whom: Whom, attributes?: readonly AttributeKey[]): Promise<readonly Presence[]> {
    const presenceSubList = attributes && naming(attributes)
    const answer = await this.does({ name: 'GetPresenceRequest', body: { ...whom, presenceSubList } })
    return answer.as('GetPresenceResponse').presences
  }

  /** The presence of the next notification. */
  async hear(what = 'a presence notification'): Promise<readonly Presence[]> {
    const answer = await this.phone.receive(what, it => it.name === 'PresenceNotificationRequest')
    return this.#learn(answer)
  }

  /** The presence of all notifications that wait. */
  async hearAll(): Promise<readonly Presence[]> {
    await this.phone.fetchAll()
    const told = this.phone.inbox.filter(it => it.name === 'PresenceNotificationRequest')
    this.phone.inbox.length = 0
    return told.flatMap(it => this.#learn(it))
  }

  /** Listens until this is what it knows of a user. */
  async sees(other: Named, key: AttributeKey, ...values: readonly string[]): Promise<void> {
    const isKnown = () => this.sight.valuesOf(other, key).join() === values.join()
    while (!isKnown()) await this.hear(`${key} ${JSON.stringify(values)} of ${other.userId}`)
  }

  async seesOnline(other: Named, isOnline: boolean): Promise<void> {
    while (this.sight.isOnline(other) !== isOnline)
      await this.hear(`that ${other.userId} is ${isOnline ? 'online' : 'offline'}`)
  }

  #learn(answer: Answer): readonly Presence[] {
    const { presences } = answer.as('PresenceNotificationRequest')
    this.sight.add(presences)
    return presences
  }

  /** Creates a contact list with these on it; resolves to its address. */
  async befriend(name: string, ...contacts: readonly PresenceClient[]): Promise<string> {
    const contactList = this.list(name)
    await this.create(contactList)
    await this.add(contactList, ...contacts)
    return contactList
  }

  async add(contactList: string, ...contacts: readonly PresenceClient[]): Promise<void> {
    const addNickList = contacts.map(({ userId }) => ({ userId }))
    const body = { contactList, addNickList, receiveList: false }
    if (contacts.length > 0) await this.does({ name: 'ListManageRequest', body })
  }

  async remove(contactList: string, { userId }: PresenceClient): Promise<void> {
    const removeNickList = [userId] as const
    await this.does({ name: 'ListManageRequest', body: { contactList, removeNickList, receiveList: false } })
  }

  /** Takes back what was published, and from whom it was to be seen. */
  async forget(others: readonly string[]): Promise<void> {
    const contactLists = isRefused(this.phone, 'presenceFeat', 'contListFunc', 'gcli') ? [] : await this.allLists()
    await this.hide({ defaultList: true, userIds: [...others], contactLists })
    for (const list of contactLists) await this.delete(list)
    if (!isRefused(this.phone, 'presenceFeat', 'presenceDeliverFunc', 'updpr')) await this.publish(unsetting(ofUser))
  }
}

export const users = (...clients: readonly PresenceClient[]) => ({ userIds: clients.map(({ userId }) => userId) })

/** A user that there is not, on the same server. */
export const nobody = ({ userId }: PresenceClient) => ({ userIds: [userId.replace(/^wv:/, 'wv:nobody-')] })
