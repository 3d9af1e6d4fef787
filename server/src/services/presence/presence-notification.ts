import type { PresenceSubList } from '@village/protocol'
import type { House, SessionView } from '../context.ts'
import type { Notice, PresenceDue } from '../news.ts'
import { type Attributes, attributes, only, valuesIn } from './attributes.ts'

/** Of an envelope, and of what is around the presence of one user. */
const envelopeOctets = 600
const userOctets = 120

/**
 * The next notification for a client: what it is to be told of one or more users whom it watches, as they are now, as far
 * as it can be read at once (CSP 8.3.2.1). Undefined where there is nothing to tell after all.
 */
export async function nextPresence(session: SessionView, octets: number, house: House): Promise<Notice | undefined> {
  const { news } = session
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
    const size = userOctets + octetsOf(list)
    if (presences.length > 0 && size > room) {
      news.addPresence(...taken.pop()!)
      break
    }
    presences.push({ userId, presenceSubLists: [fitting(list, room - userOctets)] })
    room -= size
  }
  if (presences.length === 0) return undefined
  const primitive = { name: 'PresenceNotificationRequest', body: { presences } } as const
  return { primitive, octets: octets - room, onLost: giveBack }
}

/** An initial notification is sent even if it is empty; a change of what may not be seen is none. */
async function toldOf(userId: string, { changed, initial }: PresenceDue, session: SessionView, { presence }: House) {
  const publisher = await presence.of(userId)
  const visible = presence.visible(publisher, session)
  if (initial === undefined && (changed & visible) === 0) return undefined
  if (!presence.isWatching(session, userId)) return undefined
  return publisher.tell({ changed: changed & visible, initial: (initial ?? 0) & visible })
}

/** Lists are shared between clients, and so is their measure. */
const measured = new WeakMap<PresenceSubList, number>()

function octetsOf(list: PresenceSubList): number {
  let octets = measured.get(list)
  if (octets === undefined) {
    octets = attributes.reduce((sum, attribute) => sum + sizeOf(valuesIn(list, attribute)), 0)
    measured.set(list, octets)
  }
  return octets
}

/** At most what values take as XML, where a tag stands twice and a character may have three octets. */
const sizeOf = (values: readonly object[]) => (values.length === 0 ? 0 : 3 * JSON.stringify(values).length)

/** What a client cannot read at all is left out, the longest first: better one attribute less than none. */
function fitting(list: PresenceSubList, room: number): PresenceSubList {
  if (octetsOf(list) <= room) return list
  const sizes = attributes
    .map(attribute => ({ bit: attribute.bit, octets: sizeOf(valuesIn(list, attribute)) }))
    .sort((a, b) => a.octets - b.octets)
  let kept: Attributes = 0
  let size = 0
  for (const { bit, octets } of sizes) {
    size += octets
    if (size > room) break
    kept |= bit
  }
  return only(list, kept)
}
