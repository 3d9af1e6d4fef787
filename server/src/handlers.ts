import { type ClientRequest, refuse } from '@village/protocol'
import { clientCapability } from './services/access/client-capability.ts'
import { dropSegment } from './services/access/drop-segment.ts'
import { extended } from './services/access/extended.ts'
import { getSegment } from './services/access/get-segment.ts'
import { getSPInfo } from './services/access/get-sp-info.ts'
import { keepAlive, refusedKeepAlive } from './services/access/keep-alive.ts'
import { login, notedLogin, refusedLogin } from './services/access/login.ts'
import { logout } from './services/access/logout.ts'
import { service } from './services/access/service.ts'
import { subscribeNotification } from './services/access/subscribe-notification.ts'
import { systemMessageUser } from './services/access/system-message-user.ts'
import { unsubscribeNotification } from './services/access/unsubscribe-notification.ts'
import { versionDiscovery } from './services/access/version-discovery.ts'
import type { Handler, OutbandHandler, Row } from './services/context.ts'
import { blockEntity } from './services/messaging/block-entity.ts'
import { forwardMessage } from './services/messaging/forward-message.ts'
import { getBlockedList } from './services/messaging/get-blocked-list.ts'
import { getMessage } from './services/messaging/get-message.ts'
import { getMessageList } from './services/messaging/get-message-list.ts'
import { messageDelivered } from './services/messaging/message-delivered.ts'
import { rejectMessage } from './services/messaging/reject-message.ts'
import { sendMessage } from './services/messaging/send-message.ts'
import { setDeliveryMethod } from './services/messaging/set-delivery-method.ts'
import { cancelAuth } from './services/presence/cancel-auth.ts'
import { createAttributeList } from './services/presence/create-attribute-list.ts'
import { createList } from './services/presence/create-list.ts'
import { deleteAttributeList } from './services/presence/delete-attribute-list.ts'
import { deleteList } from './services/presence/delete-list.ts'
import { getAttributeList } from './services/presence/get-attribute-list.ts'
import { getList } from './services/presence/get-list.ts'
import { getPresence } from './services/presence/get-presence.ts'
import { getReactiveAuthStatus } from './services/presence/get-reactive-auth-status.ts'
import { getWatcherList } from './services/presence/get-watcher-list.ts'
import { listManage } from './services/presence/list-manage.ts'
import { presenceAuthUser } from './services/presence/presence-auth-user.ts'
import { subscribePresence } from './services/presence/subscribe-presence.ts'
import { unsubscribePresence } from './services/presence/unsubscribe-presence.ts'
import { updatePresence } from './services/presence/update-presence.ts'

interface RowOf<N extends ClientRequest> extends Row {
  /** Type only: keeps a handler from standing in another primitive's row. */
  readonly handles?: N
}

/** Polls are answered by the session engine itself (CSP 6.2). */
type Handled = Exclude<ClientRequest, 'PollingRequest'>

export type Handlers = { readonly [N in Handled]: RowOf<N> }

type Extras = Pick<Row, 'refused' | 'noted'>
const within = <N extends Handled>(handle: Handler<N>, extras?: Extras): RowOf<N> => ({ handle, ...extras })
const outband = <N extends Handled>(handle: OutbandHandler<N>, extras?: Extras): RowOf<N> => ({
  ...within(handle as Handler<N>, extras),
  outband: true,
})

/** Known, and not offered by this server: 405 (CSP 11.3.6), whatever was agreed. */
const notOffered: RowOf<any> = { handle: async () => refuse('ServiceNotSupported') }

/** One row for every primitive that a client may send; a missing one does not compile. */
// biome-ignore format: a table, one line a primitive
export const handlers: Handlers = {
  // access
  LoginRequest: outband(login, { refused: refusedLogin, noted: notedLogin }),
  LogoutRequest: within(logout, { noted: () => 'Logged out' }),
  KeepAliveRequest: within(keepAlive, { refused: refusedKeepAlive }),
  ServiceRequest: within(service),
  ClientCapabilityRequest: within(clientCapability),
  VersionDiscoveryRequest: outband(versionDiscovery),
  GetSPInfoRequest: outband(getSPInfo),
  GetSegmentRequest: within(getSegment),
  DropSegmentRequest: within(dropSegment),
  SystemMessageUser: within(systemMessageUser),
  SubscribeNotificationRequest: within(subscribeNotification),
  UnsubscribeNotificationRequest: within(unsubscribeNotification),
  GetPublicProfileRequest: notOffered,
  UpdatePublicProfileRequest: notOffered,
  SearchRequest: notOffered,
  StopSearchRequest: notOffered,
  InviteRequest: notOffered,
  InviteUserResponse: notOffered,
  CancelInviteRequest: notOffered,
  GetMapRequest: notOffered,
  VerifyIDRequest: notOffered,
  ExtendedRequest: within(extended),

  // presence
  GetListRequest: within(getList),
  CreateListRequest: within(createList),
  DeleteListRequest: within(deleteList),
  ListManageRequest: within(listManage),
  CreateAttributeListRequest: within(createAttributeList),
  DeleteAttributeListRequest: within(deleteAttributeList),
  GetAttributeListRequest: within(getAttributeList),
  SubscribePresenceRequest: within(subscribePresence),
  UnsubscribePresenceRequest: within(unsubscribePresence),
  GetWatcherListRequest: within(getWatcherList),
  GetPresenceRequest: within(getPresence),
  UpdatePresenceRequest: within(updatePresence),
  PresenceAuthUser: within(presenceAuthUser),
  CancelAuthRequest: within(cancelAuth),
  GetReactiveAuthStatusRequest: within(getReactiveAuthStatus),

  // messaging
  SendMessageRequest: within(sendMessage),
  MessageDelivered: within(messageDelivered),
  SetDeliveryMethodRequest: within(setDeliveryMethod),
  GetMessageListRequest: within(getMessageList),
  GetMessageRequest: within(getMessage),
  RejectMessageRequest: within(rejectMessage),
  ForwardMessageRequest: within(forwardMessage),
  ExtendConversationRequest: notOffered,
  GetBlockedListRequest: within(getBlockedList),
  BlockEntityRequest: within(blockEntity),

  // groups
  CreateGroupRequest: notOffered,
  DeleteGroupRequest: notOffered,
  JoinGroupRequest: notOffered,
  LeaveGroupRequest: notOffered,
  GetGroupMembersRequest: notOffered,
  GetJoinedUsersRequest: notOffered,
  AddGroupMembersRequest: notOffered,
  RemoveGroupMembersRequest: notOffered,
  MemberAccessRequest: notOffered,
  GetGroupPropsRequest: notOffered,
  SetGroupPropsRequest: notOffered,
  RejectListRequest: notOffered,
  SubscribeGroupNoticeRequest: notOffered,
}
