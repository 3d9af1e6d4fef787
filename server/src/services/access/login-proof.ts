import { type ClientID, clientKey, Refusal, refuse, type UserAddress } from '@village/protocol'
import type { Answer, House, OutbandContext, Peer } from '../context.ts'
import type { Issued, ProofSchema } from './nonces.ts'

/** Who says to be whom, and from where. */
export interface Proof {
  readonly address: UserAddress
  readonly clientId: ClientID
  readonly peer: Peer
}

interface Wish {
  readonly clientId: ClientID
  readonly digestSchemas: readonly string[]
}

/**
 * First step of a 4-way login (CSP 6.4.2.1): a nonce, and the best digest both sides know. An unknown user gets one
 * too, and is told apart from a wrong password only in the second step. `code` is 401 when a password was sent where
 * only a digest is taken.
 * @throws Refusal NoMatchingDigestSchema, Unauthorized
 */
export function startDigest(
  address: UserAddress,
  { clientId, digestSchemas }: Wish,
  { house, peer }: OutbandContext,
  code: 200 | 401 = 200,
): Answer<'LoginRequest'> {
  const offered = digestSchemas.map(schema => schema.toUpperCase())
  // The password itself is taken where nobody reads along, and only if the client knows nothing better.
  const known: readonly ProofSchema[] = peer.isSecure
    ? [...house.credentials.schemas, 'PWD']
    : house.credentials.schemas
  // A client that sent its password has not said what it knows; MD5 is what every phone of the time does.
  const schema = code === 401 && offered.length === 0 ? 'MD5' : known.find(name => offered.includes(name))
  if (schema === undefined) refuse('NoMatchingDigestSchema')
  const nonce = house.nonces.issue(address.key, clientKey(clientId), schema, peer.address)
  return { name: 'LoginResponse', body: { clientId, result: { code }, nonce, digestSchema: schema } }
}

/**
 * Second step of a 4-way login (CSP 6.4.2.2). The nonce is good for one try, by the user and client it was made for;
 * the Transaction-ID is not looked at, since phones draw a new one.
 * @throws Refusal InvalidPassword, UnknownUser, ServiceUnavailable
 */
export async function proveByDigest(proof: Proof, digestBytes: string, house: House): Promise<Issued> {
  const { key } = proof.address
  const issued = house.nonces.redeem(key, clientKey(proof.clientId))
  if (issued === undefined)
    refuse('Unauthorized', { description: 'Log in again from the first step: the nonce is gone' })
  admit(proof, house)
  const account = await house.store.accounts.find(key)
  const { schema, nonce } = issued
  const isRight =
    schema === 'PWD'
      ? await house.credentials.verifyPassword(key, account?.credential, passwordIn(digestBytes, nonce))
      : await house.credentials.verifyDigest(key, account?.credential, schema, nonce, digestBytes)
  conclude(isRight, account !== undefined, proof, house)
  return issued
}

/** By the formula of the digests, with nothing digested: BASE64 of the nonce followed by the password. */
const passwordIn = (digestBytes: string, nonce: string): string => {
  const text = Buffer.from(digestBytes, 'base64').toString('utf8')
  return text.startsWith(nonce) ? text.slice(nonce.length) : text
}

/**
 * A 2-way login (CSP 6.4.1). Answers `digest` where the listener does not take passwords in clear.
 * @throws Refusal InvalidPassword, UnknownUser, Forbidden, ServiceUnavailable
 */
export async function proveByPassword(proof: Proof, password: string, house: House): Promise<'proven' | 'digest'> {
  const { address, peer } = proof
  if (!peer.isSecure && house.config.http.requireDigest) return 'digest'
  admit(proof, house)
  const account = await house.store.accounts.find(address.key)
  // Only the hash of this password is kept, so it can be used nowhere but where nobody reads along.
  const isExposed = !peer.isSecure && account?.credential.mode === 'hash'
  const isRight = await house.credentials.verifyPassword(address.key, account?.credential, password)
  if (isRight && isExposed) refuse('Forbidden', { description: 'This account can only be used over TLS (https)' })
  conclude(isRight, account !== undefined, proof, house)
  return 'proven'
}

/** A stranger is told no more than this. */
export const refuseUnknown = ({ config }: House): never =>
  refuse(config.login.hideUnknown ? 'InvalidPassword' : 'UnknownUser')

export const tryOf = ({ address, peer }: Proof) => ({ account: address.key, source: peer.address })

/**
 * A try to log in is counted when it begins.
 * @throws Refusal ServiceUnavailable
 */
export function admit(proof: Proof, house: House) {
  const admission = house.throttle.admit(tryOf(proof))
  if (admission.admitted) return
  const seconds = Math.ceil(admission.retryAfterMs / 1000)
  throw new Refusal('ServiceUnavailable', {
    description: `Too many attempts to log in: try again in ${seconds} seconds`,
  })
}

function conclude(isRight: boolean, isKnown: boolean, proof: Proof, house: House) {
  if (isRight) house.throttle.succeeded(tryOf(proof))
  else if (isKnown) refuse('InvalidPassword')
  else refuseUnknown(house)
}
