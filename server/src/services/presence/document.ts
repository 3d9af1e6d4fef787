import type { PresenceSubList, Version } from '@village/protocol'
import { type Attribute, type Attributes, attributes, listOf, noAttributes, readBy, valuesIn } from './attributes.ts'
import { type ClientStatus, clientStatus, type LiveClient, ofClient, type Publication } from './client-status.ts'

/** What the presence of a user is made of. */
export interface PresenceSources {
  readonly published: readonly Publication[]
  readonly clients: readonly LiveClient[]
  /** Keys of clients that went offline just now, while others stay: watchers are told of each. */
  readonly gone?: readonly string[] | undefined
  /** In full, for CommCap. */
  readonly userAddress: string
  /** Whether a client that publishes OnlineStatus F is left out, as if it had logged out. */
  readonly appearOffline?: boolean | undefined
}

/**
 * One document of the presence of a user, merged from that of all clients (CSP 5.1.3). The client that should be seen
 * where only one can be, by watchers before 1.3, comes first: that of the highest priority, among equals the one that
 * was heard last.
 */
export function presenceDocument(sources: PresenceSources): PresenceSubList {
  const { published, gone = [], userAddress, appearOffline = true } = sources
  const clients = sources.clients
    .map(client => clientStatus(client, published, userAddress))
    .filter(({ isHidden }) => !(isHidden && appearOffline))
    .sort(inOrder)
  return listOf(attribute => {
    if (attribute.scope === 'user') return userStatus(attribute, published, clients)
    const values = clients.flatMap(client => client.valuesOf(attribute))
    return attribute.key === 'onlineStatuses' ? [...values, ...offline(attribute, clients, gone)] : values
  })
}

const inOrder = (a: ClientStatus, b: ClientStatus): number =>
  b.priority - a.priority || b.newestAt - a.newestAt || (a.clientKey < b.clientKey ? -1 : 1)

/** Nobody is told which clients a user had where none is left: the whole user is offline. */
function offline(attribute: Attribute, clients: readonly ClientStatus[], gone: readonly string[]): readonly object[] {
  const presenceValue = 'F'
  if (clients.length === 0) return [{ qualifier: true, presenceValue }]
  const isBack = (key: string) => clients.some(({ clientKey }) => clientKey === key)
  return gone.filter(key => !isBack(key)).map(key => ofClient(attribute, key, { presenceValue }))
}

/** How a person is at the moment, and not who they are: ends with the sessions that were open when it was said. */
const isOfTheMoment = ({ key }: Attribute): boolean => key === 'userAvailability' || key === 'statusMood'

/** Clients that appear offline hold nothing: otherwise it would show that they are there. */
function userStatus(
  attribute: Attribute,
  published: readonly Publication[],
  clients: readonly ClientStatus[],
): readonly object[] {
  let newest: Publication | undefined
  for (const it of published)
    if (it.clientKey === '' && it.attribute === attribute.name && it.publishedAt >= (newest?.publishedAt ?? 0))
      newest = it
  if (newest === undefined) return []
  const { publishedAt, value } = newest
  const isOver = isOfTheMoment(attribute) && !clients.some(({ startedAt }) => startedAt <= publishedAt)
  return isOver ? [] : [{ qualifier: true, ...JSON.parse(value) }]
}

/**
 * Which attributes say something else, or in another order, to watchers of a version: before 1.3 these read one value of
 * each, and not all of that. Both lists have to be documents.
 */
export const changedBetween = (before: PresenceSubList, after: PresenceSubList, version: Version): Attributes =>
  attributes.reduce((changed, attribute) => {
    const [was, is] = [valuesIn(before, attribute), valuesIn(after, attribute)]
    if (isSame(was, is) || isSame(readBy(version, attribute, was), readBy(version, attribute, is))) return changed
    return changed | attribute.bit
  }, noAttributes)

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/**
 * What a document says of these attributes. Those without a value are there all the same, with Qualifier F: by that a
 * watcher learns that a value is gone (CSP 8.3.2.1).
 */
export const withUnset = (document: PresenceSubList, set: Attributes): PresenceSubList =>
  listOf(attribute => {
    if ((set & attribute.bit) === 0) return []
    const values = valuesIn(document, attribute)
    return values.length > 0 ? values : [{ ...attribute.empty, qualifier: false }]
  })
