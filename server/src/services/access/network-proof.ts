import { refuse } from '@village/protocol'
import type { House } from '../context.ts'
import { type Proof, refuseUnknown } from './login-proof.ts'

/**
 * Whether the network itself vouches for the user (CSP 6.4.3): the phone's number, on the word of a gateway that is
 * trusted, is the User-ID. Then no password is asked for, and the answer to the first Login-Request is the last. Only
 * international numbers can be compared; a user who goes by a name or a national number logs in as usual.
 * @throws Refusal MsisdnError for somebody else's number, in the User-ID or the Client-ID; UnknownUser
 */
export async function proveByNetwork(proof: Proof, house: House): Promise<boolean> {
  if (!isVouchedFor(proof)) return false
  if ((await house.store.accounts.find(proof.address.key)) !== undefined) return true
  return refuseUnknown(house)
}

/**
 * Whether the User-ID is the number of the phone it comes from, be it a user's or not.
 * @throws Refusal MsisdnError for somebody else's number, in the User-ID or the Client-ID
 */
export function isVouchedFor({ address, clientId, peer: { msisdn } }: Proof): boolean {
  if (msisdn === undefined) return false
  const claimed = [address.user, clientId.msisdn?.replaceAll(/[\s().-]/g, '')].filter(isInternational)
  if (claimed.some(number => number !== msisdn)) refuse('MsisdnError')
  return address.user === msisdn
}

const isInternational = (text: string | undefined): text is string => text?.startsWith('+') === true
