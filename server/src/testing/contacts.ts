import type { Body, BodyInput } from '@village/protocol'
import type { NewContact, NewContactList } from '../store/contact-lists.ts'
import { expectPrimitive, type Phone, type PhoneOptions, pushed } from './phone.ts'
import type { Village } from './village.ts'

/** A contact list that nothing was said about, by its key. */
export const newList = (listId: string): NewContactList => ({
  listId,
  address: listId,
  displayName: '',
  doNotNotify: false,
})

/** Somebody to be put on a list, by the key of the address. */
export const newContact = (userId: string, nickName?: string): NewContact => ({ userId, address: userId, nickName })

/** A phone that has agreed on contact lists and messages; in 1.2 unless it says otherwise. */
export const withLists = (village: Village, user: string, options: PhoneOptions = {}): Promise<Phone> =>
  village.ready(user, { ...options, services: { ...pushed, presenceFeat: { contListFunc: {} } } })

/** What ListManage answers. */
export const manage = async (
  phone: Phone,
  contactList: string,
  change: Omit<BodyInput<'ListManageRequest'>, 'contactList'> = { receiveList: true },
): Promise<Body<'ListManageResponse'>> =>
  expectPrimitive(
    (await phone.ask({ name: 'ListManageRequest', body: { contactList, ...change } })).primitive,
    'ListManageResponse',
  )

export const readList = (phone: Phone, contactList: string) => manage(phone, contactList)

/** Properties by their names. */
export const propertiesOf = ({
  contactListProperties = [],
}: Pick<Body<'ListManageResponse'>, 'contactListProperties'>): Record<string, string | undefined> =>
  Object.fromEntries(contactListProperties.map(({ name, value }) => [name, value]))
