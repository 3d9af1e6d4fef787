import type { CapabilityList } from '@village/protocol'
import type { Handler } from '../context.ts'
import { noLists } from './agreement.ts'
import { agreeCapabilities } from './capability-agreement.ts'
import { withCirAddresses } from './cir-agreement.ts'
import { tellOnlineHandling } from './etem-handling.ts'

/** A client of 1.1 that says nothing about itself. */
const silent: CapabilityList = { ...noLists, supportedBearers: ['HTTP'] }

/**
 * Client capability negotiation (CSP 6.9): stored with the session and remembered for the next, may be repeated at any
 * time. IMPS-CSP-SAP-S-015, IMPS-CSP-CCAPAB-S-001, IMPS-CSP-CCAPAB-S-002, IMPS-CSP-CCAPAB-S-003.
 */
export const clientCapability: Handler<'ClientCapabilityRequest'> = async (request, context) => {
  const { session, house } = context
  const { terms, answer } = agreeCapabilities(request.capabilityList ?? silent, context, session.onlineHandling)
  const before = session.onlineHandling
  await house.sessions.agree(session, { agreement: { ...session.agreement, ...terms } })
  await tellOnlineHandling(session, before, house)
  const agreedCapabilityList = withCirAddresses(answer, session, context)
  return { name: 'ClientCapabilityResponse', body: { clientId: request.clientId, agreedCapabilityList } }
}
