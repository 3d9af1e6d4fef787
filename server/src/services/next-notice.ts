import type { SessionView } from './context.ts'
import type { Notice } from './news.ts'

/** What the client of a session is told next, of what is in no mailbox; undefined where there is nothing. */
export async function nextNotice({ news }: SessionView): Promise<Notice | undefined> {
  const notification = news.takeNotification()
  return notification && { primitive: notification, onLost: () => news.add(notification) }
}
