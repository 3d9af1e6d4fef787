import { UserRefusal, type UserRefusalCode } from './user-refusal.ts'
import type { UserAdmin } from './users.ts'

/** No admin API answers at the address: the server is stopped, or listens elsewhere. */
export class AdminUnreachable extends Error {
  override readonly name = 'AdminUnreachable'
}

interface AdminClientOptions {
  /** `http://127.0.0.1:8081` */
  readonly url: string
  readonly token: string
  readonly fetch?: typeof globalThis.fetch | undefined
}

const patienceMs = 10_000

/**
 * The users of a running server, over its admin API. Refusals come out as the `UserRefusal` the server threw.
 * Throws `AdminUnreachable` when nothing answers.
 */
export const createAdminClient = ({ url, token, fetch = globalThis.fetch }: AdminClientOptions): UserAdmin => {
  const call = async (method: string, path: string, body?: object): Promise<any> => {
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) }
    const request = {
      method,
      headers,
      signal: AbortSignal.timeout(patienceMs),
      ...(body && { body: JSON.stringify(body) }),
    }
    const response = await fetch(new URL(path, url), request).catch(cause => {
      throw new AdminUnreachable(`No server answers at ${url}. Is it running, and is admin.port the same?`, { cause })
    })
    const answer: any = response.status === 204 ? undefined : await response.json().catch(() => undefined)
    if (response.ok) return answer
    if (answer?.error === undefined) {
      throw new AdminUnreachable(
        `What answers at ${url} is no admin API (status ${response.status}). Check admin.port.`,
      )
    }
    if (response.status >= 500) throw new Error(`${answer.hint} (${answer.incidentId ?? answer.error})`)
    throw new UserRefusal(answer.error as UserRefusalCode, answer.hint)
  }

  const pathOf = (userId: string): string => `/users/${encodeURIComponent(userId)}`

  return {
    add: user => call('POST', '/users', user),
    list: ({ after, limit }) => {
      const query = new URLSearchParams()
      if (after !== undefined) query.set('after', after)
      if (limit !== undefined) query.set('limit', String(limit))
      return call('GET', `/users?${query}`)
    },
    remove: userId => call('DELETE', pathOf(userId)),
    setPassword: (userId, change) => call('PUT', `${pathOf(userId)}/password`, change),
  }
}
