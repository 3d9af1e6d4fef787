import { isWithin, type PrimitiveInput } from '@village/protocol'
import { isSubscribed, notifying } from '../access/notify.ts'
import type { House, SessionView } from '../context.ts'
import { type Attributes, attributesOf, naming, noAttributes } from './attributes.ts'
import type { Need } from './authorization.ts'
import { openRequests } from './open-requests.ts'
import type { Publisher } from './publisher.ts'

const notificationTypes: readonly string[] = ['ANU', 'ANC', 'AND']

/**
 * Somebody asks for attributes of a user. Where not all may be seen, and the user wants to know of that, those clients of
 * his are told that can be (CSP 8.2.3), also those that were not heard of since a restart.
 */
export const askPublisher = (userId: string, watcher: string, requested: Attributes, house: House) =>
  notifying(userId, house, async () => {
    const publisher = await house.presence.of(userId)
    const { authorization, sources } = publisher
    const isPending = authorization.isPending(watcher, requested) && sources.open.some(isOld)
    if (!isPending && authorization.needed(watcher, requested) === undefined) return
    for (const session of await house.sessions.openOf(userId)) ask(session, watcher, requested, publisher, house)
  })

/**
 * Tells a client who still wants to see more, by what they have subscribed to: to be called when it is newly to be told of
 * that, and when it comes back. So it does not matter who was there when somebody subscribed.
 * @param isMeant of which needs; of all, unless that is said
 */
export async function tellOpenRequests(session: SessionView, house: House, isMeant = (_: Need) => true) {
  if (!isListening(session)) return
  const publisher = await house.presence.of(session.userId)
  for (const [watcher, requested] of await openRequests(session.userId, house.store)) {
    const need = publisher.authorization.needed(watcher, requested)
    if (need === undefined || isMeant(need)) ask(session, watcher, requested, publisher, house)
  }
}

/**
 * A user wants to be told, and did not before: of those who have subscribed already as well. Who has a list of their own was
 * decided on just now, so nothing is said of them until they ask again.
 */
export const tellByNewWishes = (before: Publisher, userId: string, house: House) =>
  notifying(userId, house, async () => {
    const known = wishesIn(before)
    const wishes = wishesIn(await house.presence.of(userId)).filter(wish => !known.includes(wish))
    if (wishes.length === 0) return
    const isMeant = ({ ask }: Need) =>
      ask === 'default' ? wishes.includes('') : ask !== 'user' && ask.contactLists.some(id => wishes.includes(id))
    for (const session of await house.sessions.openOf(userId))
      if (!isOld(session)) await tellOpenRequests(session, house, isMeant)
  })

const wishesIn = ({ sources }: Publisher): string[] =>
  sources.lists.filter(({ kind, notify }) => kind !== 'user' && notify === true).map(({ subject }) => subject)

/** The next request a client is told of, as far as the user has not decided since. */
export async function nextRequest(
  session: SessionView,
  { presence }: House,
): Promise<{ readonly primitive: PrimitiveInput; readonly onLost: () => void; readonly isOfNow: true } | undefined> {
  const { requests } = session.news
  for (let next = requests.take(); next !== undefined; next = requests.take()) {
    const [watcher, missing] = next
    const giveBack = () => requests.giveBack(watcher, missing)
    const publisher = await presence.of(session.userId).catch(fault => {
      giveBack()
      throw fault
    })
    const request = requestFor(session, watcher, missing, publisher)
    if (request !== undefined) return { primitive: request.primitive, onLost: giveBack, isOfNow: true }
  }
  return undefined
}

function ask(session: SessionView, watcher: string, requested: Attributes, publisher: Publisher, { world }: House) {
  const request = requestFor(session, watcher, requested, publisher)
  if (request === undefined) return
  if (session.news.requests.add(watcher, request.missing, world.now())) session.wake()
}

interface Request {
  readonly missing: Attributes
  readonly primitive: PrimitiveInput
}

/** How a client is told of a request: undefined where it is not to be. */
const requestFor = (session: SessionView, ...request: [watcher: string, requested: Attributes, Publisher]) =>
  isOld(session) ? authRequest(session, ...request) : neededNotification(session, ...request)

/** Before 1.3 whoever was not decided on is asked about, whatever the user wishes: there are no flags (CSP 8.2.3). */
function authRequest(session: SessionView, watcher: string, requested: Attributes, publisher: Publisher) {
  const { authorization } = publisher
  if (!isListening(session) || !authorization.isPending(watcher, requested)) return undefined
  const missing = requested & ~authorization.authorized(watcher) & attributesOf(session.version)
  if (missing === noAttributes) return undefined
  return request(missing, {
    name: 'PresenceAuthRequest',
    body: { userId: watcher, presenceSubList: naming(missing) },
  })
}

/** Table 31 leaves the watcher out where the need is for a list, but somebody has to be named (CSP 8.2.3). */
function neededNotification(session: SessionView, watcher: string, requested: Attributes, publisher: Publisher) {
  const need = publisher.authorization.needed(watcher, requested)
  if (need === undefined) return undefined
  const { missing, ask } = need
  const notificationType = ask === 'user' ? 'ANU' : ask === 'default' ? 'AND' : 'ANC'
  if (!isSubscribed(session, { notificationType })) return undefined
  return request(missing, {
    name: 'NotificationRequest',
    body: {
      notificationType,
      presenceSubList: naming(missing),
      userIds: [watcher],
      contactLists: typeof ask === 'object' ? addressesOf(ask.contactLists, publisher) : undefined,
      defaultList: ask === 'default' ? true : undefined,
    },
  })
}

const request = (missing: Attributes, primitive: PrimitiveInput): Request => ({ missing, primitive })

const addressesOf = (listIds: readonly string[], { sources }: Publisher) =>
  sources.lists.filter(({ subject }) => listIds.includes(subject)).map(({ name }) => name)

const isOld = ({ version }: Pick<SessionView, 'version'>): boolean => !isWithin(version, { since: '1.3' })

const isListening = (session: SessionView): boolean => {
  const { services, notifications } = session.agreement
  return isOld(session) ? services.includes('REACT') : notificationTypes.some(type => notifications.includes(type))
}
