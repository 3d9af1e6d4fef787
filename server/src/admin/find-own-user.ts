import type { Accounts } from '../store/accounts.ts'
import { parseOwnUserId } from './own-user-id.ts'
import { UserRefusal } from './user-refusal.ts'

/** The key of a user of this server. Refuses as `parseOwnUserId` does, and `NoSuchAccount`. */
export const findOwnUser = async (
  text: string,
  accounts: Pick<Accounts, 'find'>,
  domains: readonly string[],
): Promise<string> => {
  const { key } = parseOwnUserId(text, domains)
  if ((await accounts.find(key)) === undefined) throw noSuchAccount(key)
  return key
}

export const noSuchAccount = (userId: string): UserRefusal =>
  new UserRefusal('NoSuchAccount', `There is no user ${userId}. List the users to see how it is spelled.`)
