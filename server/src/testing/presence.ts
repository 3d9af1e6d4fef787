import type { Body, BodyInput, PresenceSubList, Primitive } from '@village/protocol'
import { attributesIn, naming, readAttributes, writeAttributes } from '../services/presence/attributes.ts'
import { type Phone, type PhoneOptions, pushed } from './phone.ts'
import type { Village } from './village.ts'

/** A phone that has agreed on presence and messages; in 1.2 unless it says otherwise. */
export const withPresence = (village: Village, user: string, options: PhoneOptions = {}): Promise<Phone> =>
  village.ready(user, { ...options, services: { ...pushed, presenceFeat: {} } })

/** Lets these see attributes, by their names with blanks between. */
export const authorize = (phone: Phone, names: string, to: Partial<BodyInput<'CreateAttributeListRequest'>>) =>
  phone.code({
    name: 'CreateAttributeListRequest',
    body: { presenceSubList: naming(readAttributes(names)), defaultList: false, ...to },
  })

export const watch = (phone: Phone, of: Partial<BodyInput<'SubscribePresenceRequest'>>, names = '') =>
  phone.code({
    name: 'SubscribePresenceRequest',
    body: { ...(names !== '' && { presenceSubList: naming(readAttributes(names)) }), ...of },
  })

export const publish = (phone: Phone, presenceSubList: Partial<PresenceSubList>) =>
  phone.code({
    name: 'UpdatePresenceRequest',
    body: { presenceSubList: { ...naming(0), ...presenceSubList } },
  })

export const sayStatus = (phone: Phone, text: string) =>
  publish(phone, { statusText: { qualifier: true, presenceValue: text } })

/** Polls and confirms until nothing is left; what the server said. */
async function collected(phone: Phone): Promise<Primitive[]> {
  const told: Primitive[] = []
  for (;;) {
    const { message } = await phone.poll()
    const asked = message?.transactions ?? []
    if (asked.length === 0) return told
    for (const { id, primitive } of asked) {
      if (primitive !== undefined) told.push(primitive)
      await phone.answer(id, { name: 'Status', body: { result: { code: 200 } } })
    }
  }
}

/** Presence that has come, in short: `bob: statusText=hello onlineStatuses=T`. */
export const heard = async (phone: Phone): Promise<string[]> =>
  (await collected(phone)).flatMap(primitive =>
    primitive.name === 'PresenceNotificationRequest' ? primitive.body.presences.map(inShort) : [],
  )

/** What has come about authorizations, in short: `AC bob friends default: OnlineStatus`, `PresenceAuth bob: Alias`. */
export const heardOfAuthorizations = async (phone: Phone): Promise<string[]> =>
  (await collected(phone)).flatMap(({ name, body }) => {
    if (name === 'PresenceAuthRequest') return `PresenceAuth ${nameIn(body.userId)}: ${namesIn(body.presenceSubList)}`
    if (name !== 'NotificationRequest') return []
    const { notificationType, userIds = [], contactLists = [], defaultList, presenceSubList } = body
    const lists = [...userIds, ...contactLists].map(nameIn)
    return `${[notificationType, ...lists, ...(defaultList ? ['default'] : [])].join(' ')}: ${namesIn(presenceSubList)}`
  })

/** The names of attributes in a list, with blanks between. */
export const namesIn = (list: PresenceSubList | undefined): string => writeAttributes(attributesIn(list))

type Presence = Body<'PresenceNotificationRequest'>['presences'][number]

export const inShort = ({ userId, contactList, presenceSubLists: [list] }: Presence): string => {
  const values = Object.entries(list ?? {})
    .filter(([, value]) => value !== undefined)
    .flatMap(([key, value]) => [value].flat().map(one => `${key}=${shortValue(one)}`))
  return [`${nameIn(userId ?? contactList)}:`, ...values].join(' ')
}

const nameIn = (address = '') => address.replace(/^wv:|@.*$/g, '')

const shortValue = (value: { readonly qualifier?: boolean; readonly presenceValue?: string } | string) =>
  typeof value === 'string' ? value : value.qualifier === false ? '?' : (value.presenceValue ?? '…')
