import { refuse, type ServiceTree } from '@village/protocol'
import type { Handler } from '../context.ts'
import { namesIn, treeOf, treeWithout } from './service-tree.ts'

/** What this server can do: features whose mandatory functions it has, and the optional functions below them. */
const offered: ReadonlySet<string> = new Set([
  ...['FundamentalFeat'],
  ...['IMFeat', 'IMSendFunc', 'MDELIV', 'IMReceiveFunc', 'NEWM'],
])

export const isOffered = (service: string): boolean => offered.has(service)

/** Settles which of the wanted services are used (CSP 6.9.1): the answer names those that are not. */
export const agreeServices = (requested: ServiceTree) => {
  const wanted = namesIn(requested)
  return { agreed: [...wanted].filter(name => offered.has(name)), notAvailable: treeWithout(wanted, offered) }
}

/**
 * Service negotiation (CSP 6.9): agrees on services, tells which there are, or both. It may be repeated at any time;
 * what was agreed last is what holds. IMPS-CSP-SAP-S-013.
 */
export const serviceRequest: Handler<'ServiceRequest'> = async (request, { session, house }) => {
  const { functions, allFunctionsRequest, clientId } = request
  const allFunctions = allFunctionsRequest ? treeOf(offered) : undefined
  if (functions === undefined) {
    if (!allFunctionsRequest)
      refuse('BadRequest', {
        description: 'Functions is missing: ask for functions, or for all with AllFunctionsRequest',
      })
    return { name: 'ServiceResponse', body: { clientId, allFunctions } }
  }
  const { agreed, notAvailable } = agreeServices(functions)
  await house.sessions.agree(session, { agreement: { ...session.agreement, services: agreed } })
  return { name: 'ServiceResponse', body: { clientId, functions: notAvailable, allFunctions } }
}
