import { escapePart, foldCase, hasUnseenCharacters, isEscape, unescapePart } from './escapes.ts'

/**
 * An address of CSP 5.3, parsed once. Compare addresses by `key` and by nothing else; write them with {@link format}.
 */
interface AddressParts {
  /** The user part, decoded, in the spelling first written; empty for a public resource. */
  readonly user: string
  /** The resource part, decoded, in the spelling first written; empty for a user. */
  readonly resource: string
  /** The domain in lower case: the one written, else the home domain. */
  readonly domain: string
  /**
   * The one lower-case, escaped, fully qualified spelling that all spellings of this address share. It is an address
   * itself, and parsing it gives the same key. ASCII without white space.
   */
  readonly key: string
  /** Whether the domain was left out (CSP 5.3.2): the answer has to leave it out as well. */
  readonly isLocal: boolean
  /** The part between scheme and domain exactly as written. */
  readonly written: string
  /** The domain exactly as written, else the home domain. */
  readonly writtenDomain: string
}

/** `wv:alice@example.com`, or a mobile identity: `wv:+358401234567` (CSP 5.3.4). */
export interface UserAddress extends AddressParts {
  readonly kind: 'user'
}

/**
 * `wv:alice/friends@example.com` (private, belongs to alice) or `wv:/managers@example.com` (public). Only the context
 * tells a contact list from a group (CSP 5.3.5, 5.3.6).
 */
export interface ResourceAddress extends AddressParts {
  readonly kind: 'private' | 'public'
}

export type Address = UserAddress | ResourceAddress

/**
 * Why a text is no address: another `scheme` than wv:, over the `length` limit, a `character` that has no place in it, a
 * broken `escape`, or a missing or malformed `user`, `resource` or `domain`.
 */
export type AddressFault = 'scheme' | 'length' | 'character' | 'escape' | 'user' | 'resource' | 'domain'

/** Most characters of an address, scheme and domain included, an escape counted as one (CSP 5.3.2, 5.3.3). */
export const maxAddressLength = 200

const schemeLength = 'wv:'.length
const maxLabelLength = 63

const refused = 0
const bare = 1
/** Understood, but escaped in a key: CSP 5.3.3 wants these escaped while the ABNF of 5.3.2 lists most of them bare. */
const loose = 2
/** As `loose`, but forbidden in a user part. */
const looseInResource = 3
const percent = 4
const slash = 5
const at = 6

/** What each ASCII character means before the domain. Wildcards, blanks and control characters are left `refused`. */
const meaning: Uint8Array = (() => {
  const table = new Uint8Array(128).fill(refused)
  const set = (characters: string, value: number) => {
    for (const character of characters) table[character.charCodeAt(0)] = value
  }
  set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~'()", bare)
  set('#$&+,;<=>[\\]^`{|}', loose)
  set(':"', looseInResource)
  set('%', percent)
  set('/', slash)
  set('@', at)
  return table
})()

const plus = '+'.charCodeAt(0)
const noDomains: readonly string[] = []

const hasScheme = (text: string): boolean =>
  text.charCodeAt(2) === 0x3a && (text.charCodeAt(0) | 0x20) === 0x77 && (text.charCodeAt(1) | 0x20) === 0x76

/** Addresses of SIP and of mail, which may stand for users (CSP 5.3.1). */
const neighbour = /^(?:sip|mailto):/i

/** Whether what precedes the first colon reads like an URI scheme (RFC 2396 3.1): `sip:`, `mailto:`, `tel:`. */
const hasOtherScheme = (text: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(text)

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

const isLetter = (code: number): boolean => (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)

/**
 * Whether the text, from `start`, is a domain: labels of letters, digits and inner hyphens, at most 63 long, joined by
 * dots. Nothing in a domain needs an escape, so none is understood.
 */
export const isDomain = (text: string, start = 0): boolean => {
  let label = start
  for (let i = start; i <= text.length; i++) {
    const code = text.charCodeAt(i)
    if (isLetter(code) || isDigit(code)) continue
    const ends = i === text.length || code === 0x2e
    if (!ends && code !== 0x2d) return false
    // Neither a dot nor a hyphen may open a label, and a hyphen may not close one.
    if (i === label) return false
    if (!ends) continue
    if (text.charCodeAt(i - 1) === 0x2d || i - label > maxLabelLength) return false
    label = i + 1
  }
  return true
}

/** A user part that begins like a telephone number is one, to its end (CSP 5.3.4). */
const isUserPart = (user: string): boolean => {
  const first = user.charCodeAt(0)
  if (first !== plus && !isDigit(first)) return user !== ''
  for (let i = 1; i < user.length; i++) if (!isDigit(user.charCodeAt(i))) return false
  return first !== plus || user.length > 1
}

/** Length by the rule of CSP 5.3.3: an escape is one character. */
const measure = (key: string): number => {
  let length = key.length
  for (let i = key.indexOf('%'); i >= 0; i = key.indexOf('%', i + 3)) length -= 2
  return length
}

/** The characters of CSP 5.3.3, which no escape makes acceptable in a user part; wildcards are refused everywhere. */
const isForbidden = (user: string, resource: string): boolean =>
  /[/@:"*?]/.test(user) || /[*?]/.test(resource) || hasUnseenCharacters(user) || hasUnseenCharacters(resource)

const canonicalPart = (part: string): string => escapePart(foldCase(part)).toLowerCase()

const canonicalUser = (user: string): string => (user.charCodeAt(0) === plus ? user : canonicalPart(user))

const read = (text: string, homeDomain: string, neighbours = noDomains): Address | AddressFault => {
  // Nothing longer can be short enough, even if all of it were escapes.
  if (text.length > 3 * maxAddressLength) return 'length'
  let start = hasScheme(text) ? schemeLength : 0
  const isNeighbour = start === 0 && hasOtherScheme(text)
  if (isNeighbour) {
    start = neighbours.length > 0 ? (neighbour.exec(text)?.[0].length ?? 0) : 0
    if (start === 0) return 'scheme'
  }

  let slashAt = -1
  let end = start
  let isCanonical = true
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    const means = code < 128 ? meaning[code] : refused
    if (means === bare) continue
    if (means === at) break
    // Of what has a meaning in SIP or mail, or none here, nothing is guessed.
    if (isNeighbour && means !== percent && code !== plus) return 'character'
    if (means === slash && slashAt < 0) slashAt = end
    else if (means === loose) isCanonical &&= code === plus && end === start
    else if (means === looseInResource && slashAt >= 0) isCanonical = false
    else if (means === percent) {
      if (!isEscape(text, end)) return 'escape'
      isCanonical = false
    } else return 'character'
  }

  const isLocal = end === text.length
  if (isLocal ? isNeighbour : !isDomain(text, end + 1)) return 'domain'
  const written = text.slice(start, end)
  const writtenDomain = isLocal ? homeDomain : text.slice(end + 1)
  if (schemeLength + measure(written) + 1 + writtenDomain.length > maxAddressLength) return 'length'

  let user: string | undefined = slashAt < 0 ? written : text.slice(start, slashAt)
  let resource: string | undefined = slashAt < 0 ? '' : text.slice(slashAt + 1, end)
  if (!isCanonical) {
    user = unescapePart(user)
    resource = unescapePart(resource)
    if (user === undefined || resource === undefined) return 'escape'
    if (isForbidden(user, resource)) return 'character'
  }
  const kind = slashAt < 0 ? 'user' : user === '' ? 'public' : 'private'
  if (kind !== 'public' && !isUserPart(user)) return 'user'
  if (kind !== 'user' && resource === '') return 'resource'

  const domain = writtenDomain.toLowerCase()
  // Elsewhere the two need not be the same person.
  if (isNeighbour && !neighbours.includes(domain)) return 'scheme'
  let local = written.toLowerCase()
  if (!isCanonical) {
    local = kind === 'user' ? canonicalUser(user) : `${canonicalUser(user)}/${canonicalPart(resource)}`
    // Folding may need more octets than were written.
    if (schemeLength + measure(local) + 1 + domain.length > maxAddressLength) return 'length'
  }
  return { kind, user, resource, domain, key: `wv:${local}@${domain}`, isLocal, written, writtenDomain }
}

/**
 * Parses an address of any kind; undefined for a text that is none ({@link addressFault} says why). The scheme may be
 * missing, and a missing domain is the home domain (CSP 5.3.2): the one of the User-ID at login, else the server's own.
 * `homeDomain` has to be a domain ({@link isDomain}); it is not checked again. Linear in the length of the text.
 */
export const parseAddress = (text: string, homeDomain: string): Address | undefined => {
  const address = read(text, homeDomain)
  return typeof address === 'string' ? undefined : address
}

/** Why {@link parseAddress} returns undefined for the text; undefined when it does not. */
export const addressFault = (text: string, homeDomain: string): AddressFault | undefined => {
  const address = read(text, homeDomain)
  return typeof address === 'string' ? address : undefined
}

/**
 * As {@link parseAddress}, for the address of a user and nothing else (CSP 5.3.4). In `domains`, which are in lower case,
 * `sip:bob@example.com` and `mailto:bob@example.com` are other names of `wv:bob@example.com`: an address and nothing
 * besides, such as a port, a password, parameters or headers.
 */
export const parseUserId = (
  text: string,
  homeDomain: string,
  domains: readonly string[] = noDomains,
): UserAddress | undefined => {
  const address = read(text, homeDomain, domains)
  return typeof address !== 'string' && address.kind === 'user' ? address : undefined
}

const parseResource = (text: string, homeDomain: string): ResourceAddress | undefined => {
  const address = parseAddress(text, homeDomain)
  return address === undefined || address.kind === 'user' ? undefined : address
}

/** As {@link parseAddress}, for a private or public resource that the context makes a contact list (CSP 5.3.5). */
export const parseContactListId = parseResource

/** As {@link parseAddress}, for a private or public resource that the context makes a group (CSP 5.3.6). */
export const parseGroupId = parseResource

/**
 * Writes an address in the form the request used, or qualified wherever the server speaks first (CSP 5.3.2). The
 * spelling is the one first written, the scheme always `wv:`. An address outside the home domain has no local form.
 */
export const format = (address: Address, form: 'local' | 'qualified', homeDomain: string): string =>
  form === 'local' && address.domain === homeDomain.toLowerCase()
    ? `wv:${address.written}`
    : `wv:${address.written}@${address.writtenDomain}`

/** The key of the user a private resource belongs to (CSP 5.3.5), of a user itself; undefined for a public resource. */
export const ownerKey = ({ kind, key }: Address): string | undefined => {
  if (kind === 'user') return key
  if (kind === 'public') return undefined
  return key.slice(0, key.indexOf('/')) + key.slice(key.indexOf('@'))
}

/**
 * What two Client-IDs of one user have in common when they name the same client (CSP 5.3.7): the URL without regard to
 * case, as for every address, else the digits of the MSISDN. Empty when the structure holds neither.
 */
export const clientKey = ({ url, msisdn }: { url?: string | undefined; msisdn?: string | undefined }): string => {
  if (url) return `url:${foldCase(url)}`
  return msisdn ? `msisdn:${msisdn.replaceAll(/[\s().-]/g, '')}` : ''
}

/** The Client-ID that a key is of, in the spelling of the key: sessions keep only that. */
export const clientIdOf = (key: string): { url?: string; msisdn?: string } => {
  const [scheme] = key.split(':', 1)
  const rest = key.slice(scheme!.length + 1)
  return scheme === 'url' ? { url: rest } : { msisdn: rest }
}

/** Compares screen names without regard to case, each within its group. undefined when the Group-ID is no address. */
export const screenNameKey = (
  screenName: { readonly name: string; readonly groupId: string },
  homeDomain: string,
): string | undefined => {
  const group = parseGroupId(screenName.groupId, homeDomain)
  return group && `${group.key} ${foldCase(screenName.name)}`
}
