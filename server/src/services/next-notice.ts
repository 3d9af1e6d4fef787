import { isSubscribed } from './access/notify.ts'
import type { House, SessionView } from './context.ts'
import type { Notice } from './news.ts'
import { nextListChange } from './presence/next-list-change.ts'
import { nextPresence } from './presence/presence-notification.ts'
import { nextRequest } from './presence/reactive-authorization.ts'

/** Of an event with its envelope: an address or two, or the attributes that somebody asks for. */
const octetsOfNotification = 1500

/**
 * What the client of a session is told next, of what is in no mailbox; undefined where there is nothing.
 * @param octets how many the message may have
 */
export async function nextNotice(session: SessionView, octets: number, house: House): Promise<Notice | undefined> {
  const { news } = session
  for (let primitive = news.takeNotification(); primitive !== undefined; primitive = news.takeNotification()) {
    const notification = primitive
    // The client may have unsubscribed from it since (CSP 7.2.1).
    if (notification.name !== 'NotificationRequest' || isSubscribed(session, notification.body))
      return { primitive: notification, octets: octetsOfNotification, onLost: () => news.add(notification) }
  }
  const request = await nextRequest(session, house)
  if (request !== undefined) return { ...request, octets: octetsOfNotification }
  return (await nextListChange(session, octets, house)) ?? nextPresence(session, octets, house)
}
