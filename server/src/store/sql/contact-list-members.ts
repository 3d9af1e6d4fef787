import type { NewContact } from '../contact-lists.ts'
import type { Statement } from '../database.ts'
import { rememberChanger } from './list-syncs.ts'

/** What was removed is kept for clients that have not heard of it, as many users of one user's lists. */
const MOST_REMOVALS = 10_000

const REVISION = '(SELECT revision FROM contact_revisions WHERE user_id = ?)'
const NEXT_REVISION = `INSERT INTO contact_revisions (user_id, revision) VALUES (?, 1)
  ON CONFLICT (user_id) DO UPDATE SET revision = contact_revisions.revision + 1`

const ADD = `INSERT INTO contact_list_members (list_id, member, address, nick_name, position, revision, changed_by)
  SELECT ?, ?, ?, ?, coalesce(max(position), 0) + 1, ${REVISION}, ? FROM contact_list_members WHERE list_id = ?
  ON CONFLICT (list_id, member)`
const ADD_NAMED = `${ADD} DO UPDATE SET
    nick_name = excluded.nick_name, revision = excluded.revision, changed_by = excluded.changed_by
  WHERE contact_list_members.nick_name <> excluded.nick_name`
const ADD_UNNAMED = `${ADD} DO NOTHING`
const FORGET_REMOVAL = 'DELETE FROM contact_list_removals WHERE user_id = ? AND list_id = ? AND member = ?'

const NOTE_REMOVALS = `INSERT INTO contact_list_removals
  (user_id, list_id, list_address, member, address, revision, changed_by)
  SELECT user_id, lists.list_id, lists.address, member, members.address, ${REVISION}, ?
  FROM contact_lists AS lists JOIN contact_list_members AS members ON members.list_id = lists.list_id
  WHERE lists.user_id = ? AND lists.list_id = ?`
const NOTE_REMOVAL = `${NOTE_REMOVALS} AND member = ?`
const REMOVE = 'DELETE FROM contact_list_members WHERE list_id = ? AND member = ?'
const FORGET_OLDEST_REMOVALS = `DELETE FROM contact_list_removals WHERE user_id = ? AND revision <=
  (SELECT revision FROM contact_list_removals WHERE user_id = ? ORDER BY revision DESC LIMIT 1 OFFSET ?)`

/** Who changes which list: in a unit that has the lock on the user. */
export interface Change {
  readonly userId: string
  readonly listId: string
  readonly changedBy: string | null
}

export const addMembers = (change: Change, contacts: readonly NewContact[]): Statement[] => [
  nextRevision(change),
  ...contacts.flatMap(contact => addMember(change, contact)),
  ...changer(change),
]

const addMember = ({ userId, listId, changedBy }: Change, contact: NewContact): Statement[] => {
  const { userId: member, address, nickName } = contact
  return [
    {
      sql: nickName === undefined ? ADD_UNNAMED : ADD_NAMED,
      params: [listId, member, address, nickName ?? address, userId, changedBy, listId],
    },
    { sql: FORGET_REMOVAL, params: [userId, listId, member] },
  ]
}

export const removeMembers = (change: Change, members: readonly string[]): Statement[] => [
  nextRevision(change),
  ...members.flatMap(member => [
    { sql: NOTE_REMOVAL, params: [...noteParams(change), member] },
    { sql: REMOVE, params: [change.listId, member] },
  ]),
  forgetOldest(change),
  ...changer(change),
]

/** Only notes them: they go with their list. */
export const noteAllRemoved = (change: Change): Statement[] => [
  nextRevision(change),
  { sql: NOTE_REMOVALS, params: noteParams(change) },
  forgetOldest(change),
]

const changer = ({ userId, listId, changedBy }: Change): Statement[] =>
  changedBy === null ? [] : rememberChanger(userId, changedBy, listId)

const nextRevision = ({ userId }: Change): Statement => ({ sql: NEXT_REVISION, params: [userId] })

const noteParams = ({ userId, listId, changedBy }: Change) => [userId, changedBy, userId, listId]

const forgetOldest = ({ userId }: Change): Statement => ({
  sql: FORGET_OLDEST_REMOVALS,
  params: [userId, userId, MOST_REMOVALS],
})
