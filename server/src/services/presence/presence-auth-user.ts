import { type Context, done, type Handler } from '../context.ts'
import { Outcome } from '../messaging/outcome.ts'
import { assignLists } from './attribute-list-change.ts'
import { type Attributes, allAttributes, attributesIn, noAttributes, readAttributes } from './attributes.ts'
import { openRequests } from './open-requests.ts'
import { readSubjects } from './subjects.ts'
import { refuseUnknown } from './unknown-attributes.ts'

type Request = Parameters<Handler<'PresenceAuthUser'>>[0]

/**
 * Says until 1.2 whether somebody may see what was asked for, unasked as well: an attribute list of their own comes of it,
 * which is empty for a no (CSP 8.2.2, 8.2.3).
 */
export const presenceAuthUser: Handler<'PresenceAuthUser'> = async (request, context) => {
  refuseUnknown(request.presenceSubList)
  const outcome = new Outcome(context.session.version)
  const { users } = await readSubjects({ userIds: [request.userId] }, outcome, context)
  for (const { key, qualified } of users) {
    const attributes = request.acceptance ? await granted(key, request, context) : noAttributes
    await assignLists([{ kind: 'user', subject: key, name: qualified, notify: undefined }], attributes, context)
  }
  return { ...done, body: { result: outcome.result() } }
}

/**
 * The attributes that are named, or else those that were asked for; nothing is taken by that from what everybody may see.
 * Where it is not known any more what was asked for, a yes means everything.
 */
async function granted(watcher: string, { presenceSubList }: Request, context: Context): Promise<Attributes> {
  const { session, house } = context
  const named = attributesIn(presenceSubList)
  const asked = named === noAttributes ? await askedBy(watcher, context) : named
  const { sources } = await house.presence.of(session.userId)
  const byDefault = sources.lists.find(({ kind }) => kind === 'default')?.attributes ?? ''
  return (asked || allAttributes) | readAttributes(byDefault)
}

/** What somebody has subscribed to, and what this client was told that they miss. */
async function askedBy(watcher: string, { session, house }: Context): Promise<Attributes> {
  const requests = await openRequests(session.userId, house.store)
  return (requests.get(watcher) ?? noAttributes) | session.news.requests.missedBy(watcher)
}
