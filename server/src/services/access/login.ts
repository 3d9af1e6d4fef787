import { type ClientID, clientKey, format, parseUserId, Refusal, refuse, type UserAddress } from '@village/protocol'
import type { Answer, LoginDetails, OutbandContext, OutbandHandler, ResultInput, SessionView } from '../context.ts'
import { type Agreement, noAgreement } from './agreement.ts'
import { checkApplication } from './application.ts'
import { agreeCapabilities } from './capability-agreement.ts'
import { withCirAddresses } from './cir-agreement.ts'
import { onlineHandlingOf, tellOnlineHandling } from './etem-handling.ts'
import { grantedKeepAlive } from './keep-alive-time.ts'
import { rememberedTerms } from './lasting-settings.ts'
import { demandBeforeLogin } from './login-demand.ts'
import { type Proof, proveByDigest, proveByPassword, startDigest } from './login-proof.ts'
import { proveByNetwork } from './network-proof.ts'
import type { Issued } from './nonces.ts'
import { admitNewcomer, register } from './registration.ts'
import { demandOnNewcomer } from './registration-terms.ts'
import { agreeServices } from './service-agreement.ts'

/**
 * Logs a user in (CSP 6.4): with the password itself (2-way), or with a digest over a nonce of ours and the password
 * (4-way, whose first step comes here as well). A successful answer, and nothing else, carries a Session-ID. A 1.3
 * client may negotiate in the same go. Where that is allowed a stranger becomes a user by it (CSP 6.5).
 * IMPS-CSP-SAP-S-006, IMPS-CSP-SAP-S-007, IMPS-CSP-SAP-S-008.
 */
export const login: OutbandHandler<'LoginRequest'> = async (request, context) => {
  const { house } = context
  const { domains } = house.config
  const address = parseUserId(request.userId, domains[0]!, domains)
  if (address === undefined) refuse('UnknownUser')
  if (!domains.includes(address.domain)) refuse('UnknownUser')
  checkClientId(request.clientId)
  checkApplication(request.applicationId, house.config)

  const old = request.sessionId ?? context.sessionId
  const isFirstStep = request.password === undefined && request.digestBytes === undefined
  const proof: Proof = { address, clientId: request.clientId, peer: context.peer }
  const isNew = old === undefined && (await admitNewcomer(request.password, proof, context))
  const isProven = isNew || (await proveByNetwork(proof, house))
  if (isFirstStep && !isProven) return firstStep(request, address, old, context)
  let issued: Issued | undefined
  if (isProven) house.nonces.redeem(address.key, clientKey(request.clientId))
  else if (request.digestBytes !== undefined) issued = await proveByDigest(proof, request.digestBytes, house)
  else {
    const further = await proveByPassword(proof, request.password!, house)
    if (further === 'digest') return firstStep(request, address, old, context, 401)
  }

  const demand = isNew
    ? demandOnNewcomer(request.systemMessageResponses, context)
    : await demandBeforeLogin(request, address.key, context)
  if (demand !== undefined) {
    // The client repeats this very request, with the answers in it.
    if (issued && demand.code !== 607) house.nonces.giveBack(address.key, clientKey(request.clientId), issued)
    return refusedLogin(request, demand)
  }
  const negotiated = await negotiate(request, address, context)
  const details = detailsOf(request, address, negotiated, context)
  // Nothing can go wrong with the login any more but its session, for which a user may try again.
  if (isNew && !(await register(request.password, proof, house))) return login(request, context)
  const { sessionId, session } =
    old === undefined
      ? await house.sessions.open(details)
      : { sessionId: old, session: await house.sessions.recover(old, details) }
  await tellOnlineHandling(session, details.onlineHandling, house)
  return {
    name: 'LoginResponse',
    body: {
      // Told where an account was made, and only there (CSP 6.5).
      userId: isNew ? format(address, details.addressForm, address.domain) : undefined,
      clientId: request.clientId,
      result: { code: 200 },
      sessionId,
      keepAliveTime: details.keepAliveSeconds,
      capabilityRequest: session.agreement.capabilities === undefined,
      // A session that is taken up again goes on as it was (CSP 6.4).
      ...(old === undefined && negotiated.answersFor(session)),
    },
  }
}

/** For the log; the first of two steps is not worth a line. */
export const notedLogin = ({ body }: Answer<'LoginRequest'>): string | undefined => {
  if ('userId' in body && body.userId !== undefined) return 'Registered and logged in'
  if ('sessionId' in body && body.sessionId !== undefined) return 'Logged in'
  return body.result.code === 200 ? undefined : 'Login refused'
}

/** What cannot be recovered is told before anything else is done (CSP 6.4.4). */
const firstStep = async (
  request: Request,
  address: UserAddress,
  old: string | undefined,
  context: OutbandContext,
  code?: 401,
): Promise<Answer<'LoginRequest'>> => {
  if (old !== undefined) await context.house.sessions.checkRecoverable(old)
  return startDigest(address, request, context, code)
}

/** A refused login is told in a Login-Response, which repeats the Client-ID (CSP 6.4.1). */
export const refusedLogin = (
  request: { readonly clientId: ClientID },
  result: ResultInput,
): Answer<'LoginRequest'> => ({
  name: 'LoginResponse',
  body: { clientId: request.clientId, result },
})

type Request = Parameters<typeof login>[0]

const detailsOf = (
  request: Request,
  address: UserAddress,
  { agreement, onlineHandling, known }: Pick<LoginDetails, 'agreement' | 'onlineHandling' | 'known'>,
  context: OutbandContext,
): LoginDetails => ({
  userId: address.key,
  addressForm: address.isLocal ? 'local' : 'qualified',
  clientId: request.clientId,
  applicationId: request.applicationId,
  version: context.version,
  syntax: context.syntax,
  cookie: checkedCookie(request.sessionCookie),
  peerAddress: context.peer.address,
  keepAliveSeconds: grantedKeepAlive(request.timeToLive, context.house.config),
  agreement,
  onlineHandling,
  known,
})

const longestClientId = 512

/** Of strangers, too, it is kept until they have logged in or given up, and indexes hold no keys of any length. */
function checkClientId({ url = '', msisdn = '' }: ClientID) {
  const isFit = clientKey({ url, msisdn }) !== '' && url.length <= longestClientId && msisdn.length <= longestClientId
  if (!isFit)
    refuse('BadParameter', { description: `ClientID must be 1 to ${longestClientId} characters`, path: 'ClientID' })
}

const longestCookie = 256

/** The cookie goes into one line of the CIR channel, so it must not break that line. */
const checkedCookie = (cookie: string): string => {
  const isFit =
    cookie !== '' &&
    cookie.length <= longestCookie &&
    ![...cookie].some(character => character <= ' ' || character === '\x7f')
  if (!isFit)
    throw new Refusal('BadParameter', {
      description: `SessionCookie must be 1 to ${longestCookie} characters without blanks`,
      path: 'SessionCookie',
    })
  return cookie
}

/** Services and capabilities negotiated in the login itself (CSP 6.4, 6.9), so that one unit holds it all. */
const negotiate = async (
  { functions, capabilityList, clientId }: Request,
  { key: userId }: UserAddress,
  context: OutbandContext,
) => {
  const services = functions && agreeServices(functions, context.version, context.house.offlineBearers)
  const onlineHandling = await onlineHandlingOf(userId, context.house.store)
  const capabilities = capabilityList && agreeCapabilities(capabilityList, context, onlineHandling)
  const remembered = capabilities
    ? undefined
    : await rememberedTerms(userId, clientKey(clientId), context, onlineHandling)
  const terms = capabilities ? capabilities.terms : remembered?.terms
  const agreement: Agreement = { ...noAgreement, ...(services && { services: services.agreed }), ...terms }
  const answersFor = (session: SessionView) => ({
    ...(services && { functions: services.notAvailable }),
    ...(capabilities && { agreedCapabilityList: withCirAddresses(capabilities.answer, session, context) }),
  })
  return { agreement, onlineHandling, known: remembered?.known, answersFor }
}
