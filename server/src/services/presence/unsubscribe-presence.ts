import { done, type Handler } from '../context.ts'
import { Outcome } from '../messaging/outcome.ts'
import { namesOf, readSubjects } from './subjects.ts'

/**
 * Ends subscriptions of this client, by User-ID or by contact list as they were made; what it has subscribed to in other
 * ways stays (CSP 8.3.2.1). IMPS-CSP-PRSE-S-010.
 */
export const unsubscribePresence: Handler<'UnsubscribePresenceRequest'> = async (request, context) => {
  const { session, house } = context
  const outcome = new Outcome(session.version)
  const { users, lists } = await readSubjects(request, outcome, context)
  const subjects = [
    ...users.map(({ key }) => ({ publisher: key, listId: '' })),
    ...lists.map(({ key }) => ({ publisher: '', listId: key })),
  ]
  if (subjects.length > 0) {
    const unit = house.store.subscriptions.unsubscribe(session.idDigest, subjects)
    await house.store.commit([...session.hold(), ...unit], session.userId)
    await house.presence.look(session)
    outcome.succeed(namesOf(users, lists))
  }
  return { ...done, body: { result: outcome.result() } }
}
