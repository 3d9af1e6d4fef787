import type { House } from '../context.ts'

/** Whether the domain of an address, given as its key, is one of this server's. */
export const isServed = (key: string, { config }: House): boolean =>
  config.domains.includes(key.slice(key.lastIndexOf('@') + 1))

/** Whether there is such a user, as far as this server can know: others vouch for other domains. */
export const isKnownUser = async (userId: string, house: House): Promise<boolean> =>
  !isServed(userId, house) || (await house.store.accounts.find(userId)) !== undefined
