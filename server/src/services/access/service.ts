import { refuse } from '@village/protocol'
import type { Handler } from '../context.ts'
import { tellOpenRequests } from '../presence/reactive-authorization.ts'
import { allowedAmong } from './notification-types.ts'
import { agreeServices, allServices } from './service-agreement.ts'

/**
 * Service negotiation (CSP 6.9): agrees on services, tells which there are, or both. It may be repeated at any time;
 * what was agreed last is what holds. IMPS-CSP-SAP-S-013.
 */
export const service: Handler<'ServiceRequest'> = async (request, { session, house }) => {
  const { functions, allFunctionsRequest, clientId } = request
  const allFunctions = allFunctionsRequest ? allServices(session.version, house.offlineBearers) : undefined
  if (functions === undefined) {
    if (!allFunctionsRequest)
      refuse('BadRequest', {
        description: 'Functions is missing: ask for functions, or for all with AllFunctionsRequest',
      })
    return { name: 'ServiceResponse', body: { clientId, allFunctions } }
  }
  const { agreed, notAvailable } = agreeServices(functions, session.version, house.offlineBearers)
  // At least one service has to be agreed; without one, what was agreed before goes on.
  if (agreed.length === 0 && allFunctions === undefined)
    refuse('ServiceNotAgreed', {
      description: 'None of these services is here: AllFunctionsRequest tells which are',
    })
  if (agreed.length > 0) {
    const { agreement } = session
    // Whoever gives up a service is not notified of it any more, since nobody may be subscribed to such (CSP 7.2.1).
    const notifications = allowedAmong(agreement.notifications, agreed)
    await house.sessions.agree(session, { agreement: { ...agreement, services: agreed, notifications } })
  }
  await tellOpenRequests(session, house)
  const [name, body] = ['ServiceResponse', { clientId, functions: notAvailable }] as const
  return { name, body: { ...body, allFunctions }, shorter: agreed.length > 0 ? { name, body } : undefined }
}
