import type { NotificationRequest } from '@village/protocol'
import type { Named } from './arriving.ts'
import type { ServerPrimitive } from './inbox.ts'
import { mapped } from './mapped.ts'
import type { AttributeName } from './presence-attributes.ts'
import { readNames } from './presence-attributes.ts'
import type { Session } from './session.ts'

/** What servers tell of besides messages and presence, and how it is written (CSP 7.2.1, table 31). */
const codes = {
  addedToContactList: 'ATCL',
  authorizationChanged: 'AC',
  authorizationNeededContactList: 'ANC',
  authorizationNeededDefaultList: 'AND',
  authorizationNeededUser: 'ANU',
  blockListChanged: 'BLC',
  blockListUsageChange: 'BLUC',
  contactListCreated: 'CLCR',
  contactListChanged: 'CLC',
  contactListDeleted: 'CLD',
  grantListChanged: 'GLC',
  grantListUsageChange: 'GLUC',
  groupCreated: 'GC',
  groupDeleted: 'GD',
  groupMemberAccessUpdated: 'GMAU',
  groupMembersUpdated: 'GMU',
  groupMembershipGranted: 'GMG',
  groupMembershipRevoked: 'GMR',
  groupRemoved: 'GR',
  invitationAccepted: 'IA',
  invitationCancelled: 'IC',
  invitationRejected: 'IR',
  onlineHandlingUpdated: 'OEU',
  publicProfileUpdated: 'PPU',
  sessionPriorityAdjusted: 'SPA',
  userIdChanged: 'UIC',
} as const

/** `authorizationNeededUser` is what the specification calls Authorization-Needed-User, and so on. */
export type NotificationType = keyof typeof codes

const types = new Map(Object.entries(codes).map(([type, code]) => [code as string, type as NotificationType]))

export interface GeneralNotification {
  /** Undefined for one that CSP does not know. */
  readonly type: NotificationType | undefined
  /** Users this is about: who has put this user on a list, or needs to be authorised. */
  readonly userIds: readonly string[]
  /** Contact lists this is about. */
  readonly contactLists: readonly string[]
  /** Presence attributes that were authorised, or are asked for. */
  readonly attributes: readonly AttributeName[]
  /** All that was said; which parts are there depends on the type. */
  readonly body: NotificationRequest
}

type Request = Named<'NotificationRequest'>
export const isGeneralNotification = (primitive: ServerPrimitive): primitive is Request =>
  primitive.name === 'NotificationRequest'

export const readNotification = (body: NotificationRequest): GeneralNotification => ({
  type: types.get(body.notificationType),
  // The specification names users in one table as a list of users, in another as one of User-IDs.
  userIds: [...new Set([...(body.userIds ?? []), ...(body.userList?.users ?? []).map(({ userId }) => userId)])],
  contactLists: body.contactLists ?? [],
  attributes: readNames(body.presenceSubList),
  body,
})

/** What happens to the user's own affairs elsewhere, in CSP 1.3 (CSP 7.2). A session is told of what it asks to be told. */
export class GeneralNotifications {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  /**
   * Asks to be told, until the session ends; all types unless some are named.
   * @throws RequestFailed InvalidNotificationType 433, NotificationTypeNotAllowed 440 where their service was not agreed
   */
  async subscribe(types?: readonly NotificationType[]): Promise<void> {
    await this.#session.request('SubscribeNotificationRequest', { notificationTypes: types?.map(type => codes[type]) })
  }

  /** Asks not to be told any more; all types unless some are named. @throws RequestFailed */
  async unsubscribe(types?: readonly NotificationType[]): Promise<void> {
    await this.#session.request('UnsubscribeNotificationRequest', {
      notificationTypes: types?.map(type => codes[type]),
    })
  }

  /**
   * As they come, in the way of `messaging.messages()`. Those on contact lists go to `session.contacts` once that is
   * open, and those on who needs to be authorised to whoever listens to `authorizations.requests()`.
   */
  arriving(): AsyncIterableIterator<GeneralNotification> {
    return mapped(this.#session.consume(isGeneralNotification), ({ primitive }) => readNotification(primitive.body))
  }
}
