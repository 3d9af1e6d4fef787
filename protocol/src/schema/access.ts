import {
  AgreedCapabilityList,
  agreedCapabilityList,
  CapabilityList,
  OnlineETEMHandling,
  SessionPriority,
} from './capabilities.ts'
import {
  Acceptance,
  ApplicationID,
  BlockListInUse,
  ClientID,
  ContactListIDList,
  ContentData,
  ContentEncoding,
  ContentSize,
  ContentType,
  DefaultList,
  Description,
  GrantListInUse,
  GroupID,
  Name,
  Property,
  Recipient,
  ResponseNote,
  Result,
  ScreenName,
  Sender,
  SystemMessageList,
  SystemMessageResponseList,
  URL,
  URLList,
  User,
  UserID,
  UserIDList,
  UserList,
  Validity,
} from './common.ts'
import { SessionID } from './envelope.ts'
import { also, leaf, list, many, node, one, optional, some, type Value } from './kit.ts'
import { PresenceSubList } from './presence-attributes.ts'
import { AllFunctions, Functions } from './services.ts'

/** The service access point (CSP 6, 7): logging in, negotiating, notices, profiles, invitations. */

const v13 = { since: '1.3' } as const

export const PollingRequest = node('Polling-Request', 0x01, 0x22, {})
export interface PollingRequest extends Value<typeof PollingRequest> {}

export const Password = leaf('string', 'Password', 0x01, 0x21)
export const Nonce = leaf('string', 'Nonce', 0x01, 0x20)
export const SessionCookie = leaf('string', 'SessionCookie', 0x01, 0x30)
/** BASE64 of the digest over nonce and password (CSP 6.4.2.2). */
export const DigestBytes = leaf('string', 'DigestBytes', 0x01, 0x0e)
export const DigestSchema = leaf('token', 'DigestSchema', 0x01, 0x0f, { values: ['PWD', 'SHA', 'MD4', 'MD5', 'MD6'] })
/** Seconds. */
export const TimeToLive = leaf('int', 'TimeToLive', 0x01, 0x32)
/** Seconds. */
export const KeepAliveTime = leaf('int', 'KeepAliveTime', 0x01, 0x1c)
export const CapabilityRequest = leaf('bool', 'CapabilityRequest', 0x01, 0x0b)
export const AllFunctionsRequest = leaf('bool', 'AllFunctionsRequest', 0x01, 0x06)

const words = (text: string) => text.split(/[\s,]+/).filter(word => word !== '')

export const LoginRequest = node(
  'Login-Request',
  0x01,
  0x1d,
  {
    userId: one(UserID),
    clientId: one(ClientID),
    applicationId: optional(ApplicationID, v13),
    password: optional(Password),
    digestBytes: optional(DigestBytes),
    digestSchemas: many(DigestSchema),
    // The session to be taken up again; clients also put its ID into the session descriptor.
    sessionId: optional(SessionID, v13),
    timeToLive: optional(TimeToLive),
    sessionCookie: one(SessionCookie),
    systemMessageResponses: optional(SystemMessageResponseList, v13),
    functions: optional(Functions, v13),
    capabilityList: optional(CapabilityList, v13),
  },
  {
    reshape: {
      until: '1.1',
      // One comma separated text in 1.1, and in later versions from clients that grew up with it.
      up: login => ({ ...login, digestSchemas: login.digestSchemas.flatMap(words) }),
      down: login => ({ ...login, digestSchemas: login.digestSchemas?.length ? [login.digestSchemas.join(',')] : [] }),
    },
  },
)
export interface LoginRequest extends Value<typeof LoginRequest> {}

export const LoginResponse = node('Login-Response', 0x01, 0x1e, {
  // User and password of an account that was just made (CSP 6.5).
  userId: optional(UserID, v13),
  clientId: one(ClientID),
  password: optional(Password, v13),
  result: one(Result),
  nonce: optional(Nonce),
  digestSchema: optional(DigestSchema),
  sessionId: optional(SessionID),
  keepAliveTime: optional(KeepAliveTime),
  capabilityRequest: optional(CapabilityRequest),
  // The services that are not available.
  functions: optional(Functions, v13),
  agreedCapabilityList: optional(AgreedCapabilityList, v13),
})
export interface LoginResponse extends Value<typeof LoginResponse> {}

export const LogoutRequest = node('Logout-Request', 0x01, 0x1f, {})
export interface LogoutRequest extends Value<typeof LogoutRequest> {}
export const Disconnect = node('Disconnect', 0x01, 0x10, { result: one(Result) })
export interface Disconnect extends Value<typeof Disconnect> {}

export const KeepAliveRequest = node('KeepAlive-Request', 0x01, 0x1b, { timeToLive: optional(TimeToLive) })
export interface KeepAliveRequest extends Value<typeof KeepAliveRequest> {}
export const KeepAliveResponse = node('KeepAlive-Response', 0x01, 0x29, {
  result: one(Result),
  keepAliveTime: optional(KeepAliveTime),
})
export interface KeepAliveResponse extends Value<typeof KeepAliveResponse> {}

export const Logo = node('Logo', 0x00, 0x19, {
  contentType: one(ContentType),
  contentSize: optional(ContentSize),
  contentEncoding: one(ContentEncoding),
  contentData: one(ContentData),
})
export const GetSPInfoRequest = node('GetSPInfo-Request', 0x01, 0x12, { clientId: optional(ClientID) })
export interface GetSPInfoRequest extends Value<typeof GetSPInfoRequest> {}
export const GetSPInfoResponse = node('GetSPInfo-Response', 0x01, 0x13, {
  clientId: optional(ClientID),
  name: one(Name),
  logo: optional(Logo),
  description: optional(Description),
  url: optional(URL),
})
export interface GetSPInfoResponse extends Value<typeof GetSPInfoResponse> {}

// COMPAT: the Colibria clients name their client in negotiations under 1.2 as well.
const clientIdUntil11 = optional(ClientID, { until: '1.1' })
export const ServiceRequest = node('Service-Request', 0x01, 0x2e, {
  clientId: clientIdUntil11,
  functions: optional(Functions),
  allFunctionsRequest: one(AllFunctionsRequest),
})
export interface ServiceRequest extends Value<typeof ServiceRequest> {}
export const ServiceResponse = node('Service-Response', 0x01, 0x2f, {
  clientId: clientIdUntil11,
  // Those asked for and not available; `allFunctions` is what the server has.
  functions: optional(Functions),
  allFunctions: optional(AllFunctions),
})
export interface ServiceResponse extends Value<typeof ServiceResponse> {}

export const ClientCapabilityRequest = node('ClientCapability-Request', 0x01, 0x0c, {
  clientId: clientIdUntil11,
  // Mandatory since 1.2 only.
  capabilityList: optional(CapabilityList),
})
export interface ClientCapabilityRequest extends Value<typeof ClientCapabilityRequest> {}
export const ClientCapabilityResponse = node('ClientCapability-Response', 0x01, 0x0d, {
  // COMPAT: the AOSP client looks at the first child only; leave this out if the request had none.
  clientId: clientIdUntil11,
  agreedCapabilityList,
})
export interface ClientCapabilityResponse extends Value<typeof ClientCapabilityResponse> {}

export const SystemMessageRequest = node(
  'SystemMessage-Request',
  0x0a,
  0x15,
  { systemMessages: one(SystemMessageList) },
  v13,
)
export interface SystemMessageRequest extends Value<typeof SystemMessageRequest> {}
export const SystemMessageUser = node(
  'SystemMessage-User',
  0x0a,
  0x16,
  { systemMessageResponses: one(SystemMessageResponseList) },
  v13,
)
export interface SystemMessageUser extends Value<typeof SystemMessageUser> {}

/** CSP 7.2.1, table 31. */
export const NotificationType = leaf('token', 'NotificationType', 0x09, 0x16, {
  ...v13,
  values: [
    ...['ATCL', 'AC', 'ANC', 'AND', 'ANU', 'BLC', 'BLUC', 'CLCR', 'CLC', 'CLD', 'GLC', 'GLUC', 'GC', 'GD'],
    ...['GMAU', 'GMU', 'GMG', 'GMR', 'GR', 'IA', 'IC', 'IR', 'OEU', 'PPU', 'SPA', 'UIC'],
  ],
})
export const NotificationTypeList = list('NotificationTypeList', 0x09, 0x17, many(NotificationType), v13)
/** Without types, or with an empty list of them, all types are meant. */
const notificationTypes = optional(NotificationTypeList)
export const SubscribeNotificationRequest = node(
  'SubscribeNotification-Request',
  0x0a,
  0x08,
  { notificationTypes },
  v13,
)
export interface SubscribeNotificationRequest extends Value<typeof SubscribeNotificationRequest> {}
export const UnsubscribeNotificationRequest = node(
  'UnsubscribeNotification-Request',
  0x0a,
  0x09,
  { notificationTypes },
  v13,
)
export interface UnsubscribeNotificationRequest extends Value<typeof UnsubscribeNotificationRequest> {}

export const InviteID = leaf('string', 'InviteID', 0x01, 0x14)
export const UnrecognizedUserID = leaf('string', 'UnrecognizedUserID', 0x09, 0x3c, v13)
export const ValidUserID = leaf('string', 'ValidUserID', 0x09, 0x3e, v13)
export const UserIDPair = node(
  'UserIDPair',
  0x09,
  0x3d,
  { unrecognizedUserId: one(UnrecognizedUserID), validUserId: one(ValidUserID) },
  v13,
)
/** Which parts are there depends on the type (CSP 7.2.1, table 31). */
export const NotificationRequest = node(
  'Notification-Request',
  0x0a,
  0x0a,
  {
    notificationType: one(NotificationType),
    blockListInUse: optional(BlockListInUse),
    grantListInUse: optional(GrantListInUse),
    groupId: optional(GroupID),
    inviteId: optional(InviteID),
    onlineEtemHandling: optional(OnlineETEMHandling),
    presenceSubList: optional(PresenceSubList),
    userIds: optional(UserIDList),
    contactLists: optional(ContactListIDList),
    defaultList: optional(DefaultList),
    sessionPriority: optional(SessionPriority),
    userList: optional(UserList),
    userIdPair: optional(UserIDPair),
  },
  v13,
)
export interface NotificationRequest extends Value<typeof NotificationRequest> {}

export const PublicProfile = node(
  'PublicProfile',
  0x09,
  0x1a,
  // An update speaks of its sender and names nobody.
  { userId: optional(UserID), properties: many(Property) },
  v13,
)
export interface PublicProfile extends Value<typeof PublicProfile> {}
export const GetPublicProfileRequest = node(
  'GetPublicProfile-Request',
  0x0a,
  0x0d,
  { userIds: also(some(UserID), UserIDList, lists => lists.flat()) },
  v13,
)
export interface GetPublicProfileRequest extends Value<typeof GetPublicProfileRequest> {}
export const GetPublicProfileResponse = node(
  'GetPublicProfile-Response',
  0x0a,
  0x0e,
  { result: one(Result), publicProfiles: many(PublicProfile) },
  v13,
)
export interface GetPublicProfileResponse extends Value<typeof GetPublicProfileResponse> {}
export const ClearPublicProfile = leaf('bool', 'ClearPublicProfile', 0x09, 0x19, v13)
export const UpdatePublicProfileRequest = node(
  'UpdatePublicProfile-Request',
  0x0a,
  0x0f,
  { clearPublicProfile: one(ClearPublicProfile), publicProfile: optional(PublicProfile) },
  v13,
)
export interface UpdatePublicProfileRequest extends Value<typeof UpdatePublicProfileRequest> {}

export const InviteNote = leaf('string', 'InviteNote', 0x01, 0x15)
/** GM since 1.2; EC, EG and AP since 1.3. */
export const InviteType = leaf('token', 'InviteType', 0x01, 0x18, {
  values: ['GR', 'IM', 'PR', 'SC', 'GM', 'EC', 'EG', 'AP'],
})
export const InviteRequest = node('Invite-Request', 0x01, 0x16, {
  inviteId: one(InviteID),
  inviteType: one(InviteType),
  // COMPAT: mandatory in 1.3, where the AOSP client leaves it out.
  sender: optional(Sender, v13),
  recipient: one(Recipient),
  applicationId: optional(ApplicationID, v13),
  groupId: optional(GroupID),
  presenceSubList: optional(PresenceSubList),
  urls: optional(URLList),
  inviteNote: optional(InviteNote),
  screenName: optional(ScreenName),
  validity: optional(Validity),
})
export interface InviteRequest extends Value<typeof InviteRequest> {}

export const InviteResponse = node('Invite-Response', 0x01, 0x17, {
  inviteId: one(InviteID),
  acceptance: one(Acceptance),
  sender: one(Sender),
  recipient: optional(Recipient, v13),
  // COMPAT: Baraza puts the answer into InviteNote under 1.3.
  responseNote: also(optional(ResponseNote), InviteNote, ([note]) => note!),
  screenName: optional(ScreenName, v13),
})
export interface InviteResponse extends Value<typeof InviteResponse> {}

export const InviteUserRequest = node('InviteUser-Request', 0x01, 0x19, {
  inviteId: one(InviteID),
  inviteType: one(InviteType),
  sender: one(Sender),
  recipient: optional(Recipient, v13),
  applicationId: optional(ApplicationID, v13),
  groupId: optional(GroupID),
  presenceSubList: optional(PresenceSubList),
  urls: optional(URLList),
  inviteNote: optional(InviteNote),
  screenName: optional(ScreenName, v13),
  validity: optional(Validity),
})
export interface InviteUserRequest extends Value<typeof InviteUserRequest> {}

export const InviteUserResponse = node('InviteUser-Response', 0x01, 0x1a, {
  inviteId: one(InviteID),
  acceptance: one(Acceptance),
  // Since 1.2. COMPAT: the AOSP client writes the User without Sender around it.
  sender: also(optional(Sender, { since: '1.2' }), User, ([user]) => ({ user })),
  recipient: optional(Recipient, v13),
  responseNote: optional(ResponseNote),
  screenName: optional(ScreenName),
})
export interface InviteUserResponse extends Value<typeof InviteUserResponse> {}

export const CancelInviteRequest = node('CancelInvite-Request', 0x01, 0x07, {
  inviteId: one(InviteID),
  // Mandatory in 1.3, unknown before; the recipient is mandatory since then.
  sender: optional(Sender, v13),
  recipient: optional(Recipient),
  inviteNote: optional(InviteNote),
  applicationId: optional(ApplicationID, v13),
  groupId: optional(GroupID, v13),
  presenceSubList: optional(PresenceSubList, v13),
  urls: optional(URLList),
  screenName: optional(ScreenName),
})
export interface CancelInviteRequest extends Value<typeof CancelInviteRequest> {}

export const CancelInviteUserRequest = node('CancelInviteUser-Request', 0x01, 0x08, {
  inviteId: one(InviteID),
  sender: one(Sender),
  recipient: optional(Recipient, v13),
  inviteNote: optional(InviteNote),
  applicationId: optional(ApplicationID, v13),
  groupId: optional(GroupID, v13),
  presenceSubList: optional(PresenceSubList, v13),
  urls: optional(URLList),
  screenName: optional(ScreenName, v13),
})
export interface CancelInviteUserRequest extends Value<typeof CancelInviteUserRequest> {}

export const ExtendedRequest = leaf('extension', 'Extended-Request', 0x01, 0x38, { since: '1.2' })
export const ExtendedResponse = leaf('extension', 'Extended-Response', 0x01, 0x39, { since: '1.2' })
