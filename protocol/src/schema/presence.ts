import {
  Acceptance,
  ContactList,
  ContactListIDList,
  DefaultList,
  FriendlyName,
  idsOfUsers,
  Name,
  Property,
  Result,
  User,
  UserID,
  UserIDList,
  usersOfIds,
} from './common.ts'
import { also, leaf, list, many, node, one, optional, shaped, some, type Value, was } from './kit.ts'
import { PresenceSubList } from './presence-attributes.ts'

/** Contact lists, attribute lists and the delivery of presence (CSP 8). */

const v13 = { since: '1.3' } as const
const retired = { until: '1.2' } as const

/** Users and contact lists: elements on their own until 1.2, lists of IDs since 1.3. */
const contactLists = was(
  optional(ContactListIDList),
  '1.2',
  ContactList,
  ids => ids,
  ids => ids,
)
const userIdsWereUsers = was(optional(UserIDList), '1.2', User, idsOfUsers, usersOfIds)
const userIdsWereIds = was(
  optional(UserIDList),
  '1.2',
  UserID,
  ids => ids,
  ids => ids,
)

export const NickName = node('NickName', 0x00, 0x20, {
  name: one(Name),
  // COMPAT: the AOSP client creates lists with User around the ID.
  userId: also(one(UserID), User, ([user]) => user!.userId),
})
/** A contact; one without a name is written as a bare UserID. */
export interface Contact {
  readonly name?: string | undefined
  readonly userId: string
}
const contacts = (name: string, token: number) =>
  shaped(
    name,
    0x00,
    token,
    { nickNames: many(NickName), userIds: many(UserID) },
    ({ nickNames, userIds }): readonly Contact[] => [...nickNames, ...userIds.map(userId => ({ userId }))],
    (all: readonly Contact[]) => ({
      nickNames: all.flatMap(({ name, userId }) => (name === undefined ? [] : { name, userId })),
      userIds: all.filter(({ name }) => name === undefined).map(({ userId }) => userId),
    }),
  )
export const NickList = contacts('NickList', 0x1f)
export const AddNickList = contacts('AddNickList', 0x07)
export const RemoveNickList = list('RemoveNickList', 0x00, 0x29, some(UserID))

/** DisplayName, Default, and DoNotNotify since 1.3 (CSP 8.1.1). */
export const ContactListProperties = list('ContactListProperties', 0x04, 0x06, some(Property))
export const DefaultContactList = leaf('string', 'DefaultContactList', 0x04, 0x0a)

export const GetListRequest = node('GetList-Request', 0x04, 0x10, {})
export interface GetListRequest extends Value<typeof GetListRequest> {}
export const GetListResponse = node('GetList-Response', 0x04, 0x11, {
  contactLists,
  defaultContactList: optional(DefaultContactList),
})
export interface GetListResponse extends Value<typeof GetListResponse> {}

export const CreateListRequest = node('CreateList-Request', 0x04, 0x08, {
  contactList: one(ContactList),
  nickList: optional(NickList),
  contactListProperties: optional(ContactListProperties),
})
export interface CreateListRequest extends Value<typeof CreateListRequest> {}
export const CreateListResponse = node(
  'CreateList-Response',
  0x04,
  0x21,
  { contactList: one(ContactList), contactListProperties: one(ContactListProperties) },
  v13,
)
export interface CreateListResponse extends Value<typeof CreateListResponse> {}

export const DeleteListRequest = node('DeleteList-Request', 0x04, 0x0d, { contactList: one(ContactList) })
export interface DeleteListRequest extends Value<typeof DeleteListRequest> {}

export const ReceiveList = leaf('bool', 'ReceiveList', 0x01, 0x36, { since: '1.2' })
export const AuthorizeAndGrant = leaf('bool', 'AuthorizeAndGrant', 0x09, 0x1f, v13)
export const ListManageRequest = node(
  'ListManage-Request',
  0x04,
  0x16,
  {
    contactList: one(ContactList),
    addNickList: optional(AddNickList),
    removeNickList: optional(RemoveNickList),
    contactListProperties: optional(ContactListProperties),
    // Mandatory since 1.2, unknown before.
    receiveList: optional(ReceiveList, { since: '1.2' }),
    authorizeAndGrant: optional(AuthorizeAndGrant, v13),
  },
  { either: [['addNickList'], ['removeNickList'], ['contactListProperties']], eitherOptional: true },
)
export interface ListManageRequest extends Value<typeof ListManageRequest> {}
export const ListManageResponse = node('ListManage-Response', 0x04, 0x17, {
  result: one(Result),
  nickList: optional(NickList),
  contactListProperties: optional(ContactListProperties),
})
export interface ListManageResponse extends Value<typeof ListManageResponse> {}

/** A later addition to the protocol; the token it was to have belongs to CreateList-Response by now. */
export const ListManageNotificationRequest = node(
  'ListManageNotification-Request',
  0x04,
  0x22,
  {
    contactList: one(ContactList),
    addNickList: optional(AddNickList),
    removeNickList: optional(RemoveNickList),
  },
  { since: '1.3', either: [['addNickList'], ['removeNickList']] },
)
export interface ListManageNotificationRequest extends Value<typeof ListManageNotificationRequest> {}

export const DefaultNotify = leaf('bool', 'DefaultNotify', 0x09, 0x22, v13)
export const UserNotify = leaf('bool', 'UserNotify', 0x09, 0x31, v13)
export const ContactListNotify = leaf('bool', 'ContactListNotify', 0x09, 0x21, v13)
export const CreateAttributeListRequest = node('CreateAttributeList-Request', 0x04, 0x07, {
  presenceSubList: one(PresenceSubList),
  userIds: userIdsWereIds,
  contactLists,
  defaultList: one(DefaultList),
  defaultNotify: optional(DefaultNotify, v13),
  userNotify: optional(UserNotify, v13),
  contactListNotify: optional(ContactListNotify, v13),
})
export interface CreateAttributeListRequest extends Value<typeof CreateAttributeListRequest> {}

export const DeleteAttributeListRequest = node('DeleteAttributeList-Request', 0x04, 0x0c, {
  userIds: userIdsWereIds,
  contactLists,
  defaultList: one(DefaultList),
})
export interface DeleteAttributeListRequest extends Value<typeof DeleteAttributeListRequest> {}

export const GetAttributeListRequest = node('GetAttributeList-Request', 0x04, 0x0e, {
  defaultList: one(DefaultList),
  contactLists,
  userIds: userIdsWereUsers,
})
export interface GetAttributeListRequest extends Value<typeof GetAttributeListRequest> {}

/** The presence of a user, or the attributes a user or contact list is authorised for; only there the flags occur. */
export const Presence = node(
  'Presence',
  0x00,
  0x22,
  {
    userId: optional(UserID),
    userNotify: optional(UserNotify, v13),
    contactList: optional(ContactList),
    contactListNotify: optional(ContactListNotify, v13),
    presenceSubLists: many(PresenceSubList),
  },
  {
    either: [
      ['userId', 'userNotify'],
      ['contactList', 'contactListNotify'],
    ],
  },
)
export interface Presence extends Value<typeof Presence> {}

export const DefaultAttributeList = node('DefaultAttributeList', 0x04, 0x09, {
  defaultNotify: optional(DefaultNotify, v13),
  presenceSubList: optional(PresenceSubList),
})
export const GetAttributeListResponse = node('GetAttributeList-Response', 0x04, 0x0f, {
  result: one(Result),
  defaultAttributeList: optional(DefaultAttributeList),
  presences: many(Presence),
})
export interface GetAttributeListResponse extends Value<typeof GetAttributeListResponse> {}

// Reactive authorisation until 1.2; 1.3 says the same in notifications and attribute lists (CSP 8.2.3).

export const PresenceAuthRequest = node(
  'PresenceAuth-Request',
  0x04,
  0x19,
  { userId: one(UserID), presenceSubList: optional(PresenceSubList) },
  retired,
)
export interface PresenceAuthRequest extends Value<typeof PresenceAuthRequest> {}
export const PresenceAuthUser = node(
  'PresenceAuth-User',
  0x04,
  0x1a,
  {
    userId: one(UserID),
    acceptance: one(Acceptance),
    presenceSubList: optional(PresenceSubList, { since: '1.2' }),
  },
  retired,
)
export interface PresenceAuthUser extends Value<typeof PresenceAuthUser> {}
export const CancelAuthRequest = node('CancelAuth-Request', 0x04, 0x05, { userId: one(UserID) }, retired)
export interface CancelAuthRequest extends Value<typeof CancelAuthRequest> {}

const only12 = { since: '1.2', until: '1.2' } as const
export const GetReactiveAuthStatusRequest = node(
  'GetReactiveAuthStatus-Request',
  0x04,
  0x1f,
  { userIds: many(UserID) },
  only12,
)
export interface GetReactiveAuthStatusRequest extends Value<typeof GetReactiveAuthStatusRequest> {}
/** In 1.3 this token is AnswerOptionText. */
export const ReactiveAuthState = leaf('token', 'ReactiveAuthState', 0x09, 0x0b, {
  ...only12,
  values: ['GRANTED', 'DENIED', 'PENDING'],
})
export const ReactiveAuthStatus = node(
  'ReactiveAuthStatus',
  0x09,
  0x0c,
  {
    userId: one(UserID),
    reactiveAuthState: one(ReactiveAuthState),
    presenceSubList: optional(PresenceSubList),
  },
  only12,
)
export const ReactiveAuthStatusList = list('ReactiveAuthStatusList', 0x09, 0x0d, many(ReactiveAuthStatus), only12)
export const GetReactiveAuthStatusResponse = node(
  'GetReactiveAuthStatus-Response',
  0x04,
  0x20,
  { reactiveAuthStatuses: one(ReactiveAuthStatusList) },
  only12,
)
export interface GetReactiveAuthStatusResponse extends Value<typeof GetReactiveAuthStatusResponse> {}

/** Subscribe to those who join the contact list later, too; always so since 1.3 (CSP 8.3.2.1). */
export const AutoSubscribe = leaf('bool', 'AutoSubscribe', 0x04, 0x1e, { ...only12, spellings: ['Auto-Subscribe'] })
export const SubscribePresenceRequest = node('SubscribePresence-Request', 0x04, 0x1d, {
  userIds: userIdsWereUsers,
  contactLists,
  presenceSubList: optional(PresenceSubList),
  autoSubscribe: optional(AutoSubscribe, only12),
})
export interface SubscribePresenceRequest extends Value<typeof SubscribePresenceRequest> {}

export const UnsubscribePresenceRequest = node('UnsubscribePresence-Request', 0x04, 0x18, {
  userIds: userIdsWereUsers,
  contactLists,
})
export interface UnsubscribePresenceRequest extends Value<typeof UnsubscribePresenceRequest> {}

export const PresenceNotificationRequest = node('PresenceNotification-Request', 0x04, 0x1b, {
  presences: some(Presence),
})
export interface PresenceNotificationRequest extends Value<typeof PresenceNotificationRequest> {}

/** Seconds. */
export const HistoryPeriod = leaf('int', 'HistoryPeriod', 0x09, 0x08, { since: '1.2' })
export const MaxWatcherList = leaf('int', 'MaxWatcherList', 0x09, 0x0a, { since: '1.2' })
export const WatcherCount = leaf('int', 'WatcherCount', 0x09, 0x37, v13)
export const WatcherStatus = leaf('token', 'WatcherStatus', 0x09, 0x0f, {
  since: '1.2',
  values: ['CURRENT_SUBSCRIBER', 'FORMER_SUBSCRIBER', 'PRESENCE_ACCESS'],
})
export const Watcher = node(
  'Watcher',
  0x09,
  0x0e,
  {
    userId: was(
      one(UserID),
      '1.2',
      User,
      ([user]) => user!.userId,
      userId => [{ userId }],
    ),
    friendlyName: optional(FriendlyName, v13),
    watcherStatus: optional(WatcherStatus),
  },
  { since: '1.2' },
)
export const GetWatcherListRequest = node('GetWatcherList-Request', 0x04, 0x14, {
  historyPeriod: optional(HistoryPeriod, { since: '1.2' }),
  maxWatcherList: optional(MaxWatcherList, { since: '1.2' }),
})
export interface GetWatcherListRequest extends Value<typeof GetWatcherListRequest> {}
export const GetWatcherListResponse = node('GetWatcherList-Response', 0x04, 0x15, {
  historyPeriod: optional(HistoryPeriod, { since: '1.2' }),
  watcherCount: optional(WatcherCount, v13),
  watchers: was(
    many(Watcher),
    '1.1',
    User,
    users => users.map(({ userId }) => ({ userId })),
    watchers => watchers.map(({ userId }) => ({ userId })),
  ),
})
export interface GetWatcherListResponse extends Value<typeof GetWatcherListResponse> {}

export const GetPresenceRequest = node(
  'GetPresence-Request',
  0x04,
  0x12,
  { userIds: userIdsWereUsers, contactLists, presenceSubList: optional(PresenceSubList) },
  { either: [['userIds'], ['contactLists']] },
)
export interface GetPresenceRequest extends Value<typeof GetPresenceRequest> {}
export const GetPresenceResponse = node('GetPresence-Response', 0x04, 0x13, {
  result: one(Result),
  presences: many(Presence),
})
export interface GetPresenceResponse extends Value<typeof GetPresenceResponse> {}

export const UpdatePresenceRequest = node('UpdatePresence-Request', 0x04, 0x1c, {
  presenceSubList: one(PresenceSubList),
})
export interface UpdatePresenceRequest extends Value<typeof UpdatePresenceRequest> {}
