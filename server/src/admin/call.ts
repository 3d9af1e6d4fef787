import { UserRefusal, type UserRefusalCode } from './user-refusal.ts'

/** No admin API answers at the address: the server is stopped, or listens elsewhere. */
export class AdminUnreachable extends Error {
  override readonly name = 'AdminUnreachable'
}

export interface AdminAddress {
  /** `http://127.0.0.1:8081` */
  readonly url: string
  readonly token: string
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * One request to the admin API of a running server; resolves to its answer, undefined where there is none.
 * @throws UserRefusal as the server threw it, AdminUnreachable when nothing answers
 */
export type AdminCall = (method: string, path: string, body?: object) => Promise<any>

const patienceMs = 10_000

export const adminCall =
  ({ url, token, fetch = globalThis.fetch }: AdminAddress): AdminCall =>
  async (method, path, body) => {
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

/** A path with its query; what is undefined is left out. */
export const withQuery = (path: string, query: Readonly<Record<string, string | number | undefined>>): string => {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value))
  return given.size === 0 ? path : `${path}?${given}`
}
