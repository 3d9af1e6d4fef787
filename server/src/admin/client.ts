import { type AdminAddress, adminCall, withQuery } from './call.ts'
import type { UserAdmin } from './users.ts'

/**
 * The users of a running server, over its admin API. Refusals come out as the `UserRefusal` the server threw.
 * Throws `AdminUnreachable` when nothing answers.
 */
export const createAdminClient = (address: AdminAddress): UserAdmin => {
  const call = adminCall(address)
  const pathOf = (userId: string): string => `/users/${encodeURIComponent(userId)}`
  return {
    add: user => call('POST', '/users', user),
    list: ({ after, limit }) => call('GET', withQuery('/users', { after, limit })),
    remove: userId => call('DELETE', pathOf(userId)),
    setPassword: (userId, change) => call('PUT', `${pathOf(userId)}/password`, change),
  }
}
