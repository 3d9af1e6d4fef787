import type { CapabilityList } from '@village/protocol'
import type { Handler } from '../context.ts'
import { agreeCapabilities } from './capability-agreement.ts'
import { cirTerms, withCirAddresses } from './cir-agreement.ts'

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
export const clientCapability: Handler<'ClientCapabilityRequest'> = async (request, context) => {
  const { session, house, peer } = context
  const requested = request.capabilityList ?? silent
  const settled = agreeCapabilities(requested, session, house.config, house.wakeMethods)
  const { agreed: capabilities, deliveryMethod } = settled
  const agreement = { ...session.agreement, capabilities, deliveryMethod, cir: cirTerms(requested, peer) }
  await house.sessions.agree(session, { agreement })
  const agreedCapabilityList = withCirAddresses(settled.answer, session, context)
  return { name: 'ClientCapabilityResponse', body: { clientId: request.clientId, agreedCapabilityList } }
}
