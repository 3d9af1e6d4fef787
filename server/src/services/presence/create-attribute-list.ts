import { refuse } from '@village/protocol'
import type { ListTarget } from '../../store/attribute-lists.ts'
import { isConflict } from '../../store/database.ts'
import { type Context, done, type Handler } from '../context.ts'
import { Outcome } from '../messaging/outcome.ts'
import { attributesIn, writeAttributes } from './attributes.ts'
import { readSubjects } from './subjects.ts'
import { refuseUnknown } from './unknown-attributes.ts'

type Request = Parameters<Handler<'CreateAttributeListRequest'>>[0]

/**
 * Lets users, who is on contact lists, or everybody else see these attributes and no others; an empty list shows nothing
 * (CSP 8.2.4). It takes the place of the list there was; a flag that is not said stays. IMPS-CSP-PRSE-S-005.
 */
export const createAttributeList: Handler<'CreateAttributeListRequest'> = async (request, context) => {
  const { session, house } = context
  refuseUnknown(request.presenceSubList)
  const outcome = new Outcome()
  const targets = await targetsOf(request, outcome, context)
  if (targets.length === 0) {
    if (!outcome.isFailure)
      refuse('BadRequest', { description: 'Nobody is named: name users, contact lists or the default' })
    return { ...done, body: { result: outcome.result() } }
  }
  const names = writeAttributes(attributesIn(request.presenceSubList))
  const { maxAttributeLists } = house.config.presence
  const unit = house.store.attributeLists.assign(session.userId, targets, names, maxAttributeLists)
  await house.store.commit([...session.hold(), ...unit], session.userId).catch(error => {
    if (isConflict(error, 'TooManyAttributeLists')) refuse('TooManyAttributeLists')
    throw error
  })
  await house.presence.onAuthorization(session.userId)
  outcome.succeed()
  return { ...done, body: { result: outcome.result() } }
}

async function targetsOf(request: Request, outcome: Outcome, context: Context): Promise<ListTarget[]> {
  const { users, lists } = await readSubjects(request, outcome, context)
  const { defaultList, defaultNotify, userNotify, contactListNotify } = request
  return [
    ...(defaultList ? [{ kind: 'default', subject: '', name: '', notify: defaultNotify } as const] : []),
    ...users.map(({ key, address }) => ({ kind: 'user', subject: key, name: address, notify: userNotify }) as const),
    ...lists.map(
      ({ key, address }) => ({ kind: 'contactList', subject: key, name: address, notify: contactListNotify }) as const,
    ),
  ]
}
