import {
  type Address,
  type BodyInput,
  type EntityList,
  foldCase,
  format,
  parseAddress,
  parseContactListId,
  parseGroupId,
  parseUserId,
  unescapePart,
} from '@village/protocol'
import type { AccessEntry, EntityKind } from '../../store/access-lists.ts'
import type { SessionView } from '../context.ts'
import type { Outcome } from './outcome.ts'
import { hasWildcards, simplify } from './wildcards.ts'

type Parse = (text: string, homeDomain: string) => Address | undefined

export interface ReadEntry extends AccessEntry {
  /** Its name in the request, which may have another scheme. */
  readonly asWritten: string
}

/**
 * Reads the entries of a request, each once (CSP 9.3.1). What can be no address is told to the outcome.
 * @param domains in which users can be named otherwise, see {@link parseUserId}
 */
export function readEntries(
  list: EntityList,
  homeDomain: string,
  domains: readonly string[],
  outcome: Outcome,
): ReadEntry[] {
  const found = new Map<string, ReadEntry>()
  const add = (kind: EntityKind, key: string, name: string, groupId: string | null = null, asWritten = name) => {
    found.set(`${kind} ${key}`, { kind, key, name, groupId, asWritten })
  }
  const keyOf = (text: string, parse: Parse) => (hasWildcards(text) ? patternKey(text) : parse(text, homeDomain)?.key)
  const readUser = (asWritten: string) => {
    if (hasWildcards(asWritten)) return { key: patternKey(asWritten), name: asWritten }
    const address = parseUserId(asWritten, homeDomain, domains)
    if (address === undefined) return { key: undefined, name: asWritten }
    return { key: address.key, name: format(address, address.isLocal ? 'local' : 'qualified', homeDomain) }
  }

  for (const asWritten of list.userIds) {
    const { key, name } = readUser(asWritten)
    if (key === undefined) outcome.fail('UnknownUser', { userIds: [asWritten] })
    else add('user', key, name, null, asWritten)
  }
  for (const { name, groupId } of list.screenNames) {
    const key = keyOf(groupId, parseGroupId)
    if (key === undefined) outcome.fail('GroupDoesNotExist', { screenNames: [{ name, groupId }] })
    else add('screenName', `${key} ${simplify(foldCase(name))}`, name, groupId)
  }
  for (const name of list.groupIds) {
    const key = keyOf(name, parseGroupId)
    if (key === undefined) outcome.fail('GroupDoesNotExist', { groupIds: [name] })
    else add('group', key, name)
  }
  for (const name of list.contactLists) {
    const key = keyOf(name, parseContactListId)
    if (key === undefined) outcome.fail('ContactListDoesNotExist', { contactLists: [name] })
    else add('contactList', key, name)
  }
  for (const name of list.applicationIds) add('application', simplify(foldCase(name)), name)
  return [...found.values()]
}

/** Nobody is compared by one: with it a pattern would stand on a list and do nothing. */
const otherScheme = /^(?!wv:)[a-z][a-z0-9+.-]*:/i

/** What an address with wildcards is compared as: folded, without escapes, with the scheme that may be left out. */
const patternKey = (text: string): string | undefined => {
  const plain = unescapePart(text) ?? text
  if (/[\s\p{Cc}]/u.test(plain) || otherScheme.test(plain)) return undefined
  const folded = simplify(foldCase(plain))
  return /^(wv:|[*?])/.test(folded) ? folded : `wv:${folded}`
}

/** The list as a client reads it, in the form of its login (CSP 5.3.2); undefined where there is nothing on it. */
export function writeEntries(
  entries: readonly AccessEntry[],
  { addressForm, homeDomain }: Pick<SessionView, 'addressForm' | 'homeDomain'>,
): NonNullable<BodyInput<'GetBlockedListResponse'>['blockList']>['entityList'] {
  if (entries.length === 0) return undefined
  // A pattern is no address: its user knows best what it is to stand for.
  const written = (text: string) => {
    const address = parseAddress(text, homeDomain)
    return address === undefined ? text : format(address, addressForm, homeDomain)
  }
  const namesOf = (kind: EntityKind) => entries.filter(entry => entry.kind === kind).map(({ name }) => name)
  return {
    userIds: namesOf('user').map(written),
    screenNames: entries.flatMap(({ name, groupId }) =>
      groupId === null ? [] : [{ name, groupId: written(groupId) }],
    ),
    groupIds: namesOf('group').map(written),
    contactLists: namesOf('contactList').map(written),
    applicationIds: namesOf('application'),
  }
}
