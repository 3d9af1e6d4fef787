import { done, type Handler } from '../context.ts'
import { Outcome } from '../messaging/outcome.ts'
import { clearLists } from './attribute-list-change.ts'
import { readSubjects } from './subjects.ts'

/** Takes back until 1.2 what was decided on somebody, be it a yes or a no: the next wider list counts (CSP 8.2.2). */
export const cancelAuth: Handler<'CancelAuthRequest'> = async ({ userId }, context) => {
  const outcome = new Outcome(context.session.version)
  const { users } = await readSubjects({ userIds: [userId] }, outcome, context)
  // COMPAT: Movistar's clients delete the attribute list first, and then expect an answer to this.
  for (const { key } of users) await clearLists([{ kind: 'user', subject: key }], context)
  return { ...done, body: { result: outcome.result() } }
}
