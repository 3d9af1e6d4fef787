import type { BodyInput } from '@village/protocol'
import type { House, SessionView } from '../context.ts'

export type Notification = BodyInput<'NotificationRequest'>

/**
 * Tells the clients of a user of an event that they have subscribed to (CSP 7.2.1), those included that were not heard
 * of since a restart. What is told is owed as long as the session lives, and is not written down.
 * @param except the client that caused it, and so knows
 */
export async function notify(userId: string, notification: Notification, house: House, except?: SessionView) {
  await notifying(userId, house, async () => {
    for (const session of await house.sessions.openOf(userId)) {
      if (session === except || !isSubscribed(session, notification)) continue
      session.news.add({ name: 'NotificationRequest', body: notification })
      session.wake()
    }
  })
}

/** Tells the other clients of a user what one of them has changed. */
export async function notifyOthers(session: SessionView, notifications: readonly Notification[], house: House) {
  for (const notification of notifications) await notify(session.userId, notification, house, session)
}

export const isSubscribed = ({ agreement }: SessionView, { notificationType }: Notification): boolean =>
  agreement.notifications.includes(notificationType)

/**
 * Finds out what there is to be told, and tells it. By then the event is on disk: whoever caused it succeeded, also where
 * others cannot be told, and must not be made to do it again.
 * @param userId whose event it is
 */
export async function notifying(userId: string, { log }: House, tell: () => Promise<unknown>): Promise<void> {
  try {
    await tell()
  } catch (error) {
    log.error('Clients could not be notified of an event', { userId, error })
  }
}
