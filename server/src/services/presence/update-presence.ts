import { done, type Handler } from '../context.ts'
import { noteHidden } from './hidden.ts'
import { readPublished } from './published-values.ts'

/**
 * Publishes presence of the user and of this client: all that is said, or nothing (CSP 8.3.4.1). What is not mentioned
 * stays as it was. IMPS-CSP-PRSE-S-014.
 */
export const updatePresence: Handler<'UpdatePresenceRequest'> = async ({ presenceSubList }, { session, house }) => {
  const values = readPublished(presenceSubList, session.clientKey).map(({ attribute, scope, value }) => ({
    clientKey: scope === 'client' ? session.clientKey : '',
    attribute,
    value: value === undefined ? null : JSON.stringify(value),
  }))
  if (values.length === 0) return done
  const now = house.world.now()
  await house.store.commit(
    [...session.hold(), ...house.store.publications.publish(session.userId, values, now)],
    session.userId,
  )
  noteHidden(session, values)
  await house.presence.publish(session.userId, values, now)
  return done
}
