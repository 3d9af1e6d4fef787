import type { PrimitiveInput } from '@village/protocol'
import { isConflict } from '../../store/database.ts'
import type { House, SessionView } from '../context.ts'
import type { Notice } from '../news.ts'
import { countFitting, octetsOfNotice } from '../notice-size.ts'
import { hearsOfLists } from './list-desk.ts'
import type { CutList, ListNews, ListPart } from './list-news.ts'

/**
 * The next ListManageNotification for a client: who was added to one of its user's contact lists or has another nickname,
 * or who was removed, as far as the client has neither confirmed it nor done it itself. A list that is too long for its
 * client comes in parts. Undefined where there is nothing to tell.
 */
export async function nextListChange(session: SessionView, octets: number, house: House): Promise<Notice | undefined> {
  const { news } = session
  if (!hearsOfLists(session)) return undefined
  if (news.hasListChanges) await house.listDesk.look(session)
  const { lists } = news
  const part = lists.take(cutFor(session, octets))
  if (part === undefined) return undefined
  const primitive = telling(part.telling.change.address, part)
  return {
    primitive,
    octets: octetsOfNotice(primitive, session),
    onAnswer: isTaken => answered(part, isTaken, lists, session, house),
    onLost: () => {
      lists.lose(part)
      news.hasListChanges = true
    },
  }
}

function telling(contactList: string, { kind, members }: Pick<ListPart, 'kind' | 'members'>): PrimitiveInput {
  const addNickList = members.map(({ address, nickName }) => ({ name: nickName, userId: address }))
  const removeNickList = members.map(({ address }) => address)
  const body = kind === 'added' ? { contactList, addNickList } : { contactList, removeNickList }
  return { name: 'ListManageNotificationRequest', body }
}

const cutFor =
  (session: SessionView, octets: number): CutList =>
  ({ address }, kind, members) => {
    const fits = (count: number) =>
      octetsOfNotice(telling(address, { kind, members: members.slice(0, count) }), session) <= octets
    return Math.max(1, countFitting(members.length, fits))
  }

/** What the client has taken is not told to it again, in this session or another. */
async function answered(part: ListPart, isTaken: boolean, lists: ListNews, session: SessionView, house: House) {
  const { telling } = part
  const confirmed = lists.answer(part, isTaken)
  if (confirmed === undefined) return
  const { userId, clientKey, news } = session
  try {
    if (confirmed.added !== undefined || confirmed.removed !== undefined) {
      const confirmation = house.store.listSyncs.confirm(userId, clientKey, telling.change.listId, confirmed)
      await house.store.commit([...session.hold(), ...confirmation], userId)
    }
  } catch (fault) {
    if (isConflict(fault, 'SessionClaimed')) return house.sessions.drop(session)
    news.hasListChanges = true
    throw fault
  } finally {
    lists.close(telling)
  }
  if (telling.isOutdated) await house.listDesk.onNews(session)
}
