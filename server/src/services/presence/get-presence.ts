import { refuse } from '@village/protocol'
import { inForm } from '../address-form.ts'
import type { Handler } from '../context.ts'
import { Outcome } from '../messaging/outcome.ts'
import { only } from './attributes.ts'
import { readable } from './fitting.ts'
import { partsOf } from './presence-parts.ts'
import { askPublisher } from './reactive-authorization.ts'
import { requestedIn } from './requested.ts'
import { namesOf, readSubjects } from './subjects.ts'

/**
 * Tells the presence of users, and of who is on contact lists, as it is now: of what was asked for all that has a value and
 * may be seen (CSP 8.3.3.1). Who wants to hear of what may not is told (CSP 8.2.3). Of a user with more than goes into one
 * segment there are several Presence elements. IMPS-CSP-PRSE-S-013.
 */
export const getPresence: Handler<'GetPresenceRequest'> = async (request, context) => {
  const { session, house } = context
  const requested = requestedIn(request.presenceSubList, session.version)
  const outcome = new Outcome(session.version)
  const { users, lists } = await readSubjects(request, outcome, context)
  if (users.length + lists.length === 0 && !outcome.isFailure)
    refuse('BadRequest', { description: 'Nobody is named: name users or contact lists' })
  const addresses = new Map<string, string>()
  for (const { key, form } of lists)
    for (const { userId, address } of await house.store.contactLists.members(key))
      addresses.set(userId, inForm(address, form, session.homeDomain))
  for (const { key, address } of users) addresses.set(key, address)

  const presences = []
  for (const [userId, address] of addresses) {
    const { document, authorization } = await house.presence.of(userId)
    const visible = requested & authorization.authorized(session.userId)
    if (visible !== 0) house.watcherHistory.note(userId, session.userId, 'PRESENCE_ACCESS')
    await askPublisher(userId, session.userId, requested, house)
    const list = readable(only(document, visible), session, 'notify')
    for (const part of partsOf(list, address, session)) presences.push({ userId: address, presenceSubLists: [part] })
  }
  if (users.length + lists.length > 0) outcome.succeed(namesOf(users, lists))
  return { name: 'GetPresenceResponse', body: { result: outcome.result(), presences } }
}
