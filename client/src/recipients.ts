import type { ClientID, Recipient } from '@village/protocol'
import { asClientId } from './client-id.ts'

/** One client of a user, or those with an application (CSP 5.5.2.1): without either it is for the user to say. */
export interface ToUser {
  /** As in `wv:bob@example.com`. */
  readonly userId: string
  /** The one client that is meant, as its user has named it at the login. */
  readonly clientId?: string | ClientID | undefined
  /** The application that is meant, in place of a client; since CSP 1.3. */
  readonly applicationId?: string | undefined
}

/** Everybody on a list of one's own: `wv:alice/friends@example.com`. */
export interface ToContactList {
  readonly contactList: string
}

/** A User-ID alone, a user in one of these ways, or a contact list. */
export type To = string | ToUser | ToContactList

const written = (to: To): ToUser | ToContactList => (typeof to === 'string' ? { userId: to } : to)

/** As a Recipient element: each once, in the order given. */
export function recipientOf(to: To | readonly To[]): Recipient {
  const all = [to].flat().map(one => written(one as To))
  const contactLists = all.flatMap(one => ('contactList' in one ? [one.contactList] : []))
  const users = all.flatMap(one => ('contactList' in one ? [] : [userOf(one)]))
  return { users: [...byText(users).values()], groups: [], contactLists: [...new Set(contactLists)] }
}

const userOf = ({ userId, clientId, applicationId }: ToUser) => ({
  userId,
  ...(clientId !== undefined && { clientId: asClientId(clientId) }),
  ...(applicationId !== undefined && { applicationId }),
})

const byText = <T>(values: readonly T[]) => new Map(values.map(value => [JSON.stringify(value), value]))

/** How many users are named, each once; undefined where a contact list is, for nobody but the server knows who is on it. */
export const userCount = ({ users, contactLists }: Recipient): number | undefined =>
  contactLists.length > 0 ? undefined : new Set(users.map(({ userId }) => userId.toLowerCase())).size
