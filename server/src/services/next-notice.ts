import type { House, SessionView } from './context.ts'
import type { Notice } from './news.ts'
import { nextPresence } from './presence/presence-notification.ts'
import { nextRequest } from './presence/reactive-authorization.ts'

/**
 * What the client of a session is told next, of what is in no mailbox; undefined where there is nothing.
 * @param octets how many the message may have
 */
export async function nextNotice(session: SessionView, octets: number, house: House): Promise<Notice | undefined> {
  const { news } = session
  const notification = news.takeNotification()
  if (notification !== undefined) return { primitive: notification, onLost: () => news.add(notification) }
  return (await nextRequest(session, house)) ?? nextPresence(session, octets, house)
}
