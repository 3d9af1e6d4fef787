import {
  AddList,
  GroupID,
  idsOfUsers,
  Property,
  RemoveList,
  Result,
  ScreenName,
  SName,
  SubscribeNotification,
  UserID,
  UserIDList,
  UserList,
  usersOfIds,
  WelcomeNote,
} from './common.ts'
import { leaf, list, many, node, one, optional, shaped, some, type Value, was, wrap } from './kit.ts'

/** Group chat (CSP 10). */

const v12 = { since: '1.2' } as const
const v13 = { since: '1.3' } as const
const v11Only = { until: '1.1' } as const

/** CSP 10.1.5. The welcome note is a property that has a structure. */
export const GroupProperties = node('GroupProperties', 0x07, 0x0e, {
  properties: many(Property),
  welcomeNote: optional(WelcomeNote),
})
export interface GroupProperties extends Value<typeof GroupProperties> {}
export const OwnProperties = list('OwnProperties', 0x07, 0x18, many(Property))

/** Who is known under a screen name; 1.1 names the group with it, later versions leave that out. */
export const Mapping = node(
  'Mapping',
  0x07,
  0x28,
  { name: one(SName), userId: optional(UserID), groupId: optional(GroupID, v11Only) },
  v12,
)
export interface Mapping extends Value<typeof Mapping> {}
export const AdminMapping = list('AdminMapping', 0x07, 0x27, some(Mapping), v12)
export const ModMapping = list('ModMapping', 0x07, 0x29, some(Mapping), v12)
export const UserMapping = list('UserMapping', 0x07, 0x2b, some(Mapping), v12)
export const AdminMapList = node(
  'AdminMapList',
  0x07,
  0x26,
  {
    adminMapping: optional(AdminMapping),
    modMapping: optional(ModMapping),
    userMapping: optional(UserMapping),
  },
  v12,
)
export const UserMapList = shaped(
  'UserMapList',
  0x07,
  0x2a,
  { userMapping: optional(UserMapping) },
  ({ userMapping }): readonly Mapping[] => userMapping ?? [],
  mappings => ({ userMapping: mappings.length > 0 ? mappings : undefined }),
  v12,
)

/** 1.1 lists the joined as screen names, and as users where it has no name of the group to go with them. */
const mappingsOf = ({ users, screenNames }: UserList): Mapping[] => [
  ...screenNames.map(({ name, groupId }) => ({ name, groupId })),
  ...users.map(({ userId }) => ({ name: userId, userId })),
]
const userListOf = (mappings: readonly Mapping[]) => ({
  users: mappings.flatMap(({ userId, groupId }) => (groupId === undefined && userId !== undefined ? { userId } : [])),
  screenNames: mappings.flatMap(({ name, userId, groupId }) =>
    groupId === undefined && userId !== undefined ? [] : { name, groupId: groupId ?? '' },
  ),
})

export const Joined = shaped(
  'Joined',
  0x07,
  0x0f,
  {
    userMapList: optional(UserMapList, v12),
    userList: optional(UserList, v11Only),
    screenNames: many(ScreenName, v11Only),
  },
  ({ userMapList, userList, screenNames }): readonly Mapping[] => [
    ...(userMapList ?? []),
    ...mappingsOf(userList ?? { users: [], screenNames }),
  ],
  (mappings: readonly Mapping[]) => ({ userMapList: mappings, userList: userListOf(mappings) }),
)
export const Left = shaped(
  'Left',
  0x07,
  0x15,
  { userList: optional(UserList), screenNames: many(ScreenName, v11Only) },
  ({ userList, screenNames }) => userList ?? { users: [], screenNames },
  userList => ({ userList }),
)
export const JoinedBlocked = wrap('JoinedBlocked', 0x07, 0x2c, UserList, v13)
export const LeftBlocked = wrap('LeftBlocked', 0x07, 0x2d, UserList, v13)

export const JoinGroup = leaf('bool', 'JoinGroup', 0x07, 0x21)
export const CreateGroupRequest = node('CreateGroup-Request', 0x07, 0x07, {
  groupId: one(GroupID),
  groupProperties: one(GroupProperties),
  ownProperties: optional(OwnProperties, v13),
  joinGroup: one(JoinGroup),
  screenName: optional(ScreenName),
  subscribeNotification: one(SubscribeNotification),
})
export interface CreateGroupRequest extends Value<typeof CreateGroupRequest> {}

export const DeleteGroupRequest = node('DeleteGroup-Request', 0x07, 0x08, { groupId: one(GroupID) })
export interface DeleteGroupRequest extends Value<typeof DeleteGroupRequest> {}

export const JoinedRequest = leaf('bool', 'JoinedRequest', 0x07, 0x10)
export const JoinGroupRequest = node('JoinGroup-Request', 0x07, 0x11, {
  groupId: one(GroupID),
  screenName: optional(ScreenName),
  // Mandatory since 1.2 only.
  joinedRequest: optional(JoinedRequest),
  subscribeNotification: one(SubscribeNotification),
  ownProperties: optional(OwnProperties, v12),
})
export interface JoinGroupRequest extends Value<typeof JoinGroupRequest> {}
export const JoinGroupResponse = node('JoinGroup-Response', 0x07, 0x12, {
  joined: was(
    was(
      optional(Joined),
      '1.2',
      UserMapList,
      ([mappings]) => mappings!,
      mappings => [mappings],
    ),
    '1.1',
    UserList,
    ([userList]) => mappingsOf(userList!),
    mappings => [userListOf(mappings)],
  ),
  // The name the server gave, where the one asked for was taken.
  screenName: optional(ScreenName, v13),
  welcomeNote: optional(WelcomeNote),
})
export interface JoinGroupResponse extends Value<typeof JoinGroupResponse> {}

export const LeaveGroupRequest = node('LeaveGroup-Request', 0x07, 0x13, { groupId: one(GroupID) })
export interface LeaveGroupRequest extends Value<typeof LeaveGroupRequest> {}
/** Names the group where the server sends it of its own accord (CSP 10.5.1). */
export const LeaveGroupResponse = node('LeaveGroup-Response', 0x07, 0x14, {
  groupId: optional(GroupID),
  result: one(Result),
})
export interface LeaveGroupResponse extends Value<typeof LeaveGroupResponse> {}

export const Admin = wrap('Admin', 0x07, 0x06, UserList)
export const Mod = wrap('Mod', 0x07, 0x17, UserList)
export const Users = wrap('Users', 0x07, 0x1f, UserList, { until: '1.2' })
/** Ordinary members: inside Users until 1.2. */
const members = was(
  optional(UserList),
  '1.2',
  Users,
  ([users]) => users!,
  users => [users],
)

export const GetGroupMembersRequest = node('GetGroupMembers-Request', 0x07, 0x09, { groupId: one(GroupID) })
export interface GetGroupMembersRequest extends Value<typeof GetGroupMembersRequest> {}
export const GetGroupMembersResponse = node('GetGroupMembers-Response', 0x07, 0x0a, {
  admin: optional(Admin),
  mod: optional(Mod),
  userList: members,
})
export interface GetGroupMembersResponse extends Value<typeof GetGroupMembersResponse> {}

export const GetJoinedUsersRequest = node('GetJoinedUsers-Request', 0x07, 0x24, { groupId: one(GroupID) }, v12)
export interface GetJoinedUsersRequest extends Value<typeof GetJoinedUsersRequest> {}
/** Administrators and moderators get the whole picture, others the users. */
export const GetJoinedUsersResponse = node(
  'GetJoinedUsers-Response',
  0x07,
  0x25,
  {
    adminMapList: optional(AdminMapList),
    userMapList: optional(UserMapList),
    joinedBlocked: optional(JoinedBlocked, v13),
  },
  { since: '1.2', either: [['adminMapList'], ['userMapList']] },
)
export interface GetJoinedUsersResponse extends Value<typeof GetJoinedUsersResponse> {}

/** COMPAT: the AOSP client keeps to UserList under 1.3, too. */
const memberIds = was(
  one(UserIDList),
  '1.2',
  UserList,
  lists => lists.flatMap(({ users }) => idsOfUsers(users)),
  ids => [{ users: usersOfIds(ids) }],
)
export const AddGroupMembersRequest = node('AddGroupMembers-Request', 0x07, 0x05, {
  groupId: one(GroupID),
  userIds: memberIds,
})
export interface AddGroupMembersRequest extends Value<typeof AddGroupMembersRequest> {}
export const RemoveGroupMembersRequest = node('RemoveGroupMembers-Request', 0x07, 0x1b, {
  groupId: one(GroupID),
  userIds: memberIds,
})
export interface RemoveGroupMembersRequest extends Value<typeof RemoveGroupMembersRequest> {}

export const MemberAccessRequest = node('MemberAccess-Request', 0x07, 0x16, {
  groupId: one(GroupID),
  admin: optional(Admin),
  mod: optional(Mod),
  userList: members,
})
export interface MemberAccessRequest extends Value<typeof MemberAccessRequest> {}

export const GetGroupPropsRequest = node('GetGroupProps-Request', 0x07, 0x0b, { groupId: one(GroupID) })
export interface GetGroupPropsRequest extends Value<typeof GetGroupPropsRequest> {}
export const GetGroupPropsResponse = node('GetGroupProps-Response', 0x07, 0x0c, {
  groupProperties: one(GroupProperties),
  ownProperties: one(OwnProperties),
})
export interface GetGroupPropsResponse extends Value<typeof GetGroupPropsResponse> {}
export const SetGroupPropsRequest = node('SetGroupProps-Request', 0x07, 0x1c, {
  groupId: one(GroupID),
  groupProperties: optional(GroupProperties),
  ownProperties: optional(OwnProperties),
})
export interface SetGroupPropsRequest extends Value<typeof SetGroupPropsRequest> {}

export const RejectListRequest = node('RejectList-Request', 0x07, 0x19, {
  groupId: one(GroupID),
  addList: optional(AddList),
  removeList: optional(RemoveList),
})
export interface RejectListRequest extends Value<typeof RejectListRequest> {}
export const RejectListResponse = node('RejectList-Response', 0x07, 0x1a, { userList: optional(UserList) })
export interface RejectListResponse extends Value<typeof RejectListResponse> {}

/** G: is there a subscription, S: subscribe, U: unsubscribe (CSP 10.9). */
export const SubscribeType = leaf('token', 'SubscribeType', 0x07, 0x23, { values: ['G', 'S', 'U'] })
export const SubscribeGroupNoticeRequest = node('SubscribeGroupNotice-Request', 0x07, 0x1d, {
  groupId: one(GroupID),
  subscribeType: one(SubscribeType),
})
export interface SubscribeGroupNoticeRequest extends Value<typeof SubscribeGroupNoticeRequest> {}
/** Shares name and token with the value of a property. */
export const IsSubscribed = leaf('bool', 'Value', 0x00, 0x3d)
export const SubscribeGroupNoticeResponse = node('SubscribeGroupNotice-Response', 0x07, 0x1e, {
  value: one(IsSubscribed),
})
export interface SubscribeGroupNoticeResponse extends Value<typeof SubscribeGroupNoticeResponse> {}

export const GroupChangeNotice = node('GroupChangeNotice', 0x07, 0x0d, {
  groupId: one(GroupID),
  joined: optional(Joined),
  left: optional(Left),
  joinedBlocked: optional(JoinedBlocked, v13),
  leftBlocked: optional(LeftBlocked, v13),
  groupProperties: optional(GroupProperties),
  ownProperties: optional(OwnProperties),
})
export interface GroupChangeNotice extends Value<typeof GroupChangeNotice> {}
