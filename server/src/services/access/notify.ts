import type { BodyInput } from '@village/protocol'
import type { House, SessionView } from '../context.ts'

export type Notification = BodyInput<'NotificationRequest'>

/**
 * Tells the clients of a user of an event that they have subscribed to (CSP 7.2.1), those included that were not heard
 * of since a restart. What is told is owed as long as the session lives, and is not written down.
 * @param except the client that caused it, and so knows
 */
export async function notify(userId: string, notification: Notification, { sessions }: House, except?: SessionView) {
  for (const session of await sessions.openOf(userId)) {
    if (session === except || !session.agreement.notifications.includes(notification.notificationType)) continue
    session.news.add({ name: 'NotificationRequest', body: notification })
    session.wake()
  }
}
