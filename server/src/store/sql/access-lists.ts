import { type AccessEntry, type AccessLists, type ListChange, type ListName, untouched } from '../access-lists.ts'
import type { ConflictName, Database, Unit } from '../database.ts'

interface Row extends AccessEntry {
  readonly list: ListName
}

const USE = `SELECT block_in_use AS "block", grant_in_use AS "grant" FROM access_use WHERE user_id = ?`
const ENTRIES = `SELECT list, kind, key, name, group_id AS "groupId" FROM access_entries
  WHERE user_id = ? ORDER BY kind, key`
// It changes a row even where nothing is said: who comes next with the same user waits, and then counts anew.
const SET_USE = `INSERT INTO access_use (user_id, block_in_use, grant_in_use) VALUES (?, coalesce(?, 1), coalesce(?, 0))
  ON CONFLICT (user_id) DO UPDATE SET block_in_use = coalesce(?, access_use.block_in_use),
    grant_in_use = coalesce(?, access_use.grant_in_use)`
const REMOVE = 'DELETE FROM access_entries WHERE user_id = ? AND list = ? AND kind = ? AND key = ?'
const ADD = `INSERT INTO access_entries (user_id, list, kind, key, name, group_id) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (user_id, list, kind, key) DO NOTHING`
const TOO_MANY = 'SELECT count(*) FROM access_entries WHERE user_id = ? AND list = ? HAVING count(*) > ?'

const isFull: Record<ListName, ConflictName> = { block: 'BlockListFull', grant: 'GrantListFull' }

export const sqlAccessLists = (database: Database): AccessLists => ({
  async find(userId) {
    const [use] = await database.read<Record<ListName, number>>(USE, [userId])
    if (use === undefined) return untouched
    const rows = await database.read<Row>(ENTRIES, [userId])
    const list = (name: ListName) => ({
      isInUse: use[name] === 1,
      entries: rows.filter(row => row.list === name).map(({ list: _, ...entry }) => entry),
    })
    return { block: list('block'), grant: list('grant') }
  },

  change: (userId, { block, grant }) => {
    const uses = [flag(block), flag(grant)]
    return [
      {
        sql: SET_USE,
        params: [userId, ...uses, ...uses],
        guard: { rows: 1, otherwise: 'NoSuchAccount', orphan: 'NoSuchAccount', subject: userId },
      },
      ...(block ? changeList(userId, 'block', block) : []),
      ...(grant ? changeList(userId, 'grant', grant) : []),
    ]
  },
})

const flag = (change: ListChange | undefined) => (change?.isInUse === undefined ? null : Number(change.isInUse))

const changeList = (userId: string, list: ListName, { remove, add, most }: ListChange): Unit => [
  ...remove.map(({ kind, key }) => ({ sql: REMOVE, params: [userId, list, kind, key] })),
  ...add.map(({ kind, key, name, groupId }) => ({ sql: ADD, params: [userId, list, kind, key, name, groupId] })),
  ...(add.length === 0
    ? []
    : [{ sql: TOO_MANY, params: [userId, list, most], guard: { rows: 0, otherwise: isFull[list], subject: userId } }]),
]
