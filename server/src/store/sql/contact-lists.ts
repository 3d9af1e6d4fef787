import type { ContactLists } from '../contact-lists.ts'
import type { Database } from '../database.ts'

const CREATE = 'INSERT INTO contact_lists (list_id, user_id) VALUES (?, ?)'
const REMOVE = 'DELETE FROM contact_lists WHERE list_id = ?'
const ADD_MEMBER = `INSERT INTO contact_list_members (list_id, member) VALUES (?, ?)
  ON CONFLICT (list_id, member) DO NOTHING`
const REMOVE_MEMBER = 'DELETE FROM contact_list_members WHERE list_id = ? AND member = ?'
const FIND = 'SELECT 1 AS "found" FROM contact_lists WHERE list_id = ?'
const OF_USER = 'SELECT list_id AS "listId" FROM contact_lists WHERE user_id = ? ORDER BY list_id'
const MEMBERS = 'SELECT member FROM contact_list_members WHERE list_id = ? ORDER BY member'

export const sqlContactLists = (database: Database): ContactLists => ({
  create: (listId, userId) => [
    {
      sql: CREATE,
      params: [listId, userId],
      guard: { rows: 1, otherwise: 'ContactListExists', orphan: 'NoSuchAccount', subject: userId },
    },
  ],

  remove: listId => [{ sql: REMOVE, params: [listId], guard: { rows: 1, otherwise: 'NoSuchContactList' } }],

  addMembers: (listId, members) => [
    // Locked, or the list could go between this statement and the next.
    { sql: FIND + database.dialect.lockRow, params: [listId], guard: { rows: 1, otherwise: 'NoSuchContactList' } },
    ...members.map(member => ({ sql: ADD_MEMBER, params: [listId, member] })),
  ],

  removeMembers: (listId, members) => members.map(member => ({ sql: REMOVE_MEMBER, params: [listId, member] })),

  async exists(listId) {
    return (await database.read(FIND, [listId])).length > 0
  },

  async ofUser(userId) {
    const rows = await database.read<{ listId: string }>(OF_USER, [userId])
    return rows.map(({ listId }) => listId)
  },

  async members(listId) {
    const rows = await database.read<{ member: string }>(MEMBERS, [listId])
    return rows.map(({ member }) => member)
  },
})
