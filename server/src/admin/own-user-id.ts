import { type AddressFault, addressFault, parseUserId, type UserAddress } from '@village/protocol'
import { UserRefusal } from './user-refusal.ts'

/**
 * Reads the id of a user of this server; without a domain it belongs to the first of `domains`. Refuses `BadUserId` with
 * what is wrong with it, and `ForeignDomain`.
 */
export const parseOwnUserId = (text: string, domains: readonly string[]): UserAddress => {
  const home = domains[0] ?? ''
  const address = parseUserId(text, home)
  if (address === undefined) throw new UserRefusal('BadUserId', hintFor(addressFault(text, home), home))
  if (domains.includes(address.domain)) return address
  const own = domains.join(', ')
  throw new UserRefusal('ForeignDomain', `This server answers for ${own}, not ${address.domain}. See domains.`)
}

const hintFor = (fault: AddressFault | undefined, home: string): string => {
  const advice = `Write it like wv:alice@${home}, or wv:+358401234567@${home} for a phone number.`
  return `This is no user id: ${fault === undefined ? 'it names a list or group' : faults[fault]}. ${advice}`
}

const faults: Readonly<Record<AddressFault, string>> = {
  scheme: 'it has another scheme than wv:',
  length: 'it is longer than 200 characters',
  character: 'it has a character that has no place in it',
  escape: 'a % in it is not followed by two hexadecimal digits that make sense',
  user: 'the part before the @ is missing or malformed',
  resource: 'it names a list or group',
  domain: 'the part behind the @ is no domain',
}
