import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCredentials } from '../credentials/credentials.ts'
import { masterKey } from '../credentials/key-file.ts'
import { openStore, type Store } from '../store/store.ts'
import type { UserRefusalCode } from './user-refusal.ts'
import { createUserAdmin, type UserAdmin } from './users.ts'

const now = Date.UTC(2020, 0, 2)
const credentials = await createCredentials({ key: masterKey(Buffer.alloc(32, 1)) })

let store: Store
let users: UserAdmin
let changed: string[]
beforeEach(async () => {
  store = await openStore({ url: 'sqlite::memory:', now })
  changed = []
  users = createUserAdmin({
    accounts: store.accounts,
    history: store.history,
    commit: unit => store.commit(unit),
    credentials,
    domains: ['example.com', 'example.org'],
    now: () => now,
    onChanged: userId => void changed.push(userId),
  })
})
afterEach(() => store.close())

const accepts = async (userId: string, password: string): Promise<boolean> =>
  credentials.verifyPassword(userId, (await store.accounts.find(userId))?.credential, password)

const refusal = async (work: Promise<unknown>): Promise<UserRefusalCode | undefined> =>
  work.then(
    () => undefined,
    error => error.code,
  )

describe('add', () => {
  it('makes an account with the password given, and does not repeat it', async () => {
    const added = await users.add({ userId: 'wv:Alice', password: 'long enough' })
    expect(added).toEqual({ userId: 'wv:alice@example.com' })
    expect(await accepts('wv:alice@example.com', 'long enough')).toBe(true)
    expect((await store.accounts.find('wv:alice@example.com'))?.address).toBe('wv:Alice@example.com')
  })

  it('generates a password when none is given, and tells it once', async () => {
    const { userId, password = '' } = await users.add({ userId: 'wv:bob@example.org', mode: 'hash' })
    expect(password).toMatch(/^[a-z2-9]{16}$/)
    expect(await accepts(userId, password)).toBe(true)
    expect(JSON.stringify(await users.list({}))).not.toContain(password)
  })

  it('warns of a short password and takes it', async () => {
    const { warning } = await users.add({ userId: 'wv:carol', password: 'short' })
    expect(warning).toContain('5 characters')
  })

  it.each([
    ['wv:', 'BadUserId'],
    ['wv:alice/friends', 'BadUserId'],
    ['wv:alice@elsewhere.net', 'ForeignDomain'],
  ])('refuses %s as %s', async (userId, code) => {
    expect(await refusal(users.add({ userId }))).toBe(code)
    await expect(users.add({ userId })).rejects.toThrow(/\.$/)
  })

  it('refuses a common password, and an account that exists in whatever spelling', async () => {
    expect(await refusal(users.add({ userId: 'wv:alice', password: 'password123' }))).toBe('WeakPassword')
    await users.add({ userId: 'wv:alice' })
    expect(await refusal(users.add({ userId: 'wv:ALICE@Example.COM' }))).toBe('AccountExists')
  })

  it('makes one account of two made at the same moment', async () => {
    const codes = await Promise.all([1, 2].map(() => refusal(users.add({ userId: 'wv:alice' }))))
    expect(codes.sort()).toEqual(['AccountExists', undefined])
  })
})

describe('list', () => {
  it('goes through all users page by page', async () => {
    for (const name of ['dora', 'anna', 'carl', 'bert', 'emil']) await users.add({ userId: `wv:${name}` })
    const seen: string[] = []
    let after: string | null | undefined
    let pages = 0
    do {
      const page = await users.list({ after: after ?? undefined, limit: 2 })
      seen.push(...page.users.map(user => user.userId))
      after = page.next
      pages += 1
    } while (after !== null)
    expect(seen).toEqual(['anna', 'bert', 'carl', 'dora', 'emil'].map(name => `wv:${name}@example.com`))
    expect(pages).toBe(3)
  })

  it('tells no secret', async () => {
    await users.add({ userId: 'wv:alice', mode: 'hash' })
    expect(await users.list({})).toEqual({
      users: [
        {
          userId: 'wv:alice@example.com',
          address: 'wv:alice@example.com',
          mode: 'hash',
          createdAt: '2020-01-02T00:00:00.000Z',
        },
      ],
      next: null,
    })
  })
})

describe('remove and setPassword', () => {
  it('remove an account, and say so', async () => {
    await users.add({ userId: 'wv:alice' })
    await users.remove('wv:ALICE')
    expect(await store.accounts.find('wv:alice@example.com')).toBeUndefined()
    expect(changed).toEqual(['wv:alice@example.com'])
    expect(await refusal(users.remove('wv:alice'))).toBe('NoSuchAccount')
    expect(changed).toHaveLength(1)
  })

  it('set a password in the mode of the account, or in another', async () => {
    await users.add({ userId: 'wv:alice', mode: 'hash' })
    expect(await users.setPassword('wv:alice', { password: 'new password' })).toEqual({
      userId: 'wv:alice@example.com',
    })
    expect((await users.list({})).users[0]?.mode).toBe('hash')
    expect(await accepts('wv:alice@example.com', 'new password')).toBe(true)
    const { password = '' } = await users.setPassword('wv:alice', { mode: 'sealed' })
    expect((await users.list({})).users[0]?.mode).toBe('sealed')
    expect(await accepts('wv:alice@example.com', password)).toBe(true)
    expect(await accepts('wv:alice@example.com', 'new password')).toBe(false)
    expect(changed).toHaveLength(2)
  })

  it('refuse what is not there or too weak', async () => {
    expect(await refusal(users.setPassword('wv:alice', {}))).toBe('NoSuchAccount')
    expect(await refusal(users.setPassword('wv:alice', { password: 'x' }))).toBe('WeakPassword')
  })
})
