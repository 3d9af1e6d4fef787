import { type AccessList as AccessListRequest, type EntityList, maxAddressLength, refuse } from '@village/protocol'
import type { AccessEntry, AccessList, ListChange } from '../../store/access-lists.ts'
import { isKnownUser, isServed } from '../access/known-user.ts'
import type { Context, House } from '../context.ts'
import { type ReadEntry, readEntries } from './access-entries.ts'
import { Outcome } from './outcome.ts'
import { countWildcards, hasWildcards } from './wildcards.ts'

/** What a request says about one list. */
export interface ListRequest {
  readonly list: AccessListRequest | undefined
  readonly isInUse: boolean | undefined
  /** As the list is, before it. */
  readonly current: AccessList
}

interface Limit {
  readonly most: number
  readonly full: 'BlockListFull' | 'GrantListFull'
}

/** As many as a list can have by any configuration. */
const mostRemoved = 10_000

/** An address of which each character is an escape. */
const longestText = 3 * maxAddressLength

/**
 * What is to become of a list (CSP 9.3.1.1); undefined where nothing is said of it. Entities that do not exist are told
 * to the outcome (531, 700, 800).
 * @throws Refusal BlockListFull, GrantListFull, WildcardsNotAllowed, WildcardTooComplicated, BadRequest
 */
export async function readChange(
  { list, isInUse, current }: ListRequest,
  { most, full }: Limit,
  outcome: Outcome,
  context: Context,
): Promise<ListChange | undefined> {
  if (list === undefined && isInUse === undefined) return undefined
  const { session, house } = context
  // COMPAT: EntityList has no meaning in a request, and until 1.2 could be written in one: what is on it is added.
  const added = [list?.addList, list?.entityList].filter(some => some !== undefined)
  const removed = list?.removeList === undefined ? [] : [list.removeList]
  if (countEntries(added) > most) refuse(full)
  if (countEntries(removed) > mostRemoved) refuse('BadRequest', { description: 'Too many entries to remove' })
  if ([...added, ...removed].flatMap(textsIn).some(isUnfit))
    refuse('BadRequest', {
      description: `An entry is empty, over ${longestText} characters, or has control characters`,
    })

  const add = added.flatMap(entities => readEntries(entities, session.homeDomain, house.config.domains, outcome))
  // What is nowhere to be found is not on the list either.
  const unmissed = new Outcome(session.version)
  const remove = removed.flatMap(entities => readEntries(entities, session.homeDomain, house.config.domains, unmissed))
  checkWildcards(add, house.config.access.maxWildcards)
  checkPatterns(current, { add, remove }, house.config.access.maxWildcardEntries)
  await checkExistence(add, session.userId, house, outcome)
  return { isInUse, add, remove, most }
}

const countEntries = (lists: readonly EntityList[]) => lists.flatMap(list => Object.values(list).flat()).length

const textsIn = (list: EntityList): string[] => [
  ...list.userIds,
  ...list.screenNames.flatMap(({ name, groupId }) => [name, groupId]),
  ...[list.groupIds, list.contactLists, list.applicationIds].flat(),
]

const isUnfit = (text: string) => text === '' || text.length > longestText || /\p{Cc}/u.test(text)

const checkWildcards = (entries: readonly AccessEntry[], most: number) => {
  const counts = entries.map(({ key }) => countWildcards(key))
  if (most === 0 && counts.some(count => count > 0)) refuse('WildcardsNotAllowed')
  if (counts.some(count => count > most)) refuse('WildcardTooComplicated')
}

/**
 * Every message to the user is compared with each of these. Two requests of one user at a time may add a few more: the
 * number is there to bound the work, and nobody is promised it.
 */
const checkPatterns = (current: AccessList, { add, remove }: Pick<ListChange, 'add' | 'remove'>, most: number) => {
  const patterns = add.filter(({ key }) => hasWildcards(key))
  if (patterns.length === 0) return
  const gone = new Set(remove.map(nameOf))
  const staying = current.entries.filter(entry => hasWildcards(entry.key) && !gone.has(nameOf(entry)))
  if (new Set([...staying, ...patterns].map(nameOf)).size > most)
    refuse('WildcardTooComplicated', { description: `More than ${most} entries with wildcards` })
}

const nameOf = ({ kind, key }: AccessEntry) => `${kind} ${key}`

/** Whether a list will be another than it is. */
export function isChange({ isInUse, entries }: AccessList, change: ListChange | undefined): boolean {
  if (change === undefined) return false
  if (change.isInUse !== undefined && change.isInUse !== isInUse) return true
  const there = new Set(entries.map(nameOf))
  return change.remove.some(entry => there.has(nameOf(entry))) || change.add.some(entry => !there.has(nameOf(entry)))
}

/**
 * What an entry without wildcards names has to exist, as far as this server can know: others vouch for other domains.
 * It may be gone the next moment, and then the entry is about nobody; so this need not be a guard of the unit.
 */
async function checkExistence(entries: readonly ReadEntry[], userId: string, house: House, outcome: Outcome) {
  const hasLists = entries.some(({ kind }) => kind === 'contactList')
  const ownLists = hasLists ? await house.store.contactLists.ofUser(userId) : []
  const isThere = async ({ kind, key }: AccessEntry): Promise<boolean> => {
    if (hasWildcards(key) || kind === 'application') return true
    if (kind === 'contactList') return ownLists.some(({ listId }) => listId === key)
    if (kind === 'user') return isKnownUser(key, house)
    // The group of a screen name ends at the first blank of its key.
    const groupId = key.split(' ', 1)[0]!
    return !isServed(groupId, house) || (await house.groups.find(groupId)) !== undefined
  }
  const there = await Promise.all(entries.map(isThere))
  for (const [index, entry] of entries.entries()) if (!there[index]) tellMissing(entry, outcome)
}

const tellMissing = ({ kind, name, groupId, asWritten }: ReadEntry, outcome: Outcome) => {
  if (kind === 'user') outcome.fail('UnknownUser', { userIds: [asWritten] })
  else if (kind === 'contactList') outcome.fail('ContactListDoesNotExist', { contactLists: [name] })
  else outcome.fail('GroupDoesNotExist', groupId === null ? { groupIds: [name] } : { screenNames: [{ name, groupId }] })
}
