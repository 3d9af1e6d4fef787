import type { Contact, ContactList, ContactLists, PropertyChange } from '../contact-lists.ts'
import type { Database, Statement } from '../database.ts'
import { addMembers, noteAllRemoved, removeMembers } from './contact-list-members.ts'
import { dropFinished } from './list-syncs.ts'
import { lockUser } from './lock-user.ts'

const COLUMNS = `list_id AS "listId", address, display_name AS "displayName", is_default AS "isDefault",
  do_not_notify AS "doNotNotify"`

const FIND = `SELECT ${COLUMNS} FROM contact_lists WHERE user_id = ? AND list_id = ?`
const OF_USER = `SELECT ${COLUMNS} FROM contact_lists WHERE user_id = ? ORDER BY position`
const CREATE = `INSERT INTO contact_lists
  (list_id, user_id, address, display_name, is_default, do_not_notify, position)
  SELECT ?, ?, ?, ?, CASE WHEN count(*) = 0 THEN 1 ELSE 0 END, ?, coalesce(max(position), 0) + 1
  FROM contact_lists WHERE user_id = ? HAVING count(*) < ?`
const REMOVE = 'DELETE FROM contact_lists WHERE list_id = ?'
const CHANGE = `UPDATE contact_lists SET display_name = coalesce(?, display_name),
  do_not_notify = coalesce(?, do_not_notify) WHERE user_id = ? AND list_id = ?`
const REMOVE_ATTRIBUTES = `DELETE FROM attribute_lists WHERE user_id = ? AND kind = 'contactList' AND subject = ?`
const NO_DEFAULT = 'UPDATE contact_lists SET is_default = 0 WHERE user_id = ? AND is_default = 1'
const MAKE_DEFAULT = 'UPDATE contact_lists SET is_default = 1 WHERE user_id = ? AND list_id = ?'
const OLDEST_IS_DEFAULT = `UPDATE contact_lists SET is_default = 1
  WHERE list_id = (SELECT list_id FROM contact_lists WHERE user_id = ? ORDER BY position LIMIT 1)
  AND NOT EXISTS (SELECT 1 FROM contact_lists WHERE user_id = ? AND is_default = 1)`

const MEMBERS = `SELECT member AS "userId", address, nick_name AS "nickName" FROM contact_list_members
  WHERE list_id = ? ORDER BY position`
const TOO_MANY_MEMBERS = `SELECT count(*) FROM contact_list_members WHERE list_id IN
  (SELECT list_id FROM contact_lists WHERE user_id = ?) HAVING count(*) > ?`

type Flag = 'isDefault' | 'doNotNotify'
type Row = Omit<ContactList, Flag> & Readonly<Record<Flag, number>>

const toList = ({ isDefault, doNotNotify, ...row }: Row): ContactList => ({
  ...row,
  isDefault: isDefault === 1,
  doNotNotify: doNotNotify === 1,
})

const flag = (value: boolean | undefined) => (value === undefined ? null : Number(value))

const missing = { rows: 1, otherwise: 'NoSuchContactList' } as const

export const sqlContactLists = (database: Database): ContactLists => ({
  create: (userId, { listId, address, displayName, doNotNotify }, most) => [
    lockUser(database, userId),
    {
      sql: CREATE,
      params: [listId, userId, address, displayName, Number(doNotNotify), userId, most],
      guard: { rows: 1, otherwise: 'TooManyContactLists', duplicate: 'ContactListExists', subject: userId },
    },
  ],

  remove: (userId, listId, changedBy) => [
    lockUser(database, userId),
    { sql: FIND, params: [userId, listId], guard: missing },
    ...noteAllRemoved({ userId, listId, changedBy }),
    { sql: REMOVE, params: [listId] },
    { sql: REMOVE_ATTRIBUTES, params: [userId, listId] },
    { sql: OLDEST_IS_DEFAULT, params: [userId, userId] },
    dropFinished(userId),
  ],

  change: (userId, listId, properties) => [lockUser(database, userId), ...changeList(userId, listId, properties)],

  addMembers: (userId, listId, contacts, most, changedBy) => [
    lockUser(database, userId),
    { sql: FIND, params: [userId, listId], guard: missing },
    ...addMembers({ userId, listId, changedBy }, contacts),
    {
      sql: TOO_MANY_MEMBERS,
      params: [userId, most],
      guard: { rows: 0, otherwise: 'TooManyContacts', subject: userId },
    },
  ],

  removeMembers: (userId, listId, members, changedBy) => [
    lockUser(database, userId),
    { sql: FIND, params: [userId, listId], guard: missing },
    ...removeMembers({ userId, listId, changedBy }, members),
  ],

  async find(userId, listId) {
    const [row] = await database.read<Row>(FIND, [userId, listId])
    return row && toList(row)
  },

  async ofUser(userId) {
    return (await database.read<Row>(OF_USER, [userId])).map(toList)
  },

  members: listId => database.read<Contact>(MEMBERS, [listId]),
})

const changeList = (
  userId: string,
  listId: string,
  { displayName, doNotNotify, isDefault }: PropertyChange,
): Statement[] => [
  {
    sql: CHANGE,
    params: [displayName ?? null, flag(doNotNotify), userId, listId],
    guard: missing,
  },
  ...(isDefault === true
    ? [
        { sql: NO_DEFAULT, params: [userId] },
        { sql: MAKE_DEFAULT, params: [userId, listId] },
      ]
    : []),
]
