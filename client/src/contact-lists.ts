import type { BodyInput, Property } from '@village/protocol'
import { type FailedRecipient, failedIn } from './outgoing.ts'
import type { Session } from './session.ts'

/** Somebody on a contact list. */
export interface ListedContact {
  /** As in `wv:bob@example.com`. */
  readonly userId: string
  /** What the owner of the list calls the user; where nothing is said, servers take a name or the User-ID. */
  readonly nickname?: string | undefined
}

export interface ListProperties {
  readonly displayName?: string | undefined
  /** Whoever has lists has one default list; `false` of the default list changes nothing (CSP 8.1.1). */
  readonly isDefault?: boolean | undefined
  /** Whether those who are put on the list are not to be told (CSP 1.3). */
  readonly doNotNotify?: boolean | undefined
}

export interface ContactList {
  readonly properties: ListProperties
  readonly contacts: readonly ListedContact[]
}

/** What became of a change; who could not be added, is named. */
export interface ListChange {
  /** The list as it is now; undefined where the server does not say (CSP 1.1). */
  readonly contacts: readonly ListedContact[] | undefined
  readonly properties: ListProperties
  readonly failed: readonly FailedRecipient[]
}

/**
 * Contact lists as the server keeps them (CSP 8.1), named by their address: `wv:alice/friends@example.com`. Lists that
 * stay up to date, and know who is there, are `session.contacts`.
 */
export class ContactLists {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  /** The addresses of all lists, that of the default list first (CSP 8.1.2). @throws RequestFailed */
  async list(): Promise<{ readonly lists: readonly string[]; readonly defaultList: string | undefined }> {
    const { contactLists = [], defaultContactList } = await this.#session.request('GetListRequest', {})
    const lists = [...(defaultContactList === undefined ? [] : [defaultContactList]), ...contactLists]
    return { lists: [...new Set(lists)], defaultList: defaultContactList }
  }

  /**
   * Makes a list, with somebody on it or without. It is made also where some of what is asked for cannot be had.
   * @returns who could not be added
   * @throws RequestFailed ContactListAlreadyExists 701, TooManyContactLists 753, InvalidContactListProperty 752, ...
   */
  async create(
    contactList: string,
    { properties = {}, contacts = [] }: { properties?: ListProperties; contacts?: readonly ListedContact[] } = {},
  ): Promise<{ readonly failed: readonly FailedRecipient[] }> {
    const contactListProperties = writeProperties(properties)
    const answer = await this.#session.request('CreateListRequest', {
      contactList,
      nickList: contacts.length > 0 ? contacts.map(writeContact) : undefined,
      contactListProperties: contactListProperties.length > 0 ? contactListProperties : undefined,
    })
    return { failed: 'result' in answer ? failedIn(answer.result.details) : [] }
  }

  /** Does away with a list; who is subscribed to it is not any more. @throws RequestFailed ContactListDoesNotExist 700 */
  async delete(contactList: string): Promise<void> {
    await this.#session.request('DeleteListRequest', { contactList })
  }

  /** Who is on a list, and its properties. @throws RequestFailed ContactListDoesNotExist 700 */
  async read(contactList: string): Promise<ContactList> {
    const { contacts = [], properties } = await this.#manage({ contactList })
    return { contacts, properties }
  }

  /**
   * Puts users on a list; those who are on it get the new nickname, if there is one.
   * @param options `authorizeAndGrant` lets all on the list see who is online, and reach the user (CSP 1.3)
   * @throws RequestFailed if nobody could be added: UnknownUser 531, TooManyContacts 754, ContactListDoesNotExist 700
   */
  add(
    contactList: string,
    contacts: ListedContact | readonly ListedContact[],
    { authorizeAndGrant }: { readonly authorizeAndGrant?: true } = {},
  ): Promise<ListChange> {
    return this.#manage({ contactList, addNickList: [contacts].flat().map(writeContact), authorizeAndGrant })
  }

  /** Takes users off a list; those who are not on it are no failure. @throws RequestFailed ContactListDoesNotExist 700 */
  remove(contactList: string, userIds: string | readonly string[]): Promise<ListChange> {
    return this.#manage({ contactList, removeNickList: [userIds].flat() })
  }

  /** Changes those properties that are mentioned. @throws RequestFailed InvalidContactListProperty 752, ... */
  setProperties(contactList: string, properties: ListProperties): Promise<ListChange> {
    return this.#manage({ contactList, contactListProperties: writeProperties(properties) })
  }

  async #manage(body: BodyInput<'ListManageRequest'>): Promise<ListChange> {
    const answer = await this.#session.request('ListManageRequest', { ...body, receiveList: true })
    const { result, nickList, contactListProperties = [] } = answer
    return {
      contacts: nickList?.map(({ userId, name }) => ({ userId, nickname: name })),
      properties: readProperties(contactListProperties),
      failed: failedIn(result.details),
    }
  }
}

const writeContact = ({ userId, nickname: name }: ListedContact) => ({ userId, name })

const flag = (value: boolean | undefined) => (value === undefined ? undefined : value ? 'T' : 'F')

const writeProperties = ({ displayName, isDefault, doNotNotify }: ListProperties): Property[] =>
  Object.entries({ DisplayName: displayName, Default: flag(isDefault), DoNotNotify: flag(doNotNotify) }).flatMap(
    ([name, value]) => (value === undefined ? [] : [{ name, value }]),
  )

const readProperties = (properties: readonly Property[]): ListProperties => {
  const values = new Map(properties.map(({ name, value }) => [name.toLowerCase(), value]))
  const flagOf = (name: string) => (values.has(name) ? values.get(name) === 'T' : undefined)
  return {
    displayName: values.get('displayname'),
    isDefault: flagOf('default'),
    doNotNotify: flagOf('donotnotify'),
  }
}
