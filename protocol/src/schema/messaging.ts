import {
  AcceptedContentLength,
  AddList,
  BlockListInUse,
  ClientID,
  ContentData,
  ContentEncoding,
  ContentSize,
  ContentType,
  EntityList,
  GrantListInUse,
  GroupID,
  MessageID,
  Recipient,
  RemoveList,
  ResponseNote,
  Result,
  ScreenName,
  Sender,
  SubscribeNotification,
  UserID,
  UserIDList,
  Validity,
  WelcomeNote,
} from './common.ts'
import { former, leaf, list, many, node, one, optional, type Reshape, some, type Value, was } from './kit.ts'

/** Instant messaging (CSP 9). */

export const MessageURI = leaf('string', 'MessageURI', 0x00, 0x1c)
export const DateTime = leaf('date', 'DateTime', 0x00, 0x11)
export const ContentName = leaf('string', 'ContentName', 0x09, 0x14, { since: '1.3' })
export const ExtBlockETEM = leaf('extension', 'ExtBlockETEM', 0x09, 0x39, { since: '1.3' })

export const Size = leaf('token', 'Size', 0x09, 0x11, {
  since: '1.3',
  values: ['Tiny', 'Small', 'Medium', 'Big', 'Huge'],
})
export const Style = leaf('token', 'Style', 0x09, 0x12, { since: '1.3', values: ['Bold', 'Italic', 'Underline'] })
export const Color = leaf('token', 'Color', 0x09, 0x13, {
  since: '1.3',
  values: [
    ...['Black', 'Silver', 'Gray', 'White', 'Maroon', 'Red', 'Purple', 'Fuchsia'],
    ...['Green', 'Lime', 'Olive', 'Yellow', 'Navy', 'Blue', 'Teal', 'Aqua'],
  ],
})
export const Font = node(
  'Font',
  0x09,
  0x10,
  { size: optional(Size), styles: many(Style), color: optional(Color) },
  { since: '1.3' },
)

/** CSP 9.2. */
export const MessageInfo = node('MessageInfo', 0x06, 0x13, {
  messageId: optional(MessageID),
  messageUri: optional(MessageURI),
  contentType: optional(ContentType),
  contentEncoding: optional(ContentEncoding),
  contentSize: optional(ContentSize),
  contentName: optional(ContentName, { since: '1.3' }),
  recipient: one(Recipient),
  sender: one(Sender),
  dateTime: optional(DateTime),
  font: optional(Font, { since: '1.3' }),
  validity: optional(Validity),
  extBlockEtems: many(ExtBlockETEM, { since: '1.3' }),
})
export interface MessageInfo extends Value<typeof MessageInfo> {}
export const MessageInfoList = list('MessageInfoList', 0x06, 0x20, many(MessageInfo), { since: '1.3' })

export const DeliveryReport = leaf('bool', 'DeliveryReport', 0x06, 0x08)
export const SendMessageRequest = node('SendMessage-Request', 0x06, 0x17, {
  // COMPAT: mandatory since 1.2 only; clients of 1.1 leave it out.
  deliveryReport: optional(DeliveryReport),
  messageInfo: one(MessageInfo),
  contentData: optional(ContentData),
})
export interface SendMessageRequest extends Value<typeof SendMessageRequest> {}

export const SendMessageResponse = node('SendMessage-Response', 0x06, 0x18, {
  result: one(Result),
  messageId: optional(MessageID),
})
export interface SendMessageResponse extends Value<typeof SendMessageResponse> {}

/** P: push, N: notify and get (CSP 5.6.4.1). */
export const DeliveryMethod = leaf('token', 'DeliveryMethod', 0x06, 0x07, { values: ['P', 'N'] })
export const GroupContentLimit = leaf('int', 'GroupContentLimit', 0x09, 0x3a, { since: '1.3' })
export const SetDeliveryMethodRequest = node(
  'SetDeliveryMethod-Request',
  0x06,
  0x19,
  {
    deliveryMethod: one(DeliveryMethod),
    groupId: optional(GroupID),
    groupContentLimit: was(
      optional(GroupContentLimit),
      '1.2',
      AcceptedContentLength,
      ([length]) => length!,
      limit => [limit],
    ),
  },
  { order: { '1.2': ['deliveryMethod', 'groupContentLimit', 'groupId'] } },
)
export interface SetDeliveryMethodRequest extends Value<typeof SetDeliveryMethodRequest> {}

export const MessageCount = leaf('int', 'MessageCount', 0x00, 0x1a)
export const GetMessageListRequest = node('GetMessageList-Request', 0x06, 0x0d, {
  groupId: optional(GroupID),
  messageCount: optional(MessageCount),
})
export interface GetMessageListRequest extends Value<typeof GetMessageListRequest> {}

export const MessageTotalCount = leaf('int', 'MessageTotalCount', 0x09, 0x3b, { since: '1.3' })
export const GetMessageListResponse = node('GetMessageList-Response', 0x06, 0x0e, {
  messageInfos: was(
    optional(MessageInfoList),
    '1.2',
    MessageInfo,
    infos => infos,
    infos => infos,
  ),
  messageTotalCount: optional(MessageTotalCount, { since: '1.3' }),
})
export interface GetMessageListResponse extends Value<typeof GetMessageListResponse> {}

export const RejectMessageRequest = node('RejectMessage-Request', 0x06, 0x16, { messageIds: some(MessageID) })
export interface RejectMessageRequest extends Value<typeof RejectMessageRequest> {}

export const NewMessage = node('NewMessage', 0x06, 0x15, {
  messageInfo: one(MessageInfo),
  contentData: optional(ContentData),
})
export interface NewMessage extends Value<typeof NewMessage> {}

/** Answers NewMessage, and follows a GetMessage-Response as a request of its own (CSP 9.1.5.3, table 97). */
export const MessageDelivered = node('MessageDelivered', 0x06, 0x12, { messageId: one(MessageID) })
export interface MessageDelivered extends Value<typeof MessageDelivered> {}

export const MessageNotification = node('MessageNotification', 0x06, 0x14, { messageInfo: one(MessageInfo) })
export interface MessageNotification extends Value<typeof MessageNotification> {}

export const GetMessageRequest = node('GetMessage-Request', 0x06, 0x0f, { messageId: one(MessageID) })
export interface GetMessageRequest extends Value<typeof GetMessageRequest> {}

export const GetMessageResponse = node('GetMessage-Response', 0x06, 0x10, {
  messageInfo: one(MessageInfo),
  contentData: optional(ContentData),
})
export interface GetMessageResponse extends Value<typeof GetMessageResponse> {}

export const DeliveryTime = leaf('date', 'DeliveryTime', 0x06, 0x1a)
export const DeliveryReportRequest = node('DeliveryReport-Request', 0x06, 0x09, {
  result: one(Result),
  deliveryTime: optional(DeliveryTime),
  messageInfo: one(MessageInfo),
})
export interface DeliveryReportRequest extends Value<typeof DeliveryReportRequest> {}

export const ForwardMessageRequest = node('ForwardMessage-Request', 0x06, 0x0a, {
  messageId: one(MessageID),
  // Mandatory in 1.3, unknown before.
  sender: optional(Sender, { since: '1.3' }),
  recipient: one(Recipient),
})
export interface ForwardMessageRequest extends Value<typeof ForwardMessageRequest> {}

export const ForwardMessageResponse = node(
  'ForwardMessage-Response',
  0x06,
  0x21,
  { messageId: one(MessageID) },
  { since: '1.3' },
)
export interface ForwardMessageResponse extends Value<typeof ForwardMessageResponse> {}

export const ExtendConversationID = leaf('string', 'ExtendConversationID', 0x09, 0x36, { since: '1.3' })
export const ExtendConversationUser = node(
  'ExtendConversationUser',
  0x09,
  0x23,
  { userId: one(UserID), clientId: optional(ClientID) },
  { since: '1.3' },
)
export const ExtendConversationRequest = node(
  'ExtendConversation-Request',
  0x0a,
  0x12,
  {
    extendConversationId: one(ExtendConversationID),
    userIds: one(UserIDList),
    extendConversationUser: one(ExtendConversationUser),
    subscribeNotification: one(SubscribeNotification),
    welcomeNote: optional(WelcomeNote),
    screenName: one(ScreenName),
  },
  { since: '1.3' },
)
export interface ExtendConversationRequest extends Value<typeof ExtendConversationRequest> {}

export const ExtendConversationResponse = node(
  'ExtendConversation-Response',
  0x0a,
  0x11,
  {
    extendConversationId: one(ExtendConversationID),
    groupId: one(GroupID),
    responseNote: optional(ResponseNote),
    result: one(Result),
  },
  { since: '1.3' },
)
export interface ExtendConversationResponse extends Value<typeof ExtendConversationResponse> {}

/** Until 1.2 whether a list is in use is said inside it, since 1.3 beside it (CSP 9.3.1). */
export const InUse = leaf('bool', 'InUse', 0x00, 0x18, { until: '1.2' })
const accessList = (name: string, token: number) =>
  node(
    name,
    0x06,
    token,
    {
      inUse: former(optional(InUse, { until: '1.2' })),
      entityList: optional(EntityList),
      addList: optional(AddList),
      removeList: optional(RemoveList),
    },
    { either: [['entityList'], ['addList', 'removeList']], eitherOptional: true },
  )
export const BlockList = accessList('BlockList', 0x05)
export const GrantList = accessList('GrantList', 0x11)
export interface AccessList extends Value<typeof BlockList> {}

interface AccessLists {
  readonly blockList?: (AccessList & { readonly inUse?: boolean | undefined }) | undefined
  readonly blockListInUse?: boolean | undefined
  readonly grantList?: (AccessList & { readonly inUse?: boolean | undefined }) | undefined
  readonly grantListInUse?: boolean | undefined
}
const usage: Reshape = {
  until: '1.2',
  up: ({ blockList, grantList, ...lists }: AccessLists): AccessLists => {
    const { inUse: blocking, ...block } = blockList ?? {}
    const { inUse: granting, ...grant } = grantList ?? {}
    return {
      blockList: blockList && (block as AccessList),
      blockListInUse: lists.blockListInUse ?? blocking,
      grantList: grantList && (grant as AccessList),
      grantListInUse: lists.grantListInUse ?? granting,
    }
  },
  down: ({ blockList, blockListInUse, grantList, grantListInUse }: AccessLists): AccessLists => ({
    blockList: blockListInUse === undefined ? blockList : ({ ...blockList, inUse: blockListInUse } as AccessList),
    grantList: grantListInUse === undefined ? grantList : ({ ...grantList, inUse: grantListInUse } as AccessList),
  }),
}

export const GetBlockedListRequest = node('GetBlockedList-Request', 0x06, 0x0b, {})
export interface GetBlockedListRequest extends Value<typeof GetBlockedListRequest> {}

export const GetBlockedListResponse = node(
  'GetBlockedList-Response',
  0x06,
  0x0c,
  {
    blockList: optional(BlockList),
    blockListInUse: optional(BlockListInUse, { since: '1.3' }),
    grantList: optional(GrantList),
    grantListInUse: optional(GrantListInUse, { since: '1.3' }),
  },
  { reshape: usage },
)
export interface GetBlockedListResponse extends Value<typeof GetBlockedListResponse> {}

export const BlockEntityRequest = node(
  'BlockEntity-Request',
  0x06,
  0x06,
  {
    blockList: optional(BlockList),
    blockListInUse: optional(BlockListInUse, { since: '1.3' }),
    grantList: optional(GrantList),
    grantListInUse: optional(GrantListInUse, { since: '1.3' }),
  },
  { was: { '1.1': 'BlockUser-Request' }, reshape: usage },
)
export interface BlockEntityRequest extends Value<typeof BlockEntityRequest> {}
