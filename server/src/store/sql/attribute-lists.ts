import type { AttributeList, AttributeLists, ListTarget } from '../attribute-lists.ts'
import type { Database, Statement } from '../database.ts'
import { lockUser } from './lock-user.ts'

type Row = Omit<AttributeList, 'notify'> & { readonly notify: number | null }

const OF = `SELECT kind, subject, name, attributes, notify FROM attribute_lists
  WHERE user_id = ? ORDER BY kind, subject`
const OWN_LIST = 'SELECT 1 FROM contact_lists WHERE user_id = ? AND list_id = ?'
const INTO = `INSERT INTO attribute_lists (user_id, kind, subject, name, attributes, notify, position)
  SELECT ?, ?, ?, ?, ?, ?, coalesce(max(position), 0) + 1 FROM attribute_lists WHERE user_id = ?
  ON CONFLICT (user_id, kind, subject) DO UPDATE SET position = excluded.position`
const ASSIGN = `${INTO}, attributes = excluded.attributes, notify = coalesce(excluded.notify, attribute_lists.notify)`
// A name is on the list where the list is another one without it; blanks around both make sure that it is a whole name.
const ADD_ATTRIBUTE = `${INTO}, attributes = CASE
    WHEN attribute_lists.attributes IS NULL THEN excluded.attributes
    WHEN replace(' ' || attribute_lists.attributes || ' ', ' ' || excluded.attributes || ' ', '') <>
      ' ' || attribute_lists.attributes || ' ' THEN attribute_lists.attributes
    ELSE trim(attribute_lists.attributes || ' ' || excluded.attributes) END`
const CLEAR = 'UPDATE attribute_lists SET attributes = NULL WHERE user_id = ? AND kind = ? AND subject = ?'
const DROP_SILENT = 'DELETE FROM attribute_lists WHERE user_id = ? AND attributes IS NULL AND notify IS NULL'
// Not that of the default, of which there is one at most.
const DROP_OLDEST_FLAGS = `DELETE FROM attribute_lists WHERE user_id = ? AND attributes IS NULL AND kind <> 'default'
  AND position <= (SELECT position FROM attribute_lists WHERE user_id = ? AND attributes IS NULL AND kind <> 'default'
    ORDER BY position DESC LIMIT 1 OFFSET ?)`
const TOO_MANY = `SELECT count(*) FROM attribute_lists WHERE user_id = ? AND attributes IS NOT NULL HAVING count(*) > ?`

export const sqlAttributeLists = (database: Database): AttributeLists => {
  const write = (sql: string, userId: string, targets: readonly ListTarget[], attributes: string, most: number) => [
    lockUser(database, userId),
    ...targets.flatMap(target => [...ownership(userId, target), putList(sql, userId, target, attributes)]),
    { sql: DROP_OLDEST_FLAGS, params: [userId, userId, most] },
    {
      sql: TOO_MANY,
      params: [userId, most],
      guard: { rows: 0, otherwise: 'TooManyAttributeLists', subject: userId } as const,
    },
  ]

  return {
    assign: (userId, targets, attributes, most) => write(ASSIGN, userId, targets, attributes, most),

    clear: (userId, subjects) => [
      lockUser(database, userId),
      ...subjects.map(({ kind, subject }) => ({ sql: CLEAR, params: [userId, kind, subject] })),
      { sql: DROP_SILENT, params: [userId] },
    ],

    addAttribute(userId, { listId, name }, attribute, most) {
      const target = { kind: 'contactList', subject: listId, name, notify: undefined } as const
      return write(ADD_ATTRIBUTE, userId, [target], attribute, most)
    },

    async of(userId) {
      const rows = await database.read<Row>(OF, [userId])
      return rows.map(({ notify, ...row }) => ({ ...row, notify: notify === null ? undefined : notify === 1 }))
    },
  }
}

const ownership = (userId: string, { kind, subject }: ListTarget): Statement[] =>
  kind === 'contactList'
    ? [{ sql: OWN_LIST, params: [userId, subject], guard: { rows: 1, otherwise: 'NoSuchContactList' } }]
    : []

const putList = (
  sql: string,
  userId: string,
  { kind, subject, name, notify }: ListTarget,
  attributes: string,
): Statement => ({
  sql,
  params: [userId, kind, subject, name, attributes, notify === undefined ? null : Number(notify), userId],
})
