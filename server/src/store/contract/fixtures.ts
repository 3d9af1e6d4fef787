/** What the contract tests are made of: people, sessions and mail with every field set. */

import type { Account } from '../accounts.ts'
import { Conflict, type Database, type SqlValue, type Statement } from '../database.ts'
import type { NewMailItem } from '../mailboxes.ts'
import type { Claim, SessionRecord } from '../session-records.ts'

export type Current = () => Database

export const alice = 'wv:alice@example.com'
export const bob = 'wv:bob@example.com'
export const bytes = (...values: number[]) => Uint8Array.from(values)

export const account = (userId: string, change: Partial<Account> = {}): Account => ({
  userId,
  address: userId,
  createdAt: 1_700_000_000_000,
  credential: { mode: 'hash', secret: bytes(1, 2, 3), keyId: null, version: 1 },
  ...change,
})

export const session = (idDigest: string, change: Partial<SessionRecord> = {}): SessionRecord => ({
  idDigest,
  userId: alice,
  clientKey: 'phone',
  applicationId: null,
  version: '1.2',
  syntax: 'wbxml',
  cookie: 'c1',
  loginEpoch: 'e1',
  claimEpoch: 1,
  node: 'n1',
  keepAliveSeconds: 600,
  addressForm: 'qualified',
  agreement: '{}',
  startedAt: 1000,
  lastActivityAt: 1000,
  endedAt: null,
  endReason: null,
  ...change,
})

export const item = (messageId: string, change: Partial<NewMailItem> = {}): NewMailItem => ({
  messageId,
  recipient: bob,
  kind: 'message',
  origin: null,
  info: '{"subject":"hi"}',
  content: bytes(0, 255, 39),
  acceptedAt: 1000,
  expiresAt: 5000,
  reportTo: null,
  ...change,
})

export const write = (sql: string, params: SqlValue[], guard?: Statement['guard']): Statement => ({
  sql,
  params,
  guard,
})

/** Resolves to the conflict's name, or to 'done'. */
export const outcome = async (done: Promise<void>): Promise<string> => {
  try {
    await done
    return 'done'
  } catch (error) {
    if (error instanceof Conflict) return error.conflict
    throw error
  }
}

export const settled = async (units: Promise<void>[]): Promise<Record<string, number>> => {
  const outcomes = await Promise.all(units.map(outcome))
  return Object.fromEntries(Object.entries(Object.groupBy(outcomes, name => name)).map(([k, v]) => [k, v!.length]))
}

/** A session's record as another node takes it over. */
export const takenBy = (node: string): Claim => ({ node, loginEpoch: 'l1', cookie: 'wv:cookie', keepAliveSeconds: 60 })
