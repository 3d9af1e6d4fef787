import type { Account, Accounts, Credential } from '../accounts.ts'
import type { Database } from '../database.ts'

interface Row {
  readonly userId: string
  readonly address: string
  readonly createdAt: number
  readonly mode: Credential['mode']
  readonly secret: Uint8Array
  readonly keyId: string | null
  readonly version: number
}

const COLUMNS = `user_id AS "userId", address, created_at AS "createdAt", credential_mode AS "mode",
  credential_secret AS "secret", credential_key_id AS "keyId", credential_version AS "version"`

const INTO = `INSERT INTO accounts (user_id, address, created_at,
  credential_mode, credential_secret, credential_key_id, credential_version)`
const ADD = `${INTO} VALUES (?, ?, ?, ?, ?, ?, ?)`
const ADD_WITHIN = `${INTO} SELECT ?, ?, ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM accounts) < ?`
const FIND = `SELECT ${COLUMNS} FROM accounts WHERE user_id = ?`
const LIST = `SELECT ${COLUMNS} FROM accounts WHERE user_id > ? ORDER BY user_id LIMIT ? + 0`
const REMOVE = 'DELETE FROM accounts WHERE user_id = ?'
const SET_CREDENTIAL = `UPDATE accounts SET credential_mode = ?, credential_secret = ?, credential_key_id = ?,
  credential_version = ? WHERE user_id = ?`
const ONLINE_HANDLING = 'SELECT online_handling AS "handling" FROM accounts WHERE user_id = ?'
const SET_ONLINE_HANDLING = 'UPDATE accounts SET online_handling = ? WHERE user_id = ?'
const COUNT_SEALED = `SELECT count(*) AS "count" FROM accounts WHERE credential_mode = 'sealed'`

const toAccount = ({ userId, address, createdAt, ...credential }: Row): Account => ({
  userId,
  address,
  createdAt,
  credential,
})

const accountParams = ({ userId, address, createdAt, credential }: Account) => [
  userId,
  address,
  createdAt,
  ...credentialParams(credential),
]

const credentialParams = ({ mode, secret, keyId, version }: Credential) => [mode, secret, keyId, version]

export const sqlAccounts = (database: Database): Accounts => ({
  add: account => [
    {
      sql: ADD,
      params: accountParams(account),
      guard: { rows: 1, otherwise: 'AccountExists', subject: account.userId },
    },
  ],

  addWithin: (account, mostAccounts) => [
    {
      sql: ADD_WITHIN,
      params: [...accountParams(account), mostAccounts],
      guard: { rows: 1, otherwise: 'TooManyAccounts', duplicate: 'AccountExists', subject: account.userId },
    },
  ],

  async find(userId) {
    const [row] = await database.read<Row>(FIND, [userId])
    return row && toAccount(row)
  },

  async list(after, limit) {
    const rows = await database.read<Row>(LIST, [after, limit])
    return rows.map(toAccount)
  },

  remove: userId => [
    { sql: REMOVE, params: [userId], guard: { rows: 1, otherwise: 'NoSuchAccount', subject: userId } },
  ],

  setCredential: (userId, credential) => [
    {
      sql: SET_CREDENTIAL,
      params: [...credentialParams(credential), userId],
      guard: { rows: 1, otherwise: 'NoSuchAccount', subject: userId },
    },
  ],

  async onlineHandling(userId) {
    const [row] = await database.read<{ handling: string | null }>(ONLINE_HANDLING, [userId])
    return row?.handling ?? undefined
  },

  setOnlineHandling: (userId, handling) => [
    {
      sql: SET_ONLINE_HANDLING,
      params: [handling, userId],
      guard: { rows: 1, otherwise: 'NoSuchAccount', subject: userId },
    },
  ],

  async countSealed() {
    const [row] = await database.read<{ count: number }>(COUNT_SEALED)
    return row?.count ?? 0
  },
})
