import { mostOctets } from './access/agreement.ts'
import { partsOf } from './access/notification-parts.ts'
import { isSubscribed } from './access/notify.ts'
import type { House, SessionView } from './context.ts'
import type { Notice } from './news.ts'
import { mostOctetsOfPrimitive, octetsOfNotice } from './notice-size.ts'
import { nextListChange } from './presence/next-list-change.ts'
import { nextPresence } from './presence/presence-notification.ts'
import { nextRequest } from './presence/reactive-authorization.ts'

/** Of an event with its envelope: an address or two, or the attributes that somebody asks for. */
const usualOctets = 1500

/**
 * What the client of a session is told next, of what is in no mailbox; undefined where there is nothing.
 * @param octets how many the message may have
 */
export async function nextNotice(session: SessionView, octets: number, house: House): Promise<Notice | undefined> {
  const isAlone = octets >= mostOctets(session.agreement)
  for (let event = await nextEvent(session, house); event !== undefined; event = await nextEvent(session, house)) {
    const notice = fitting(event, octets, session)
    if (notice !== undefined) return notice
    // It has to wait for a message of its own. What is too large for that as well cannot be told at all.
    if (!isAlone) {
      event.onUnfit()
      return undefined
    }
  }
  const notice = (await nextListChange(session, octets, house)) ?? (await nextPresence(session, octets, house))
  if (isAlone || notice?.octets === undefined || notice.octets <= octets) return notice
  // Nothing is cut only to go along with others.
  notice.onLost?.()
  return undefined
}

interface Event extends Pick<Notice, 'primitive' | 'isOfNow'> {
  /** It did not reach the client. */
  readonly onLost: () => void
  /** There is no room for it now. */
  readonly onUnfit: () => void
}

/** What happened, as it was; then who wants to see more of the user. */
async function nextEvent(session: SessionView, house: House): Promise<Event | undefined> {
  const { news } = session
  for (let primitive = news.takeNotification(); primitive !== undefined; primitive = news.takeNotification()) {
    const notification = primitive
    // The client may have unsubscribed from it since (CSP 7.2.1).
    if (notification.name === 'NotificationRequest' && !isSubscribed(session, notification.body)) continue
    const [onLost, onUnfit] = [() => news.add(notification), () => news.putFirst(notification)]
    return { primitive: notification, onLost, onUnfit }
  }
  const request = await nextRequest(session, house)
  return request && { ...request, onUnfit: request.onLost }
}

/** As much of an event as there is room for; the others that it names are told of later. */
function fitting({ primitive, onLost, isOfNow }: Event, octets: number, session: SessionView): Notice | undefined {
  if (usualOctets <= octets && mostOctetsOfPrimitive(primitive) <= usualOctets)
    return { primitive, octets: usualOctets, onLost, isOfNow }
  const whole = octetsOfNotice(primitive, session)
  if (whole <= octets) return { primitive, octets: whole, onLost, isOfNow }
  if (primitive.name !== 'NotificationRequest') return undefined
  const telling = (body: typeof primitive.body) => ({ name: 'NotificationRequest', body }) as const
  const parts = partsOf(primitive.body, part => octetsOfNotice(telling(part), session) <= octets)
  if (parts === undefined) return undefined
  const { news } = session
  const first = telling(parts.first)
  if (parts.rest !== undefined) news.putFirst(telling(parts.rest))
  return { primitive: first, octets: octetsOfNotice(first, session), onLost: () => news.add(first) }
}
