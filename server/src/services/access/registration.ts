import { format } from '@village/protocol'
import type { Config } from '../../config/options.ts'
import { judgePassword } from '../../credentials/password.ts'
import { Conflict } from '../../store/database.ts'
import type { House, OutbandContext, Peer } from '../context.ts'
import { admit, type Proof, refuseUnknown, tryOf } from './login-proof.ts'
import { isVouchedFor } from './network-proof.ts'
import { registrarOf } from './registration-quota.ts'
import { termsOf } from './registration-terms.ts'

/**
 * Whether this login may make its user one of ours (CSP 6.5): a stranger under a name that is to be had, with a password
 * that may be kept or with the network's word. A digest cannot do it, since the server has no way to learn the
 * password from it; one of the server's own, told in the answer, would be lost with that answer, and the name with it.
 *
 * Where the answer is no, the login goes on like any other and is told 531: a stranger learns nothing from it.
 * @throws Refusal MsisdnError, ServiceUnavailable
 */
export async function admitNewcomer(
  password: string | undefined,
  proof: Proof,
  { house, version, peer }: OutbandContext,
): Promise<boolean> {
  const { address } = proof
  const { register } = house.config.login
  const isVouched = isVouchedFor(proof)
  const isWelcome = isVouched
    ? register.byNetwork
    : register.byPassword && nameForm.test(address.user) && mayBeKept(password, peer, house.config)
  if (!isWelcome || isReserved(address.user.toLowerCase(), register.reserved)) return false
  // System Messages are new in 1.3.
  if (version < '1.3' && termsOf(register) !== undefined) return false
  if (!house.registrations.hasRoom(registrarOf(peer))) return false
  if ((await house.store.accounts.find(address.key)) !== undefined) return false
  if (!isVouched) admit(proof, house)
  return true
}

/**
 * Makes the account; resolves when it is on disk. A server that dies before the session is opened leaves an account that
 * its user can log in to. False where another login of the same user was faster.
 * @throws Refusal UnknownUser where no more accounts may be made
 */
export async function register(password: string | undefined, proof: Proof, house: House): Promise<boolean> {
  const { address, peer } = proof
  const { config, credentials, registrations, store, throttle, world } = house
  if (!registrations.take(registrarOf(peer))) refuseUnknown(house)
  // Whoever the network vouches for needs no password; nobody knows this one until an operator sets another.
  const kept = mayBeKept(password, peer, config) ? password : world.token()
  const account = {
    userId: address.key,
    address: format(address, 'qualified', address.domain),
    createdAt: world.now(),
    credential: credentials.seal(address.key, kept),
  }
  try {
    await store.commit(store.accounts.addWithin(account, config.login.register.maxAccounts), address.key)
  } catch (conflict) {
    if (!(conflict instanceof Conflict)) throw conflict
    if (conflict.conflict === 'AccountExists') return false
    refuseUnknown(house)
  }
  if (!isVouchedFor(proof)) throttle.succeeded(tryOf(proof))
  return true
}

/**
 * Names that mean one thing to everybody: no letters that look like others, and no telephone numbers, which belong to
 * whoever the network says.
 */
const nameForm = /^[a-z][a-z0-9._-]{0,63}$/i

const isReserved = (name: string, reserved: readonly string[]): boolean =>
  reserved
    .map(entry => entry.toLowerCase())
    .some(entry => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry))

/** A password nobody could read on its way, unless that is allowed, and that is not among the first to be guessed. */
const mayBeKept = (password: string | undefined, peer: Peer, { http, login }: Config): password is string =>
  password !== undefined &&
  (peer.isSecure || (login.register.allowClear && !http.requireDigest)) &&
  judgePassword(password).accepted
