import type { Handler } from '../context.ts'
import { takeAnswers } from './system-answers.ts'

/**
 * The user has answered System Messages (CSP 7.1). What is unknown is 437, a wrong key 438, both with the messages
 * that still wait for an answer; after too many bad answers the session ends with 607. IMPS-CSP-SAP-S-017.
 */
export const systemMessageUser: Handler<'SystemMessageUser'> = async ({ systemMessageResponses }, context) => {
  const { house, session } = context
  const result = await takeAnswers(systemMessageResponses, session.userId, house, session)
  if (result.code === 607) await house.sessions.end(session, 607)
  return { name: 'Status', body: { result } }
}
