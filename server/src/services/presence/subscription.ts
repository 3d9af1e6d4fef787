import { refuse } from '@village/protocol'
import { Conflict } from '../../store/database.ts'
import type { SubscriptionSubject } from '../../store/subscriptions.ts'
import type { Context } from '../context.ts'
import type { Outcome } from '../messaging/outcome.ts'
import { type Attributes, readAttributes, writeAttributes } from './attributes.ts'

/**
 * Subscribes the client of a session to these, besides what it has subscribed to before (CSP 8.3.2.1). Users with too
 * many watchers are told to the outcome (758), by the names that the client has for them. Resolves to those that were taken.
 * @throws Refusal WatcherListFull where the client would watch too many
 */
export async function subscribe(
  subjects: readonly SubscriptionSubject[],
  attributes: Attributes,
  outcome: Outcome,
  context: Context,
  names: ReadonlyMap<string, string>,
): Promise<readonly SubscriptionSubject[]> {
  if (subjects.length === 0) return []
  const { session, house } = context
  const { maxSubscriptions, maxWatchers } = house.config.presence
  const before = await house.store.subscriptions.ofSession(session.idDigest)
  const known = new Map(before.map(one => [nameOf(one), one.attributes]))
  const entries = subjects.map(subject => {
    const had = readAttributes(known.get(nameOf(subject)) ?? '')
    return { ...subject, attributes: writeAttributes(had | attributes) }
  })
  const limits = { mostPerSession: maxSubscriptions, mostWatchers: maxWatchers }
  try {
    const unit = house.store.subscriptions.subscribe(session.idDigest, entries, limits)
    await house.store.commit([...session.hold(), ...unit], session.userId)
    return subjects
  } catch (error) {
    const full = fullOf(error)
    outcome.fail('WatcherListFull', { userIds: [names.get(full) ?? full] })
    const others = subjects.filter(({ publisher }) => publisher !== full)
    return subscribe(others, attributes, outcome, context, names)
  }
}

const nameOf = ({ publisher, listId }: SubscriptionSubject) => `${publisher} ${listId}`

/** The user who has too many watchers. */
function fullOf(error: unknown): string {
  if (!(error instanceof Conflict)) throw error
  if (error.conflict === 'TooManySubscriptions')
    refuse('WatcherListFull', {
      description: 'This client watches as many as it may: unsubscribe it from others first',
    })
  if (error.conflict !== 'TooManyWatchers' || error.subject === undefined) throw error
  return error.subject
}
