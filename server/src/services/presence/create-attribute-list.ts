import { refuse } from '@village/protocol'
import type { ListTarget } from '../../store/attribute-lists.ts'
import { done, type Handler } from '../context.ts'
import { Outcome } from '../messaging/outcome.ts'
import { assignLists } from './attribute-list-change.ts'
import { attributesIn } from './attributes.ts'
import { namesOf, readSubjects, type Subject } from './subjects.ts'
import { refuseUnknown } from './unknown-attributes.ts'

type Request = Parameters<Handler<'CreateAttributeListRequest'>>[0]

/**
 * Lets users, who is on contact lists, or everybody else see these attributes and no others; an empty list shows nothing
 * (CSP 8.2.4). It takes the place of the list there was; a flag that is not said stays. IMPS-CSP-PRSE-S-005.
 */
export const createAttributeList: Handler<'CreateAttributeListRequest'> = async (request, context) => {
  refuseUnknown(request.presenceSubList)
  const outcome = new Outcome(context.session.version)
  const { users, lists } = await readSubjects(request, outcome, context)
  const targets = targetsOf(request, users, lists)
  if (targets.length > 0) {
    await assignLists(targets, attributesIn(request.presenceSubList), context)
    outcome.succeed(namesOf(users, lists))
  } else if (!outcome.isFailure) {
    refuse('BadRequest', { description: 'Nobody is named: name users, contact lists or the default' })
  }
  return { ...done, body: { result: outcome.result() } }
}

/** A flag goes with lists of its kind, and means nothing where the request names none (CSP 8.2.6, table 70). */
function targetsOf(request: Request, users: readonly Subject[], lists: readonly Subject[]): ListTarget[] {
  const { defaultList, defaultNotify, userNotify, contactListNotify } = request
  const forUsers = { kind: 'user', notify: userNotify } as const
  const forLists = { kind: 'contactList', notify: contactListNotify } as const
  return [
    ...(defaultList ? [{ kind: 'default', subject: '', name: '', notify: defaultNotify } as const] : []),
    ...users.map(({ key, qualified }) => ({ ...forUsers, subject: key, name: qualified })),
    ...lists.map(({ key, qualified }) => ({ ...forLists, subject: key, name: qualified })),
  ]
}
