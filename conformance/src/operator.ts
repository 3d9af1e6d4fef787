import type { BodyInput } from '@village/protocol'
import type { Account } from './phone.ts'

/** Where a server takes orders from its operators, over the API that docs/operating.md describes. */
export interface OperatorAddress {
  /** `http://127.0.0.1:8081` */
  readonly url: string
  readonly token: string
}

type SystemMessage = BodyInput<'SystemMessageRequest'>['systemMessages'][number]

export interface Announcement {
  readonly to: readonly string[]
  readonly text: string
  readonly requireAnswer?: boolean | undefined
  readonly options?: readonly string[] | undefined
  readonly verification?: { readonly text: string; readonly key: string } | undefined
  readonly validitySeconds?: number | undefined
}

/** Who is put on a contact list and who is taken from it. */
export interface ContactChange {
  readonly add?: readonly { readonly userId: string; readonly nickName?: string }[]
  readonly remove?: readonly string[]
}

/** The person who runs the server, for what a client alone cannot bring about. */
export interface Operator {
  /** Ends all sessions of a user. */
  endSessions(userId: string): Promise<void>
  /** Sends a System Message; resolves to its id. */
  announce(announcement: Announcement): Promise<SystemMessage['systemMessageId']>
  /** Makes an account, for what should not happen to the users that the scenarios share. */
  addUser(account: Account): Promise<void>
  removeUser(userId: string): Promise<void>
  /** Changes who is on a contact list of a user. */
  changeContacts(userId: string, list: string, change: ContactChange): Promise<void>
}

const patienceMilliseconds = 10_000

export const createOperator = ({ url, token }: OperatorAddress): Operator => {
  const call = async (method: string, path: string, body?: object) => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) },
      signal: AbortSignal.timeout(patienceMilliseconds),
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`The operator's ${method} ${path} got ${response.status}: ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  return {
    endSessions: userId => call('DELETE', `/sessions/${encodeURIComponent(userId)}`),
    announce: async announcement => (await call('POST', '/announcements', announcement)).id,
    addUser: account => call('POST', '/users', account),
    removeUser: userId => call('DELETE', `/users/${encodeURIComponent(userId)}`),
    changeContacts: (userId, list, change) =>
      call('PATCH', `/contacts/${encodeURIComponent(userId)}/${encodeURIComponent(list)}`, change),
  }
}
