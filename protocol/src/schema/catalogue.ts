import * as access from './access.ts'
import * as common from './common.ts'
import * as discovery from './discovery.ts'
import * as groups from './groups.ts'
import type { Element, Input, Value, Version } from './kit.ts'
import * as messaging from './messaging.ts'
import * as presence from './presence.ts'
import * as segments from './segments.ts'

export interface PrimitiveFacts {
  readonly from: 'client' | 'server' | 'both'
  /**
   * The primitive that answers it; Status where nothing is said, and in versions that do not know the answer yet;
   * null: nothing, or whatever is next in the case of a poll.
   */
  readonly answer?: string | null | undefined
  /** Only ever sent in answer to another. */
  readonly reply?: true | undefined
  readonly service: 'access' | 'presence' | 'messaging' | 'groups'
  /** The leaf or feature of the service tree that must have been agreed (CSP 6.9.1); none: always available. */
  readonly agreed?: string | undefined
  /** Since 1.3 the client must have settled what it can do before it may ask for this (CSP 6.9.1, 9.1.1.2): else 510. */
  readonly needs?: 'capabilities' | undefined
  /** Section of CSP 1.3. */
  readonly clause: string
  /** What a server must be able to do, by the ids of CSP appendix B. */
  readonly scr: readonly string[]
  /** Root of a document of its own. */
  readonly document?: true | undefined
}

/** What the catalogue says of a primitive, for those who look it up by a name they do not know beforehand. */
export interface PrimitiveEntry extends PrimitiveFacts {
  readonly element: Element
  readonly since: Version | undefined
  readonly until: Version | undefined
}

const primitive = <E extends Element, const F extends PrimitiveFacts>(
  element: E,
  facts: F,
): F & Omit<PrimitiveEntry, keyof PrimitiveFacts | 'element'> & { readonly element: E } => ({
  ...facts,
  element,
  since: element.facts.since,
  until: element.facts.until,
})

const scr =
  (group: string) =>
  (...numbers: number[]): readonly string[] =>
    numbers.map(number => `IMPS-CSP-${group}-S-${String(number).padStart(3, '0')}`)
const sap = scr('SAP')
const logout = scr('LOGOUT')
const noop = scr('NOOP')
const getspi = scr('GETSPI')
const ccapab = scr('CCAPAB')
const prse = scr('PRSE')
const ccli = scr('CCLI')
const getwl = scr('GETWL')
const imse = scr('IMSE')
const setd = scr('SETD')
const getlm = scr('GETLM')
const newm = scr('NEWM')
const getm = scr('GETM')
const grse = scr('GRSE')
const joing = scr('JOING')

/** Every primitive of the language. */
// biome-ignore format: a table, one line a primitive
export const catalogue = {
  // access
  Status: primitive(common.Status, { from: 'both', answer: null, reply: true, service: 'access', clause: '6.1', scr: sap(2) }),
  PollingRequest: primitive(access.PollingRequest, { from: 'client', answer: null, service: 'access', clause: '6.2', scr: sap(3) }),
  VersionDiscoveryRequest: primitive(discovery.VersionDiscoveryRequest, { from: 'client', answer: 'VersionDiscoveryResponse', document: true, service: 'access', clause: '6.3', scr: sap(4) }),
  VersionDiscoveryResponse: primitive(discovery.VersionDiscoveryResponse, { from: 'server', answer: null, reply: true, document: true, service: 'access', clause: '6.3', scr: sap(4) }),
  LoginRequest: primitive(access.LoginRequest, { from: 'client', answer: 'LoginResponse', service: 'access', clause: '6.4', scr: sap(1, 5, 6, 7) }),
  LoginResponse: primitive(access.LoginResponse, { from: 'server', answer: null, reply: true, service: 'access', clause: '6.4', scr: sap(6, 7, 8) }),
  LogoutRequest: primitive(access.LogoutRequest, { from: 'client', service: 'access', clause: '6.6', scr: sap(9) }),
  Disconnect: primitive(access.Disconnect, { from: 'server', answer: null, service: 'access', clause: '6.6', scr: [...sap(10), ...logout(1)] }),
  KeepAliveRequest: primitive(access.KeepAliveRequest, { from: 'client', answer: 'KeepAliveResponse', service: 'access', clause: '6.7', scr: [...sap(11), ...noop(1)] }),
  KeepAliveResponse: primitive(access.KeepAliveResponse, { from: 'server', answer: null, reply: true, service: 'access', clause: '6.7', scr: sap(11) }),
  GetSPInfoRequest: primitive(access.GetSPInfoRequest, { from: 'client', answer: 'GetSPInfoResponse', service: 'access', agreed: 'GETSPI', clause: '6.8', scr: [...sap(12), ...getspi(1)] }),
  GetSPInfoResponse: primitive(access.GetSPInfoResponse, { from: 'server', answer: null, reply: true, service: 'access', agreed: 'GETSPI', clause: '6.8', scr: sap(12) }),
  ServiceRequest: primitive(access.ServiceRequest, { from: 'client', answer: 'ServiceResponse', service: 'access', clause: '6.9', scr: sap(13) }),
  ServiceResponse: primitive(access.ServiceResponse, { from: 'server', answer: null, reply: true, service: 'access', clause: '6.9', scr: sap(13) }),
  ClientCapabilityRequest: primitive(access.ClientCapabilityRequest, { from: 'client', answer: 'ClientCapabilityResponse', service: 'access', clause: '6.9', scr: [...sap(14, 15), ...ccapab(1, 2, 3)] }),
  ClientCapabilityResponse: primitive(access.ClientCapabilityResponse, { from: 'server', answer: null, reply: true, service: 'access', clause: '6.9', scr: sap(14, 15) }),
  GetSegmentRequest: primitive(segments.GetSegmentRequest, { from: 'both', answer: 'GetSegmentResponse', service: 'access', agreed: 'SGMNT', clause: '6.10', scr: sap(16) }),
  GetSegmentResponse: primitive(segments.GetSegmentResponse, { from: 'both', answer: null, reply: true, service: 'access', agreed: 'SGMNT', clause: '6.10', scr: sap(16) }),
  DropSegmentRequest: primitive(segments.DropSegmentRequest, { from: 'both', service: 'access', agreed: 'SGMNT', clause: '6.10', scr: sap(16) }),
  SystemMessageRequest: primitive(access.SystemMessageRequest, { from: 'server', service: 'access', clause: '7.1', scr: sap(17) }),
  SystemMessageUser: primitive(access.SystemMessageUser, { from: 'client', service: 'access', clause: '7.1', scr: sap(17) }),
  SubscribeNotificationRequest: primitive(access.SubscribeNotificationRequest, { from: 'client', service: 'access', clause: '7.2', scr: sap(18) }),
  UnsubscribeNotificationRequest: primitive(access.UnsubscribeNotificationRequest, { from: 'client', service: 'access', clause: '7.2', scr: sap(18) }),
  NotificationRequest: primitive(access.NotificationRequest, { from: 'server', service: 'access', clause: '7.2', scr: sap(18) }),
  GetPublicProfileRequest: primitive(access.GetPublicProfileRequest, { from: 'client', answer: 'GetPublicProfileResponse', service: 'access', clause: '7.3', scr: sap(19) }),
  GetPublicProfileResponse: primitive(access.GetPublicProfileResponse, { from: 'server', answer: null, reply: true, service: 'access', clause: '7.3', scr: sap(19) }),
  UpdatePublicProfileRequest: primitive(access.UpdatePublicProfileRequest, { from: 'client', service: 'access', clause: '7.3', scr: sap(20, 22) }),
  SearchRequest: primitive(discovery.SearchRequest, { from: 'client', answer: 'SearchResponse', service: 'access', agreed: 'SRCH', clause: '7.4', scr: sap(23, 24, 25, 31) }),
  SearchResponse: primitive(discovery.SearchResponse, { from: 'server', answer: null, reply: true, service: 'access', agreed: 'SRCH', clause: '7.4', scr: sap(23, 24, 25, 31) }),
  StopSearchRequest: primitive(discovery.StopSearchRequest, { from: 'client', service: 'access', agreed: 'STSRC', clause: '7.4', scr: sap(26) }),
  InviteRequest: primitive(access.InviteRequest, { from: 'client', service: 'access', agreed: 'INVIT', clause: '7.5', scr: sap(27) }),
  InviteResponse: primitive(access.InviteResponse, { from: 'server', service: 'access', agreed: 'INVIT', clause: '7.5', scr: sap(27) }),
  InviteUserRequest: primitive(access.InviteUserRequest, { from: 'server', service: 'access', agreed: 'INVIT', clause: '7.5', scr: sap(27) }),
  InviteUserResponse: primitive(access.InviteUserResponse, { from: 'client', service: 'access', agreed: 'INVIT', clause: '7.5', scr: sap(27) }),
  CancelInviteRequest: primitive(access.CancelInviteRequest, { from: 'client', service: 'access', agreed: 'CAINV', clause: '7.6', scr: sap(28) }),
  CancelInviteUserRequest: primitive(access.CancelInviteUserRequest, { from: 'server', service: 'access', agreed: 'CAINV', clause: '7.6', scr: sap(28) }),
  GetMapRequest: primitive(discovery.GetMapRequest, { from: 'client', answer: 'GetMapResponse', service: 'access', agreed: 'GETMAP', clause: '7.7', scr: sap(29) }),
  GetMapResponse: primitive(discovery.GetMapResponse, { from: 'server', answer: null, reply: true, service: 'access', agreed: 'GETMAP', clause: '7.7', scr: sap(29) }),
  VerifyIDRequest: primitive(discovery.VerifyIDRequest, { from: 'client', service: 'access', agreed: 'VRID', clause: '7.8', scr: sap(30) }),
  ExtendedRequest: primitive(access.ExtendedRequest, { from: 'both', answer: 'ExtendedResponse', service: 'access', clause: '12.2', scr: [] }),
  ExtendedResponse: primitive(access.ExtendedResponse, { from: 'both', answer: null, reply: true, service: 'access', clause: '12.2', scr: [] }),

  // presence
  GetListRequest: primitive(presence.GetListRequest, { from: 'client', answer: 'GetListResponse', service: 'presence', agreed: 'GCLI', clause: '8.1', scr: prse(1) }),
  GetListResponse: primitive(presence.GetListResponse, { from: 'server', answer: null, reply: true, service: 'presence', agreed: 'GCLI', clause: '8.1', scr: prse(1) }),
  CreateListRequest: primitive(presence.CreateListRequest, { from: 'client', answer: 'CreateListResponse', service: 'presence', agreed: 'CCLI', clause: '8.1', scr: [...prse(2), ...ccli(1)] }),
  CreateListResponse: primitive(presence.CreateListResponse, { from: 'server', answer: null, reply: true, service: 'presence', agreed: 'CCLI', clause: '8.1', scr: prse(2) }),
  DeleteListRequest: primitive(presence.DeleteListRequest, { from: 'client', service: 'presence', agreed: 'DCLI', clause: '8.1', scr: prse(3) }),
  ListManageRequest: primitive(presence.ListManageRequest, { from: 'client', answer: 'ListManageResponse', service: 'presence', agreed: 'MCLS', clause: '8.1', scr: prse(4) }),
  ListManageResponse: primitive(presence.ListManageResponse, { from: 'server', answer: null, reply: true, service: 'presence', agreed: 'MCLS', clause: '8.1', scr: prse(4) }),
  ListManageNotificationRequest: primitive(presence.ListManageNotificationRequest, { from: 'server', service: 'presence', agreed: 'NCLS', clause: '8.1', scr: [] }),
  CreateAttributeListRequest: primitive(presence.CreateAttributeListRequest, { from: 'client', service: 'presence', agreed: 'PresenceFeat', clause: '8.2', scr: prse(5) }),
  DeleteAttributeListRequest: primitive(presence.DeleteAttributeListRequest, { from: 'client', service: 'presence', agreed: 'PresenceFeat', clause: '8.2', scr: prse(6) }),
  GetAttributeListRequest: primitive(presence.GetAttributeListRequest, { from: 'client', answer: 'GetAttributeListResponse', service: 'presence', agreed: 'PresenceFeat', clause: '8.2', scr: prse(7) }),
  GetAttributeListResponse: primitive(presence.GetAttributeListResponse, { from: 'server', answer: null, reply: true, service: 'presence', agreed: 'PresenceFeat', clause: '8.2', scr: prse(7) }),
  PresenceAuthRequest: primitive(presence.PresenceAuthRequest, { from: 'server', service: 'presence', agreed: 'REACT', clause: '8.2.3', scr: [] }),
  PresenceAuthUser: primitive(presence.PresenceAuthUser, { from: 'client', service: 'presence', agreed: 'REACT', clause: '8.2.3', scr: [] }),
  CancelAuthRequest: primitive(presence.CancelAuthRequest, { from: 'client', service: 'presence', agreed: 'CAAUT', clause: '8.2.3', scr: [] }),
  GetReactiveAuthStatusRequest: primitive(presence.GetReactiveAuthStatusRequest, { from: 'client', answer: 'GetReactiveAuthStatusResponse', service: 'presence', agreed: 'GETAUT', clause: '8.2.3', scr: [] }),
  GetReactiveAuthStatusResponse: primitive(presence.GetReactiveAuthStatusResponse, { from: 'server', answer: null, reply: true, service: 'presence', agreed: 'GETAUT', clause: '8.2.3', scr: [] }),
  SubscribePresenceRequest: primitive(presence.SubscribePresenceRequest, { from: 'client', service: 'presence', agreed: 'PresenceFeat', clause: '8.3.2', scr: prse(8, 9) }),
  UnsubscribePresenceRequest: primitive(presence.UnsubscribePresenceRequest, { from: 'client', service: 'presence', agreed: 'PresenceFeat', clause: '8.3.2', scr: prse(10) }),
  PresenceNotificationRequest: primitive(presence.PresenceNotificationRequest, { from: 'server', service: 'presence', agreed: 'PresenceFeat', clause: '8.3.2', scr: prse(12) }),
  GetWatcherListRequest: primitive(presence.GetWatcherListRequest, { from: 'client', answer: 'GetWatcherListResponse', service: 'presence', agreed: 'GETWL', clause: '8.3.2', scr: [...prse(11), ...getwl(1)] }),
  GetWatcherListResponse: primitive(presence.GetWatcherListResponse, { from: 'server', answer: null, reply: true, service: 'presence', agreed: 'GETWL', clause: '8.3.2', scr: [...prse(11), ...getwl(1)] }),
  GetPresenceRequest: primitive(presence.GetPresenceRequest, { from: 'client', answer: 'GetPresenceResponse', service: 'presence', agreed: 'GETPR', clause: '8.3.3', scr: prse(13) }),
  GetPresenceResponse: primitive(presence.GetPresenceResponse, { from: 'server', answer: null, reply: true, service: 'presence', agreed: 'GETPR', clause: '8.3.3', scr: prse(13) }),
  UpdatePresenceRequest: primitive(presence.UpdatePresenceRequest, { from: 'client', service: 'presence', agreed: 'UPDPR', clause: '8.3.4', scr: prse(14) }),

  // messaging
  SendMessageRequest: primitive(messaging.SendMessageRequest, { from: 'client', answer: 'SendMessageResponse', service: 'messaging', agreed: 'IMFeat', needs: 'capabilities', clause: '9.1.1', scr: imse(2, 5) }),
  SendMessageResponse: primitive(messaging.SendMessageResponse, { from: 'server', answer: null, reply: true, service: 'messaging', agreed: 'IMFeat', clause: '9.1.1', scr: imse(2) }),
  SetDeliveryMethodRequest: primitive(messaging.SetDeliveryMethodRequest, { from: 'client', service: 'messaging', agreed: 'SETD', clause: '9.1.2', scr: [...imse(1), ...setd(1)] }),
  GetMessageListRequest: primitive(messaging.GetMessageListRequest, { from: 'client', answer: 'GetMessageListResponse', service: 'messaging', agreed: 'GETLM', clause: '9.1.3', scr: [...imse(3), ...getlm(1, 2)] }),
  GetMessageListResponse: primitive(messaging.GetMessageListResponse, { from: 'server', answer: null, reply: true, service: 'messaging', agreed: 'GETLM', clause: '9.1.3', scr: imse(3, 5) }),
  RejectMessageRequest: primitive(messaging.RejectMessageRequest, { from: 'client', service: 'messaging', agreed: 'REJCM', clause: '9.1.4', scr: imse(4) }),
  NewMessage: primitive(messaging.NewMessage, { from: 'server', answer: 'MessageDelivered', service: 'messaging', agreed: 'NEWM', clause: '9.1.5', scr: [...imse(5, 6), ...newm(1, 2)] }),
  MessageDelivered: primitive(messaging.MessageDelivered, { from: 'client', service: 'messaging', agreed: 'IMFeat', clause: '9.1.5', scr: imse(6, 8) }),
  MessageNotification: primitive(messaging.MessageNotification, { from: 'server', service: 'messaging', agreed: 'NOTIF', clause: '9.1.6', scr: imse(5, 7) }),
  GetMessageRequest: primitive(messaging.GetMessageRequest, { from: 'client', answer: 'GetMessageResponse', service: 'messaging', agreed: 'GETM', clause: '9.1.8', scr: imse(8) }),
  GetMessageResponse: primitive(messaging.GetMessageResponse, { from: 'server', answer: null, reply: true, service: 'messaging', agreed: 'GETM', clause: '9.1.8', scr: [...imse(5, 8), ...getm(1)] }),
  DeliveryReportRequest: primitive(messaging.DeliveryReportRequest, { from: 'server', service: 'messaging', agreed: 'MDELIV', clause: '9.1.9', scr: imse(5, 9) }),
  ForwardMessageRequest: primitive(messaging.ForwardMessageRequest, { from: 'client', answer: 'ForwardMessageResponse', service: 'messaging', agreed: 'FWMSG', needs: 'capabilities', clause: '9.1.10', scr: imse(10) }),
  ForwardMessageResponse: primitive(messaging.ForwardMessageResponse, { from: 'server', answer: null, reply: true, service: 'messaging', agreed: 'FWMSG', clause: '9.1.10', scr: imse(10) }),
  ExtendConversationRequest: primitive(messaging.ExtendConversationRequest, { from: 'client', service: 'messaging', agreed: 'EXCON', clause: '9.1.11', scr: grse(16) }),
  ExtendConversationResponse: primitive(messaging.ExtendConversationResponse, { from: 'server', service: 'messaging', agreed: 'EXCON', clause: '9.1.11', scr: grse(16) }),
  GetBlockedListRequest: primitive(messaging.GetBlockedListRequest, { from: 'client', answer: 'GetBlockedListResponse', service: 'messaging', agreed: 'GLBLU', clause: '9.3.1', scr: imse(11) }),
  GetBlockedListResponse: primitive(messaging.GetBlockedListResponse, { from: 'server', answer: null, reply: true, service: 'messaging', agreed: 'GLBLU', clause: '9.3.1', scr: imse(11) }),
  BlockEntityRequest: primitive(messaging.BlockEntityRequest, { from: 'client', service: 'messaging', agreed: 'BLENT', clause: '9.3.1', scr: imse(12) }),

  // groups
  CreateGroupRequest: primitive(groups.CreateGroupRequest, { from: 'client', service: 'groups', agreed: 'CREAG', clause: '10.2', scr: grse(1, 15) }),
  DeleteGroupRequest: primitive(groups.DeleteGroupRequest, { from: 'client', service: 'groups', agreed: 'DELGR', clause: '10.3', scr: grse(2) }),
  JoinGroupRequest: primitive(groups.JoinGroupRequest, { from: 'client', answer: 'JoinGroupResponse', service: 'groups', agreed: 'GroupFeat', clause: '10.4', scr: [...grse(11), ...joing(1, 2, 3)] }),
  JoinGroupResponse: primitive(groups.JoinGroupResponse, { from: 'server', answer: null, reply: true, service: 'groups', agreed: 'GroupFeat', clause: '10.4', scr: [...grse(11), ...joing(2, 3)] }),
  LeaveGroupRequest: primitive(groups.LeaveGroupRequest, { from: 'client', answer: 'LeaveGroupResponse', service: 'groups', agreed: 'GroupFeat', clause: '10.5', scr: grse(12) }),
  LeaveGroupResponse: primitive(groups.LeaveGroupResponse, { from: 'server', service: 'groups', agreed: 'GroupFeat', clause: '10.5', scr: grse(12) }),
  GetGroupMembersRequest: primitive(groups.GetGroupMembersRequest, { from: 'client', answer: 'GetGroupMembersResponse', service: 'groups', agreed: 'GETGM', clause: '10.6', scr: grse(5) }),
  GetGroupMembersResponse: primitive(groups.GetGroupMembersResponse, { from: 'server', answer: null, reply: true, service: 'groups', agreed: 'GETGM', clause: '10.6', scr: grse(5) }),
  GetJoinedUsersRequest: primitive(groups.GetJoinedUsersRequest, { from: 'client', answer: 'GetJoinedUsersResponse', service: 'groups', agreed: 'GETJU', clause: '10.6', scr: grse(14) }),
  GetJoinedUsersResponse: primitive(groups.GetJoinedUsersResponse, { from: 'server', answer: null, reply: true, service: 'groups', agreed: 'GETJU', clause: '10.6', scr: grse(14) }),
  AddGroupMembersRequest: primitive(groups.AddGroupMembersRequest, { from: 'client', service: 'groups', agreed: 'ADDGM', clause: '10.6', scr: grse(6) }),
  RemoveGroupMembersRequest: primitive(groups.RemoveGroupMembersRequest, { from: 'client', service: 'groups', agreed: 'RMVGM', clause: '10.6', scr: grse(7) }),
  MemberAccessRequest: primitive(groups.MemberAccessRequest, { from: 'client', service: 'groups', agreed: 'MBRAC', clause: '10.6', scr: grse(8) }),
  GetGroupPropsRequest: primitive(groups.GetGroupPropsRequest, { from: 'client', answer: 'GetGroupPropsResponse', service: 'groups', agreed: 'GETGP', clause: '10.7', scr: grse(3, 15) }),
  GetGroupPropsResponse: primitive(groups.GetGroupPropsResponse, { from: 'server', answer: null, reply: true, service: 'groups', agreed: 'GETGP', clause: '10.7', scr: grse(3, 15) }),
  SetGroupPropsRequest: primitive(groups.SetGroupPropsRequest, { from: 'client', service: 'groups', agreed: 'SETGP', clause: '10.7', scr: grse(4, 15) }),
  RejectListRequest: primitive(groups.RejectListRequest, { from: 'client', answer: 'RejectListResponse', service: 'groups', agreed: 'REJEC', clause: '10.8', scr: grse(13) }),
  RejectListResponse: primitive(groups.RejectListResponse, { from: 'server', answer: null, reply: true, service: 'groups', agreed: 'REJEC', clause: '10.8', scr: grse(13) }),
  SubscribeGroupNoticeRequest: primitive(groups.SubscribeGroupNoticeRequest, { from: 'client', answer: 'SubscribeGroupNoticeResponse', service: 'groups', agreed: 'SUBGCN', clause: '10.9', scr: grse(9) }),
  SubscribeGroupNoticeResponse: primitive(groups.SubscribeGroupNoticeResponse, { from: 'server', answer: null, reply: true, service: 'groups', agreed: 'SUBGCN', clause: '10.9', scr: grse(9) }),
  GroupChangeNotice: primitive(groups.GroupChangeNotice, { from: 'server', service: 'groups', agreed: 'GRCHN', clause: '10.9', scr: grse(10) }),
} as const

export type PrimitiveName = keyof typeof catalogue
export type Body<N extends PrimitiveName> = Value<(typeof catalogue)[N]['element']>
export type BodyInput<N extends PrimitiveName> = Input<(typeof catalogue)[N]['element']>
/** A primitive as it was read. */
export type Primitive = { [N in PrimitiveName]: { readonly name: N; readonly body: Body<N> } }[PrimitiveName]
/** A primitive to be written: lists may be left out. */
export type PrimitiveInput = { [N in PrimitiveName]: { readonly name: N; readonly body: BodyInput<N> } }[PrimitiveName]

/** The primitive that answers this one where all goes well: Status where there is no special one. */
export type AnswerTo<N extends PrimitiveName> = (typeof catalogue)[N] extends { readonly answer: infer A }
  ? A extends PrimitiveName
    ? A
    : undefined extends A
      ? 'Status'
      : never
  : 'Status'

type Originated<From> = {
  [N in PrimitiveName]: (typeof catalogue)[N] extends { reply: true }
    ? never
    : (typeof catalogue)[N]['from'] extends From
      ? N
      : never
}[PrimitiveName]
/** What a client may send as a request, or of its own accord. */
export type ClientRequest = Originated<'client' | 'both'>
/** What a server may send of its own accord. */
export type ServerRequest = Originated<'server' | 'both'>
