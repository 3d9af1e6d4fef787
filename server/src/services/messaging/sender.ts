import { clientKey, format, parseUserId, refuse, type Sender } from '@village/protocol'
import type { Context, SessionView } from '../context.ts'
import type { Info } from './mail.ts'

/**
 * The Sender as recipients see it: the user's own address, qualified, with the client or application it named
 * (CSP 5.5.2.2, 9.1.1.1); a screen name as it is, for its group to look at. COMPAT: the Movistar clients write their own
 * address without `wv:`.
 * @throws Refusal InvalidUserId, InvalidClientId, InvalidApplicationId
 */
export function checkedSender({ user, group }: Sender, { session, house }: Context): Info['sender'] {
  if (user === undefined) return { group }
  const address = parseUserId(user.userId, session.homeDomain, house.config.domains)
  if (address?.key !== session.userId) refuse('InvalidUserId', { path: 'MessageInfo/Sender/User/UserID' })
  const { clientId, applicationId } = user
  if (clientId !== undefined && clientKey(clientId) !== session.clientKey) refuse('InvalidClientId')
  if (applicationId !== undefined && applicationId !== session.applicationId) refuse('InvalidApplicationId')
  return { user: { userId: format(address, 'qualified', session.homeDomain), clientId, applicationId } }
}

/** The Sender where a client did not say who it is, as those before 1.3 do not when they forward (CSP 9.1.10). */
export const ownSender = ({ userId }: SessionView): Info['sender'] => ({ user: { userId } })
