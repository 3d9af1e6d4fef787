import type { ListSubject } from '../../store/attribute-lists.ts'
import { done, type Handler } from '../context.ts'
import { Outcome } from '../messaging/outcome.ts'
import { clearLists } from './attribute-list-change.ts'
import { namesOf, readSubjects } from './subjects.ts'

/**
 * Takes attribute lists from users, contact lists or everybody else: what they may see goes by the next wider list then
 * (CSP 8.2.2, 8.2.4). The flags stay for when there are lists again. Also users whose account is gone can have theirs taken.
 * IMPS-CSP-PRSE-S-006.
 */
export const deleteAttributeList: Handler<'DeleteAttributeListRequest'> = async (request, context) => {
  const outcome = new Outcome(context.session.version)
  const stored = await context.house.store.attributeLists.of(context.session.userId)
  const { users, lists } = await readSubjects(request, outcome, context, new Set(stored.map(({ subject }) => subject)))
  const subjects: ListSubject[] = [
    ...(request.defaultList ? [{ kind: 'default', subject: '' } as const] : []),
    ...users.map(({ key }) => ({ kind: 'user', subject: key }) as const),
    ...lists.map(({ key }) => ({ kind: 'contactList', subject: key }) as const),
  ]
  if (subjects.length > 0) {
    await clearLists(subjects, context)
    outcome.succeed(namesOf(users, lists))
  }
  return { ...done, body: { result: outcome.result() } }
}
