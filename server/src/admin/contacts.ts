import { parseUserId, Refusal, type ResourceAddress, type StatusName } from '@village/protocol'
import type { Contact, ContactList, ContactLists, PropertyChange } from '../store/contact-lists.ts'
import type { Log } from '../telemetry/log.ts'
import { parseOwnList } from './own-list.ts'
import { UserRefusal, type UserRefusalCode } from './user-refusal.ts'

/**
 * The contact lists of users, for operators. A list is named by its address or the last part of it. All refuse
 * `BadUserId`, `ForeignDomain`, `NoSuchAccount`, and all that name a list `NoSuchList`.
 */
export interface ContactAdmin {
  /** Oldest first. */
  list(userId: string): Promise<{ readonly lists: readonly ListedList[] }>
  show(userId: string, list: string): Promise<ShownList>
  /** Refuses `ListExists`, `TooManyLists`. */
  create(userId: string, list: NewList): Promise<ShownList>
  delete(userId: string, list: string): Promise<void>
  /** All of it or nothing. Refuses `NoSuchAccount` for who is to be added and does not exist, `TooManyContacts`. */
  change(userId: string, list: string, change: ListMembers): Promise<ShownList>
}

export interface NewList {
  readonly list: string
  readonly displayName?: string | undefined
  readonly isDefault?: boolean | undefined
}

export interface ListMembers {
  /** Who is there already gets the nickname. */
  readonly add?: readonly { readonly userId: string; readonly nickName?: string | undefined }[] | undefined
  /** Need not be there. */
  readonly remove?: readonly string[] | undefined
}

export interface ListedList extends Pick<ContactList, 'displayName' | 'isDefault' | 'doNotNotify'> {
  /** Its address in full. */
  readonly list: string
  /** How many are on it. */
  readonly count: number
}

interface ShownList extends ListedList {
  readonly contacts: readonly { readonly userId: string; readonly nickName: string }[]
}

interface ContactAdminOptions {
  readonly records: Pick<ContactLists, 'ofUser' | 'find' | 'members'>
  /** Who writes, by the rules of the protocol. Its refusals are those of the protocol. */
  readonly lists: {
    create(userId: string, address: ResourceAddress, properties: PropertyChange): Promise<void>
    delete(userId: string, listId: string): Promise<void>
    change(userId: string, listId: string, change: Required<ListMembers>): Promise<void>
  }
  /** In lower case: users of these can be named otherwise, see {@link parseUserId}. */
  readonly domains: readonly string[]
  /** The key of a user who has an account. Throws a `UserRefusal`. */
  readonly find: (userId: string) => Promise<string>
  readonly log: Log
}

export const createContactAdmin = ({ records, lists, domains, find, log }: ContactAdminOptions): ContactAdmin => {
  const shown = async (userId: string, { key }: ResourceAddress): Promise<ShownList> => {
    const list = await records.find(userId, key)
    if (list === undefined) throw noSuchList(userId)
    const members = await records.members(key)
    const contacts = members.map(({ address, nickName }) => ({ userId: address, nickName }))
    return { ...listed(list, members), contacts }
  }
  const read = async (user: string, list: string) => {
    const userId = await find(user)
    return { userId, address: parseOwnList(list, userId) }
  }

  return {
    list: async user => {
      const found = await records.ofUser(await find(user))
      return { lists: await Promise.all(found.map(async list => listed(list, await records.members(list.listId)))) }
    },

    show: async (user, list) => {
      const { userId, address } = await read(user, list)
      return shown(userId, address)
    },

    create: async (user, { list, displayName, isDefault }) => {
      const { userId, address } = await read(user, list)
      await lists.create(userId, address, { displayName, isDefault }).catch(retell(userId))
      log.info('An operator created a contact list of a user', { userId })
      return shown(userId, address)
    },

    delete: async (user, list) => {
      const { userId, address } = await read(user, list)
      await lists.delete(userId, address.key).catch(retell(userId))
      log.info('An operator deleted a contact list of a user', { userId })
    },

    change: async (user, list, { add = [], remove = [] }) => {
      const { userId, address } = await read(user, list)
      // What is no address is not on the list either.
      const removed = remove.flatMap(it => parseUserId(it, address.domain, domains)?.key ?? [])
      await lists.change(userId, address.key, { add, remove: removed }).catch(retell(userId))
      log.info('An operator changed a contact list of a user', { userId, count: add.length + remove.length })
      return shown(userId, address)
    },
  }
}

const listed = (list: ContactList, members: readonly Contact[]): ListedList => {
  const { address, displayName, isDefault, doNotNotify } = list
  return { list: address, displayName, isDefault, doNotNotify, count: members.length }
}

const noSuchList = (userId: string) =>
  new UserRefusal('NoSuchList', `${userId} has no such contact list. "village contact list" tells which there are.`)

/** What the protocol refuses, in words for operators. */
const retell = (userId: string) => (fault: unknown) => {
  const told = fault instanceof Refusal ? refusals[fault.status]?.(fault, userId) : undefined
  throw told === undefined ? fault : new UserRefusal(...told)
}

type Retold = (refusal: Refusal, userId: string) => [code: UserRefusalCode, hint: string]

const refusals: Partial<Record<StatusName, Retold>> = {
  ContactListDoesNotExist: (_, userId) => ['NoSuchList', noSuchList(userId).message],
  ContactListAlreadyExists: (_, userId) => [
    'ListExists',
    `${userId} has that contact list already. Choose another name.`,
  ],
  TooManyContactLists: (_, userId) => [
    'TooManyLists',
    `${userId} has as many contact lists as contacts.maxLists allows. Delete one, or raise it.`,
  ],
  TooManyContacts: (_, userId) => [
    'TooManyContacts',
    `${userId} would have more contacts than contacts.maxContacts allows. Nobody was added; remove some, or raise it.`,
  ],
  UnknownUser: ({ description }) => ['NoSuchAccount', `Nobody was added, for these do not exist: ${description}.`],
  BadRequest: ({ description }) => [
    'BadRequest',
    `Nobody was added, for nicknames have at most 200 characters and no control characters: ${description}.`,
  ],
  InvalidContactListProperty: () => [
    'BadRequest',
    'displayName must have at most 200 characters and no control characters.',
  ],
}
