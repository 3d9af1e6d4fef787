import { refuse } from '@village/protocol'
import { done, type Handler } from '../context.ts'

/** What must have been agreed for each method: a notification is of use only to those who can fetch (CSP 5.6.4.1). */
const needs: Readonly<Record<'P' | 'N', readonly string[]>> = { P: ['NEWM'], N: ['NOTIF', 'GETM'] }

/**
 * Changes how messages come to this client from now on (CSP 9.1.2); when it is by push, all that waits for it is pushed.
 * There are no groups for which the method could be another. IMPS-CSP-IMSE-S-001.
 */
export const setDeliveryMethod: Handler<'SetDeliveryMethodRequest'> = async (request, { session, house }) => {
  const { groupId } = request
  const deliveryMethod = request.deliveryMethod === 'N' ? 'N' : 'P'
  if (groupId !== undefined) refuse('GroupDoesNotExist')
  const { agreement } = session
  const missing = needs[deliveryMethod].filter(service => !agreement.services.includes(service))
  if (missing.length > 0)
    refuse('RelatedServicesMissing', { description: `Agree on ${missing.join(' and ')} first, by a Service-Request` })
  await house.sessions.agree(session, { agreement: { ...agreement, deliveryMethod } })
  return done
}
