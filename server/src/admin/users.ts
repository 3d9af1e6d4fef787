import type { UserAddress } from '@village/protocol'
import type { Credential, CredentialMode } from '../credentials/credential.ts'
import type { Credentials } from '../credentials/credentials.ts'
import { generatePassword, judgePassword } from '../credentials/password.ts'
import type { Account, Accounts } from '../store/accounts.ts'
import { isConflict, type Unit } from '../store/database.ts'
import type { History } from '../store/history.ts'
import { noSuchAccount } from './find-own-user.ts'
import { parseOwnUserId } from './own-user-id.ts'
import { defaultPageSize, type PageRequest } from './page.ts'
import { UserRefusal } from './user-refusal.ts'

/** What operators do to users, over the API of a running server or straight on the store of a stopped one. */
export interface UserAdmin {
  /** Makes an account. Refuses `BadUserId`, `ForeignDomain`, `WeakPassword`, `AccountExists`. */
  add(user: NewUser): Promise<PasswordOutcome>
  /** Users in the order of their ids, behind `after`. */
  list(page: PageRequest): Promise<UserPage>
  /** Removes the account and all it owns. Refuses `BadUserId`, `NoSuchAccount`. */
  remove(userId: string): Promise<void>
  /** Sets, never reads: a new password, in the account's mode unless another is named. Refuses as `add` does. */
  setPassword(userId: string, change: PasswordChange): Promise<PasswordOutcome>
}

interface PasswordChange {
  /** One is generated when none is given. */
  readonly password?: string | undefined
  readonly mode?: CredentialMode | undefined
}

interface NewUser extends PasswordChange {
  /** `wv:alice@example.com`; without a domain it belongs to the server's first. */
  readonly userId: string
}

export interface PasswordOutcome {
  readonly userId: string
  /** The password, if it was generated: told this once and never again. */
  readonly password?: string | undefined
  readonly warning?: string | undefined
}

interface UserPage {
  readonly users: readonly ListedUser[]
  /** What to give as `after` for the next page; null when there is none. */
  readonly next: string | null
}

interface ListedUser {
  readonly userId: string
  /** The id as it was first written. */
  readonly address: string
  readonly mode: CredentialMode
  /** ISO 8601 */
  readonly createdAt: string
}

interface UserAdminOptions {
  readonly accounts: Pick<Accounts, 'add' | 'find' | 'list' | 'remove' | 'setCredential'>
  readonly history: Pick<History, 'forgetAllOf'>
  readonly commit: (unit: Unit) => Promise<void>
  readonly credentials: Pick<Credentials, 'seal' | 'hash'>
  /** The domains of this server, the default one first. */
  readonly domains: readonly string[]
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Told after an account is gone or has another password, so that its sessions can be ended. */
  readonly onChanged?: ((userId: string) => void | Promise<void>) | undefined
}

export const createUserAdmin = (options: UserAdminOptions): UserAdmin => {
  const { accounts, history, commit, credentials, domains, now, onChanged } = options

  const parse = (text: string): UserAddress => parseOwnUserId(text, domains)

  const keep = async (userId: string, mode: CredentialMode, password: string): Promise<Credential> =>
    mode === 'hash' ? credentials.hash(userId, password) : credentials.seal(userId, password)

  return {
    add: async ({ userId, password, mode }) => {
      const address = parse(userId)
      const chosen = choosePassword(password)
      // Asked first as well, for hashing is dear; the guard in the unit is what holds.
      if (await accounts.find(address.key)) throw accountExists(address.key)
      const credential = await keep(address.key, mode ?? 'sealed', chosen.password)
      const account: Account = { userId: address.key, address: spelledOut(address), createdAt: now(), credential }
      await commit(accounts.add(account)).catch(error => {
        throw isConflict(error, 'AccountExists') ? accountExists(address.key) : error
      })
      return { userId: address.key, ...chosen.told }
    },

    list: async ({ after = '', limit = defaultPageSize }) => {
      const found = await accounts.list(after, limit + 1)
      const users = found.slice(0, limit)
      return { users: users.map(listed), next: found.length > limit ? (users.at(-1)?.userId ?? null) : null }
    },

    remove: async text => {
      const { key } = parse(text)
      await commit([...history.forgetAllOf(key), ...accounts.remove(key)]).catch(error => {
        throw isConflict(error, 'NoSuchAccount') ? noSuchAccount(key) : error
      })
      await onChanged?.(key)
    },

    setPassword: async (text, { password, mode }) => {
      const { key } = parse(text)
      const chosen = choosePassword(password)
      const account = await accounts.find(key)
      if (account === undefined) throw noSuchAccount(key)
      const credential = await keep(key, mode ?? account.credential.mode, chosen.password)
      await commit(accounts.setCredential(key, credential)).catch(error => {
        throw isConflict(error, 'NoSuchAccount') ? noSuchAccount(key) : error
      })
      await onChanged?.(key)
      return { userId: key, ...chosen.told }
    },
  }
}

const choosePassword = (given: string | undefined): { password: string; told: Omit<PasswordOutcome, 'userId'> } => {
  if (given === undefined) {
    const password = generatePassword()
    return { password, told: { password } }
  }
  const verdict = judgePassword(given)
  if (!verdict.accepted) throw new UserRefusal('WeakPassword', verdict.hint)
  return { password: given, told: verdict.warning === undefined ? {} : { warning: verdict.warning } }
}

const spelledOut = ({ written, domain }: UserAddress): string => `wv:${written}@${domain}`

const listed = ({ userId, address, createdAt, credential }: Account): ListedUser => ({
  userId,
  address,
  mode: credential.mode,
  createdAt: new Date(createdAt).toISOString(),
})

const accountExists = (userId: string): UserRefusal =>
  new UserRefusal('AccountExists', `${userId} exists already. Choose another id, or set its password instead.`)
