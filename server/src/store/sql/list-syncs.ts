import type { Contact } from '../contact-lists.ts'
import type { Database, Statement } from '../database.ts'
import { type ListSyncs, MOST_SYNCED_CLIENTS, type PendingChange } from '../list-syncs.ts'
import { lockUser } from './lock-user.ts'

const REVISION = 'SELECT revision FROM contact_revisions WHERE user_id = ?'
const ADDED = `SELECT lists.list_id AS "listId", lists.address AS "listAddress",
  member AS "userId", members.address, nick_name AS "nickName"
  FROM contact_lists AS lists
  LEFT JOIN contact_list_syncs AS syncs
    ON syncs.user_id = lists.user_id AND syncs.list_id = lists.list_id AND client_key = ?
  JOIN contact_list_members AS members
    ON members.list_id = lists.list_id AND revision > coalesce(added_revision, 0)
  WHERE lists.user_id = ? AND changed_by IS DISTINCT FROM ? ORDER BY lists.position, members.position`
const REMOVED = `SELECT removals.list_id AS "listId", list_address AS "listAddress", member AS "userId", address
  FROM contact_list_syncs AS syncs
  JOIN contact_list_removals AS removals ON removals.user_id = syncs.user_id AND removals.list_id = syncs.list_id
  WHERE syncs.user_id = ? AND client_key = ? AND revision > removed_revision AND changed_by IS DISTINCT FROM client_key
  ORDER BY revision, removals.list_id, member`

const BEGIN = 'INSERT INTO contact_list_syncs (user_id, client_key, list_id, added_revision, removed_revision)'
const UNLESS_BEGUN = 'ON CONFLICT (user_id, client_key, list_id) DO NOTHING'
const BEGIN_AT = `${BEGIN} VALUES (?, ?, ?, 0, ?) ${UNLESS_BEGUN}`
const BEGIN_NOW = `${BEGIN} VALUES (?, ?, ?, 0, (${REVISION})) ${UNLESS_BEGUN}`
const CONFIRM_ADDED = `UPDATE contact_list_syncs SET added_revision = ?
  WHERE user_id = ? AND client_key = ? AND list_id = ? AND added_revision < ?`
const CONFIRM_REMOVED = `UPDATE contact_list_syncs SET removed_revision = ?
  WHERE user_id = ? AND client_key = ? AND list_id = ? AND removed_revision < ?`
const DROP_FURTHEST_BEHIND = `DELETE FROM contact_list_syncs
  WHERE user_id = ? AND client_key <> ? AND client_key NOT IN (
    SELECT client_key FROM contact_list_syncs WHERE user_id = ? AND client_key <> ? GROUP BY client_key
    ORDER BY max(CASE WHEN added_revision > removed_revision THEN added_revision ELSE removed_revision END) DESC,
      client_key LIMIT ? + 0)`
const DROP_FINISHED = `DELETE FROM contact_list_syncs WHERE user_id = ?
  AND NOT EXISTS (SELECT 1 FROM contact_lists WHERE contact_lists.list_id = contact_list_syncs.list_id)
  AND NOT EXISTS (SELECT 1 FROM contact_list_removals AS removals
    WHERE removals.user_id = contact_list_syncs.user_id AND removals.list_id = contact_list_syncs.list_id
    AND revision > removed_revision AND changed_by IS DISTINCT FROM client_key)`

export const sqlListSyncs = (database: Database): ListSyncs => ({
  async pending(userId, clientKey) {
    // Read first: what comes in behind it is told twice; the other way round it would be confirmed unheard.
    const [current] = await database.read<{ revision: number }>(REVISION, [userId])
    if (current === undefined) return []
    const added = await database.read<Listed<Contact>>(ADDED, [clientKey, userId, clientKey])
    const removed = await database.read<Listed<Member>>(REMOVED, [userId, clientKey])
    return byList(current.revision, added, removed)
  },

  confirm: (userId, clientKey, listId, { added, removed }) => [
    lockUser(database, userId),
    // A client that hears of a list for the first time is not behind with those who had left it by then.
    { sql: BEGIN_AT, params: [userId, clientKey, listId, removed ?? added ?? 0] },
    ...raise(CONFIRM_ADDED, added, [userId, clientKey, listId]),
    ...raise(CONFIRM_REMOVED, removed, [userId, clientKey, listId]),
    dropFurthestBehind(userId, clientKey),
    dropFinished(userId),
  ],
})

type Member = Pick<Contact, 'userId' | 'address'>
type Listed<T> = T & { readonly listId: string; readonly listAddress: string }

function byList(
  revision: number,
  added: readonly Listed<Contact>[],
  removed: readonly Listed<Member>[],
): PendingChange[] {
  const addedTo = Map.groupBy(added, ({ listId }) => listId)
  const removedFrom = Map.groupBy(removed, ({ listId }) => listId)
  const addresses = new Map([...added, ...removed].map(({ listId, listAddress }) => [listId, listAddress]))
  return [...addresses].map(([listId, address]) => ({
    listId,
    address,
    revision,
    added: (addedTo.get(listId) ?? []).map(({ listId: _, listAddress: __, ...contact }) => contact),
    removed: (removedFrom.get(listId) ?? []).map(({ listId: _, listAddress: __, ...member }) => member),
  }))
}

const raise = (sql: string, revision: number | undefined, key: readonly string[]): Statement[] =>
  revision === undefined ? [] : [{ sql, params: [revision, ...key, revision] }]

/** A client that changes a list knows who is on it, and is told of who is removed from then on. */
export const rememberChanger = (userId: string, clientKey: string, listId: string): Statement[] => [
  { sql: BEGIN_NOW, params: [userId, clientKey, listId, userId] },
  dropFurthestBehind(userId, clientKey),
]

const dropFurthestBehind = (userId: string, clientKey: string): Statement => ({
  sql: DROP_FURTHEST_BEHIND,
  params: [userId, clientKey, userId, clientKey, MOST_SYNCED_CLIENTS - 1],
})

/** What is remembered of lists that are gone, once the client has heard of it. */
export const dropFinished = (userId: string): Statement => ({ sql: DROP_FINISHED, params: [userId] })
