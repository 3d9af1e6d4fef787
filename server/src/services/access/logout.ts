import { done, type Handler } from '../context.ts'

/** Ends the session; the answer is the last thing it is good for (CSP 6.6). IMPS-CSP-SAP-S-009. */
export const logout: Handler<'LogoutRequest'> = async (_, { session, house }) => {
  await house.sessions.end(session, 200)
  return done
}
