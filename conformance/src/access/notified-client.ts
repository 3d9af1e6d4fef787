import type { Body, BodyInput } from '@village/protocol'
import type { Answer } from '../answer.ts'
import type { Phone } from '../phone.ts'
import { withContactLists } from '../presence/list-owner.ts'
import type { Person, Stage } from '../scenario.ts'

type Notification = Body<'NotificationRequest'>

export const subscribe = async (phone: Phone, notificationTypes?: readonly string[]) =>
  (await phone.ask({ name: 'SubscribeNotificationRequest', body: { notificationTypes } })).code

export const unsubscribe = async (phone: Phone, notificationTypes?: readonly string[]) =>
  (await phone.ask({ name: 'UnsubscribeNotificationRequest', body: { notificationTypes } })).code

/** A client that has agreed on messages with access control and on contact lists, where the server has them. */
export const client = async (stage: Stage, person: Person = 'romeo') =>
  withContactLists(await stage.phone(person).online(), stage)

/** One that has subscribed to types as well; to all that are allowed, unless told which. */
export async function notified(stage: Stage, types?: readonly string[], person: Person = 'romeo'): Promise<Phone> {
  const { phone } = await client(stage, person)
  const code = await subscribe(phone, types)
  if (code === 405) stage.skip('the server does not offer general notifications')
  stage.expect(code, 'the answer to the subscription').is(200)
  return phone
}

const asNotification = (it: Answer): Notification | undefined =>
  it.name === 'NotificationRequest' ? it.as('NotificationRequest') : undefined

/** The next notification of a type. */
export async function receive(phone: Phone, type: string): Promise<Notification> {
  const isIt = (it: Answer) => asNotification(it)?.notificationType === type
  return asNotification(await phone.receive(`a notification ${type}`, isIt))!
}

/** The types of all notifications that have come and were not received. */
export async function typesOfOthers(phone: Phone): Promise<string[]> {
  await phone.fetchAll()
  return phone.inbox.flatMap(it => asNotification(it)?.notificationType ?? [])
}

type Change = BodyInput<'BlockEntityRequest'>
export const changeAccess = async (phone: Phone, body: Change) =>
  (await phone.ask({ name: 'BlockEntityRequest', body })).code

/** Plays with Juliet not blocked by Romeo and his block list in use, before and after. */
export async function withBlockList(stage: Stage, play: (phone: Phone, juliet: string) => Promise<void>) {
  const { phone } = await client(stage)
  const { userId } = stage.accounts.juliet
  const usual: Change = { blockList: { removeList: { userIds: [userId] } }, blockListInUse: true }
  if ([405, 506].includes((await changeAccess(phone, usual)) ?? 0)) stage.skip('BLENT is not offered')
  try {
    await play(phone, userId)
  } finally {
    await changeAccess(phone, usual)
  }
}
