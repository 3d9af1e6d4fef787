import type { Body, BodyInput } from '@village/protocol'
import { type Phone, type PhoneOptions, pushed, type Reply } from './phone.ts'
import type { Village } from './village.ts'

/** What there is to be notified of today: access control, and contact lists. */
const services = { ...pushed, presenceFeat: { contListFunc: {} } } as const

/** A phone that can be notified, and has not subscribed to anything. */
export const withServices = (village: Village, user: string, clientId: string, options: PhoneOptions = {}) =>
  village.ready(user, { version: '1.3', services, clientId, ...options })

/** A phone that is notified of these types; of all that it may be, unless told which. */
export async function subscribed(
  village: Village,
  user: string,
  types?: readonly string[],
  options: PhoneOptions = {},
): Promise<Phone> {
  const phone = await withServices(village, user, options.clientId ?? `ears-of-${user}`, options)
  const code = await subscribe(phone, types)
  if (code !== 200) throw new Error(`the subscription of ${user} was answered with ${code}`)
  return phone
}

export const subscribe = (phone: Phone, notificationTypes?: readonly string[]) =>
  phone.code({ name: 'SubscribeNotificationRequest', body: { notificationTypes } })

export const unsubscribe = (phone: Phone, notificationTypes?: readonly string[]) =>
  phone.code({ name: 'UnsubscribeNotificationRequest', body: { notificationTypes } })

type Notification = BodyInput<'NotificationRequest'>

/** What one poll brought that is a notification, with the ids to answer. */
export const notificationsIn = ({ message }: Reply): { id: string; body: Body<'NotificationRequest'> }[] =>
  (message?.transactions ?? []).flatMap(({ id, primitive }) =>
    primitive?.name === 'NotificationRequest' ? [{ id: id!, body: primitive.body }] : [],
  )

/** Polls and answers until nothing is left; the notifications that came, in their order. */
export async function heard(phone: Phone): Promise<Notification[]> {
  const all: Notification[] = []
  for (;;) {
    const came = notificationsIn(await phone.poll())
    if (came.length === 0) return all
    for (const { id, body } of came) {
      all.push(JSON.parse(JSON.stringify(body)))
      await phone.answer(id, { name: 'Status', body: { result: { code: 200 } } })
    }
  }
}
