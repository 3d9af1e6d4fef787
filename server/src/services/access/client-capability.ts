import type { CapabilityList } from '@village/protocol'
import type { Handler } from '../context.ts'
import { agreeCapabilities } from './capability-agreement.ts'

/** A client of 1.1 that says nothing about itself. */
const silent: CapabilityList = {
  acceptedContentTypes: [],
  acceptedTransferEncodings: [],
  plainTextCharsets: [],
  supportedBearers: ['HTTP'],
  supportedOfflineBearers: [],
  supportedCirMethods: [],
}

/**
 * Client capability negotiation (CSP 6.9): stored with the session, may be repeated at any time.
 * IMPS-CSP-SAP-S-015, IMPS-CSP-CCAPAB-S-001.
 */
export const clientCapability: Handler<'ClientCapabilityRequest'> = async (request, { session, house }) => {
  const { agreed, deliveryMethod, answer } = agreeCapabilities(request.capabilityList ?? silent, session, house.config)
  await house.sessions.agree(session, { agreement: { ...session.agreement, capabilities: agreed, deliveryMethod } })
  return { name: 'ClientCapabilityResponse', body: { clientId: request.clientId, agreedCapabilityList: answer } }
}
