import { isWithin, refuse } from '@village/protocol'
import type { SubscriptionSubject } from '../../store/subscriptions.ts'
import { type Context, done, type Handler } from '../context.ts'
import { Outcome } from '../messaging/outcome.ts'
import { emptyList } from './attributes.ts'
import { askPublisher } from './reactive-authorization.ts'
import { requestedIn } from './requested.ts'
import { namesOf, readSubjects, type Subject } from './subjects.ts'
import { subscribe } from './subscription.ts'

type Request = Parameters<Handler<'SubscribePresenceRequest'>>[0]

/**
 * Subscribes this client to the presence of users, and of who is on contact lists (CSP 8.3.2.1). What may be seen of
 * them comes in a notification at once, which is sent even if that is nothing; who may not see all is asked for (CSP 8.2.3).
 * IMPS-CSP-PRSE-S-008, IMPS-CSP-PRSE-S-009.
 */
export const subscribePresence: Handler<'SubscribePresenceRequest'> = async (request, context) => {
  const { session, house } = context
  const attributes = requestedIn(request.presenceSubList, session.version)
  const outcome = new Outcome(session.version)
  const { users, lists } = await readSubjects(request, outcome, context)
  if (users.length + lists.length === 0 && !outcome.isFailure)
    refuse('BadRequest', { description: 'Nobody is named: name users or contact lists' })

  const members = new Map<string, readonly string[]>()
  for (const { key } of lists) members.set(key, await membersOf(key, context))
  const subjects: SubscriptionSubject[] = users.map(({ key }) => ({ publisher: key, listId: '' }))
  for (const [listId, publishers] of members)
    if (isFollowed(request, context)) subjects.push({ publisher: '', listId })
    else subjects.push(...publishers.map(publisher => ({ publisher, listId })))
  const names = new Map(users.map(({ key, asWritten }) => [key, asWritten]))
  const subscribed = await subscribe(subjects, attributes, outcome, context, names)
  if (subscribed.length + lists.length > 0) {
    // Somebody with too many watchers is told as a failure, and so the list they are on is no success.
    const watched = new Set(subscribed.map(({ publisher }) => publisher))
    const isWhole = ({ key }: Subject) =>
      isFollowed(request, context) || members.get(key)!.every(member => watched.has(member))
    outcome.succeed(
      namesOf(
        users.filter(({ key }) => watched.has(key)),
        lists.filter(isWhole),
      ),
    )
  }

  await house.presence.look(session)
  const publishers = subscribed.flatMap(({ publisher, listId }) =>
    publisher === '' ? (members.get(listId) ?? []) : [publisher],
  )
  for (const publisher of new Set(publishers)) {
    session.news.addPresence(publisher, { initial: attributes })
    await askPublisher(publisher, session.userId, attributes, house)
  }
  for (const { key, address } of lists) if (members.get(key)?.length === 0) tellNobody(address, context)
  return { ...done, body: { result: outcome.result() } }
}

const membersOf = async (listId: string, { house }: Context) =>
  (await house.store.contactLists.members(listId)).map(({ userId }) => userId)

/** Whether who joins a list later is watched as well: always since 1.3, while a client of 1.2 says whether it wants that. */
const isFollowed = ({ autoSubscribe }: Request, { session }: Context) =>
  autoSubscribe === true || isWithin(session.version, { since: '1.3' })

/** Nobody is on the list: that is told of the list, which no client before 1.3 would understand. */
function tellNobody(contactList: string, { session }: Context) {
  if (!isWithin(session.version, { since: '1.3' })) return
  const presences = [{ contactList, presenceSubLists: [emptyList] }]
  session.news.add({ name: 'PresenceNotificationRequest', body: { presences } })
}
