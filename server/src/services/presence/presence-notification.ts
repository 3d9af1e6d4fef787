import type { PresenceSubList } from '@village/protocol'
import type { House, SessionView } from '../context.ts'
import type { Notice, PresenceDue } from '../news.ts'
import { isEmpty } from './attributes.ts'
import { fitting, octetsOf, readable } from './fitting.ts'
import { askPublisher } from './reactive-authorization.ts'

/** Of an envelope, and of what is around the presence of one user. */
const envelopeOctets = 700
const userOctets = 140

/**
 * The next notification for a client: what it is to be told of one or more users whom it watches, as they are now, as far
 * as it can be read at once (CSP 8.3.2.1). Undefined where there is nothing to tell after all.
 */
export async function nextPresence(session: SessionView, octets: number, house: House): Promise<Notice | undefined> {
  const { news, userId: watcher } = session
  if (news.hasSubscriptionChanges)
    for (const [publisher, attributes] of await house.presence.follow(session))
      await askPublisher(publisher, watcher, attributes, house)
  const taken: [userId: string, due: PresenceDue][] = []
  const presences: { userId: string; presenceSubLists: PresenceSubList[] }[] = []
  const giveBack = () => {
    for (const [userId, due] of taken) news.addPresence(userId, due)
  }
  let room = octets - envelopeOctets
  for (let next = news.takePresence(); next !== undefined; next = news.takePresence()) {
    taken.push(next)
    const [userId, due] = next
    const list = await toldOf(userId, due, session, house).catch(fault => {
      giveBack()
      throw fault
    })
    if (list === undefined) continue
    const around = userOctets + userId.length
    const size = around + octetsOf(list)
    if (presences.length > 0 && size > room) {
      news.addPresence(...taken.pop()!)
      break
    }
    presences.push({ userId, presenceSubLists: [fitting(list, room - around)] })
    room -= size
  }
  if (presences.length === 0) return undefined
  const primitive = { name: 'PresenceNotificationRequest', body: { presences } } as const
  return { primitive, octets: octets - room, onLost: giveBack, isOfNow: true }
}

/** An initial notification is sent even if it is empty; a change of what may not be seen is none. */
async function toldOf(userId: string, { changed, initial }: PresenceDue, session: SessionView, { presence }: House) {
  const publisher = await presence.of(userId)
  const visible = presence.visible(publisher, session)
  if (initial === undefined && (changed & visible) === 0) return undefined
  if (!presence.isWatching(session, userId)) return undefined
  const told = publisher.tell({ changed: changed & visible, initial: (initial ?? 0) & visible })
  const list = readable(told, session, 'push')
  return initial === undefined && isEmpty(list) ? undefined : list
}
