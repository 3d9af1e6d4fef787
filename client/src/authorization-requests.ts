import type { Named } from './arriving.ts'
import { isGeneralNotification, type NotificationType, readNotification } from './general-notifications.ts'
import type { ServerPrimitive } from './inbox.ts'
import { type AttributeName, readNames, writeNames } from './presence-attributes.ts'
import type { Session } from './session.ts'

/** Somebody wants to see more of the user's presence than was permitted (CSP 8.2.3). */
export interface AuthorizationRequest {
  readonly userId: string
  /** What is wanted; empty: all there is. */
  readonly attributes: readonly AttributeName[]
  /** Lets the user see this much as well: all that is wanted, unless attributes are named. @throws RequestFailed */
  allow(attributes?: readonly AttributeName[]): Promise<void>
  /** Leaves it at what the user may see, and does not want to be asked again. @throws RequestFailed */
  deny(): Promise<void>
}

/** The general notifications that ask, in CSP 1.3 (CSP 7.2.1). */
export const needs: readonly NotificationType[] = [
  'authorizationNeededUser',
  'authorizationNeededContactList',
  'authorizationNeededDefaultList',
]

type Asking = Named<'PresenceAuthRequest' | 'NotificationRequest'>

export const isAsking = (primitive: ServerPrimitive): primitive is Asking => {
  if (!isGeneralNotification(primitive)) return primitive.name === 'PresenceAuthRequest'
  const { type } = readNotification(primitive.body)
  return type !== undefined && needs.includes(type)
}

/** Who asks; in CSP 1.3 the answer is a permission like any other, before it is one of its own (PresenceAuth-User). */
export function readRequests(primitive: Asking, session: Session): AuthorizationRequest[] {
  if (primitive.name === 'PresenceAuthRequest') return [readAuthRequest(primitive, session)]
  const { userIds, contactLists, attributes } = readNotification(primitive.body)
  const { authorizations } = session
  return userIds.map(userId => ({
    userId,
    attributes,
    allow: (chosen = attributes) => authorizations.allow(userId, chosen, contactLists),
    deny: () => authorizations.deny(userId, contactLists),
  }))
}

function readAuthRequest({ body }: Named<'PresenceAuthRequest'>, session: Session): AuthorizationRequest {
  const { userId } = body
  const attributes = readNames(body.presenceSubList)
  const decide = async (acceptance: boolean, chosen: readonly AttributeName[] = []) => {
    // Since CSP 1.2 it can be said what is permitted; before, it is all that was asked for.
    const presenceSubList = chosen.length > 0 ? writeNames(chosen) : undefined
    await session.request('PresenceAuthUser', { userId, acceptance, presenceSubList })
  }
  return { userId, attributes, allow: (chosen = attributes) => decide(true, chosen), deny: () => decide(false) }
}
