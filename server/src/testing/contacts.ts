import type { Body, BodyInput } from '@village/protocol'
import type { NewContact, NewContactList } from '../store/contact-lists.ts'
import { expectPrimitive, type Phone, type PhoneOptions, pushed, type Reply } from './phone.ts'
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

/** A phone of 1.3 that has agreed on contact lists and on being told of changes. */
export const withListNews = (village: Village, user: string, options: PhoneOptions = {}): Promise<Phone> => {
  const contListFunc = { gcli: true, ccli: true, dcli: true, mcls: true, ncls: true } as const
  return village.ready(user, { version: '1.3', ...options, services: { ...pushed, presenceFeat: { contListFunc } } })
}

/** Polls and answers with a code until nothing is left; the messages that came. */
export async function* fetched(phone: Phone, code = 200): AsyncIterable<Reply> {
  for (let reply = await phone.poll(); ; ) {
    const asked = askedIn(reply)
    if (asked.length === 0) return
    yield reply
    reply = await phone.exchange(asked.map(({ id }) => ({ mode: 'Response', id, primitive: statusOf(code) })))
    // A client that can have several transactions open is told more in the answer to its own.
    if (askedIn(reply).length === 0) reply = await phone.poll()
  }
}

/** Message by message what was told of which list, in short. */
export async function heardByMessage(phone: Phone, code = 200): Promise<string[][]> {
  const told: string[][] = []
  for await (const reply of fetched(phone, code)) told.push(listChangesIn(reply))
  return told
}

export const heardOfLists = async (phone: Phone, code = 200): Promise<string[]> =>
  (await heardByMessage(phone, code)).flat()

const statusOf = (code: number) => ({ name: 'Status', body: { result: { code } } }) as const

const askedIn = ({ message }: Reply) => message?.transactions.filter(({ mode }) => mode === 'Request') ?? []

/** In short: `friends +Bob -carol`. */
export const listChangesIn = (reply: Reply): string[] =>
  askedIn(reply).flatMap(({ primitive }) =>
    primitive?.name === 'ListManageNotificationRequest' ? [listChangeInShort(primitive.body)] : [],
  )

const listChangeInShort = (change: Body<'ListManageNotificationRequest'>): string => {
  const { contactList, addNickList = [], removeNickList = [] } = change
  const added = addNickList.map(({ name, userId }) => `+${name ?? userId}`)
  const removed = removeNickList.map(userId => `-${shortName(userId)}`)
  return [contactList.replace(/^.*\/|@.*$/g, ''), ...added, ...removed].join(' ')
}

const shortName = (userId: string) => userId.replace(/^wv:|@.*$/g, '')

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
