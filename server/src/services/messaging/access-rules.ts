import { foldCase, parseGroupId, parseUserId, type Recipient, type Sender, unescapePart } from '@village/protocol'
import type { AccessEntry, AccessList, EntityKind, UserAccess } from '../../store/access-lists.ts'
import { compilePattern, hasWildcards } from './wildcards.ts'

/** What the rules look at in a message or an invitation: users by their keys, all else folded as entries are. */
export interface Parties {
  /** From the Sender element. */
  readonly userId?: string | undefined
  readonly screenName?: { readonly groupId: string; readonly name: string } | undefined
  /** From the Recipient element. */
  readonly groupId?: string | undefined
  readonly applicationId?: string | undefined
}

/** Whom one user hears (CSP 9.3.1), made ready for being asked often. */
export interface AccessRules {
  /** How many entries and members it was made of; at least 1. */
  readonly size: number
  blocks(parties: Parties): boolean
}

/** The rules of whoever has none. */
export const hearsAll: AccessRules = { size: 1, blocks: () => false }

/** A contact list as it is now. */
export interface Contacts {
  readonly listId: string
  readonly members: readonly string[]
}

/** @param contacts all contact lists of the user, at least where a list has entries of that kind */
export const compileRules = (
  { block, grant }: UserAccess,
  contacts: readonly Contacts[],
  homeDomain: string,
): AccessRules => {
  if (!isEffective(block) && !grant.isInUse) return hearsAll
  const isBlocked = block.isInUse ? compileList(block, contacts, homeDomain) : () => false
  const isGranted = grant.isInUse ? compileList(grant, contacts, homeDomain) : () => true
  const sizes = [block.entries, grant.entries, ...contacts.map(({ members }) => members)].map(list => list.length)
  return {
    size: sizes.reduce((sum, size) => sum + size, 1),
    // Figure 60: who is blocked is not heard, whoever is granted.
    blocks: parties => isBlocked(parties) || !isGranted(parties),
  }
}

const isEffective = ({ isInUse, entries }: AccessList) => isInUse && entries.length > 0

const compileList = ({ entries }: AccessList, contacts: readonly Contacts[], homeDomain: string) => {
  const keysOf = (kind: EntityKind) => entries.filter(entry => entry.kind === kind).map(({ key }) => key)
  const addresses = (keys: readonly string[]) => anyOf(keys, key => spellings(key, homeDomain))
  const isListed = addresses(keysOf('contactList'))
  const members = contacts.filter(({ listId }) => isListed(listId)).flatMap(list => list.members)
  const isUser = addresses([...keysOf('user'), ...members])
  const isGroup = addresses(keysOf('group'))
  const isApplication = anyOf(keysOf('application'), key => [key])
  const screenNames = entries
    .filter(({ kind }) => kind === 'screenName')
    .map(entry => screenNameRule(entry, homeDomain))
  return ({ userId, screenName, groupId, applicationId }: Parties): boolean =>
    (userId !== undefined && isUser(userId)) ||
    (screenName !== undefined && screenNames.some(isMeant => isMeant(screenName))) ||
    (groupId !== undefined && isGroup(groupId)) ||
    (applicationId !== undefined && isApplication(applicationId))
}

const anyOf = (keys: readonly string[], spell: (key: string) => readonly string[]) => {
  const exact = new Set(keys)
  const patterns = keys.filter(hasWildcards).map(compilePattern)
  return (key: string): boolean => {
    if (exact.has(key)) return true
    if (patterns.length === 0) return false
    const texts = spell(key)
    return patterns.some(isMatch => texts.some(isMatch))
  }
}

/** The key of a screen name is that of its group, a blank, and the name: no address has a blank in it. */
const screenNameRule = ({ key }: AccessEntry, homeDomain: string) => {
  const blank = key.indexOf(' ')
  const isGroup = anyOf([key.slice(0, blank)], groupId => spellings(groupId, homeDomain))
  const isName = anyOf([key.slice(blank + 1)], name => [name])
  return ({ groupId, name }: NonNullable<Parties['screenName']>) => isName(name) && isGroup(groupId)
}

/** How a person may write an address: qualified or, at home, without its domain; a pattern may be meant for either. */
const spellings = (key: string, homeDomain: string): readonly string[] => {
  const qualified = unescapePart(key) ?? key
  const domain = `@${homeDomain}`
  return qualified.endsWith(domain) ? [qualified, qualified.slice(0, -domain.length)] : [qualified]
}

type Written<T> = { readonly [K in keyof T]?: Written<T[K]> | undefined }

/** What counts of a message: the Sender for users and screen names, the Recipient for groups and applications. */
export const partiesOf = (sender: Written<Sender>, recipient: Written<Recipient>, homeDomain: string): Parties => {
  const group = recipient.groups?.[0]
  const groupKey = (id: string | undefined) => (id === undefined ? undefined : parseGroupId(id, homeDomain)?.key)
  const { name, groupId } = sender.group?.screenName ?? {}
  const groupOfName = groupKey(groupId)
  const userId = sender.user?.userId
  return {
    userId: userId === undefined ? undefined : parseUserId(userId, homeDomain)?.key,
    screenName:
      name === undefined || groupOfName === undefined ? undefined : { name: foldCase(name), groupId: groupOfName },
    groupId: groupKey(group?.groupId ?? group?.screenName?.groupId),
    applicationId: foldedOrNone(recipient.users?.[0]?.applicationId),
  }
}

const foldedOrNone = (text: string | undefined) => (text === undefined ? undefined : foldCase(text))
