import type { Body, BodyInput, PresenceSubList } from '@village/protocol'
import { naming, readAttributes } from '../services/presence/attributes.ts'
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

/** Polls and confirms until nothing is left; what was told of whom, in short: `bob: StatusText=hello OnlineStatus=T`. */
export async function heard(phone: Phone): Promise<string[]> {
  const told: string[] = []
  for (;;) {
    const { message } = await phone.poll()
    const asked = message?.transactions ?? []
    if (asked.length === 0) return told
    for (const { id, primitive } of asked) {
      if (primitive?.name === 'PresenceNotificationRequest') told.push(...primitive.body.presences.map(inShort))
      await phone.answer(id, { name: 'Status', body: { result: { code: 200 } } })
    }
  }
}

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
