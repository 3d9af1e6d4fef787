import type { Named } from './arriving.ts'
import type { ListedContact, ListProperties } from './contact-lists.ts'
import type { Roster } from './contact-roster.ts'
import { ContactSubscriptions } from './contact-subscriptions.ts'
import { RequestFailed } from './failures.ts'
import { isGeneralNotification, type NotificationType, readNotification } from './general-notifications.ts'
import type { ServerPrimitive } from './inbox.ts'
import { isPresenceNotification } from './presence.ts'
import { attributesIn } from './presence-attributes.ts'
import { readStatus } from './presence-status.ts'
import type { Session } from './session.ts'

/** What servers tell of contact lists and who is on them. */
export type ContactEvent = Named<
  'PresenceNotificationRequest' | 'ListManageNotificationRequest' | 'NotificationRequest'
>

/** The general notifications about contact lists (CSP 7.2.1). */
export const listTypes: readonly NotificationType[] = ['contactListCreated', 'contactListChanged', 'contactListDeleted']

/** @param isOurs whether it is somebody whose presence is wanted */
export function isContactEvent(
  primitive: ServerPrimitive,
  isOurs: (userId: string) => boolean,
): primitive is ContactEvent {
  if (isPresenceNotification(primitive))
    return primitive.body.presences.some(({ userId }) => userId !== undefined && isOurs(userId))
  if (!isGeneralNotification(primitive)) return primitive.name === 'ListManageNotificationRequest'
  const { type } = readNotification(primitive.body)
  return type !== undefined && listTypes.includes(type)
}

/** Keeps a roster as the server has it, and the subscriptions as the roster is. */
export class ContactSync {
  readonly #session: Session
  readonly #roster: Roster
  readonly #subscriptions: ContactSubscriptions
  /** Lists that have changed and could not be read since. */
  readonly #stale = new Set<string>()

  constructor(session: Session, roster: Roster) {
    this.#session = session
    this.#roster = roster
    this.#subscriptions = new ContactSubscriptions(session)
  }

  /** Reads which lists there are, and all of them. @throws RequestFailed, TransportFailed, ... */
  async readAll(): Promise<void> {
    const { lists, defaultList } = await this.#session.contactLists.list()
    const keys = new Set(lists.map(address => this.#roster.keyOf(address)))
    for (const { address } of this.#roster.lists) if (!keys.has(this.#roster.keyOf(address))) await this.drop(address)
    for (const address of lists) await this.#read(address, { isDefault: address === defaultList })
  }

  /** A list is as the server says. */
  async put(address: string, contacts: readonly ListedContact[], properties: ListProperties = {}): Promise<void> {
    const before = this.#roster.membersOf(address)
    this.#roster.put(address, { contacts, properties })
    const userIds = contacts.map(({ userId }) => userId)
    if (before === undefined) return this.#subscriptions.follow(this.#key(address), address, userIds)
    const known = new Set(before.map(({ userId }) => this.#key(userId)))
    const joined = userIds.filter(userId => !known.has(this.#key(userId)))
    await this.#subscriptions.joined(this.#key(address), joined)
    await this.#forget(
      address,
      before.map(({ userId }) => userId),
    )
  }

  /** Somebody was put on a list. */
  async add(address: string, contacts: readonly ListedContact[]): Promise<void> {
    this.#roster.add(address, contacts)
    await this.#subscriptions.joined(
      this.#key(address),
      contacts.map(({ userId }) => userId),
    )
  }

  /** Somebody was taken off a list. */
  async remove(address: string, userIds: readonly string[]): Promise<void> {
    this.#roster.remove(address, userIds)
    await this.#forget(address, userIds)
  }

  /** A list is gone. */
  async drop(address: string): Promise<void> {
    const userIds = (this.#roster.membersOf(address) ?? []).map(({ userId }) => userId)
    this.#roster.drop(address)
    await this.#forget(address, userIds)
    this.#subscriptions.dropped(this.#key(address))
  }

  /** Does what the server has told. @throws RequestFailed, TransportFailed, ...; it is tried again with what is told next */
  async take({ name, body }: ContactEvent): Promise<void> {
    if (name === 'PresenceNotificationRequest') this.#learn(body.presences)
    else if (name === 'NotificationRequest') await this.#note(body)
    else if (this.#roster.membersOf(body.contactList) === undefined) this.#stale.add(body.contactList)
    else {
      const added = (body.addNickList ?? []).map(({ userId, name: nickname }) => ({ userId, nickname }))
      await this.add(body.contactList, added)
      await this.remove(body.contactList, body.removeNickList ?? [])
    }
    for (const address of [...this.#stale]) {
      await this.#read(address)
      this.#stale.delete(address)
    }
  }

  /** Ends the subscriptions. */
  async end(): Promise<void> {
    await this.#subscriptions.end(this.#roster.contacts.map(({ userId }) => userId))
  }

  #learn(presences: Named<'PresenceNotificationRequest'>['body']['presences']) {
    for (const presence of presences)
      if (presence.userId !== undefined)
        this.#roster.learn(presence.userId, before => readStatus(attributesIn(presence), before))
  }

  async #note(body: Named<'NotificationRequest'>['body']): Promise<void> {
    const { type, contactLists } = readNotification(body)
    for (const address of contactLists)
      if (type === 'contactListDeleted') await this.drop(address)
      else this.#stale.add(address)
  }

  async #read(address: string, known: ListProperties = {}): Promise<void> {
    try {
      const { contacts, properties } = await this.#session.contactLists.read(address)
      await this.put(address, contacts, { ...known, ...properties })
    } catch (failure) {
      if (!(failure instanceof RequestFailed && failure.name === 'ContactListDoesNotExist')) throw failure
      await this.drop(address)
    }
  }

  /** Those of them who are on no list any more need not be followed. */
  #forget(address: string, userIds: readonly string[]): Promise<void> {
    const left = userIds.filter(userId => this.#roster.contact(this.#key(userId)) === undefined)
    return this.#subscriptions.left(this.#key(address), left)
  }

  #key(address: string): string {
    return this.#roster.keyOf(address)
  }
}
