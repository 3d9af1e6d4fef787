import { isSubscribed } from './access/notify.ts'
import type { SessionView } from './context.ts'
import type { Notice } from './news.ts'

/** What the client of a session is told next, of what is in no mailbox; undefined where there is nothing. */
export async function nextNotice(session: SessionView): Promise<Notice | undefined> {
  const { news } = session
  for (;;) {
    const notification = news.takeNotification()
    if (notification === undefined) return undefined
    // The client may have unsubscribed from it since (CSP 7.2.1).
    if (notification.name !== 'NotificationRequest' || isSubscribed(session, notification.body))
      return { primitive: notification, onLost: () => news.add(notification) }
  }
}
