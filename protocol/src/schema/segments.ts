import { PublicProfile } from './access.ts'
import { AddList, ContactListIDList, Property, RemoveList, UserIDList, UserList } from './common.ts'
import { TransactionID } from './envelope.ts'
import { Admin, AdminMapList, Mod, UserMapList } from './groups.ts'
import { leaf, many, node, one, optional, type Value } from './kit.ts'
import { BlockList, GrantList, MessageInfoList } from './messaging.ts'
import { AddNickList, DefaultAttributeList, NickList, Presence, RemoveNickList, Watcher } from './presence.ts'

/** The segmentation mechanism (CSP 6.10). */

const v13 = { since: '1.3' } as const

export const SegmentReference = leaf('int', 'SegmentReference', 0x09, 0x28, v13)
export const SegmentCount = leaf('int', 'SegmentCount', 0x09, 0x25, v13)
/** The transaction that was split, and the number of the piece from 0. */
export const SegmentID = node(
  'SegmentID',
  0x09,
  0x26,
  { transactionId: one(TransactionID), segmentReference: one(SegmentReference) },
  v13,
)
export interface SegmentID extends Value<typeof SegmentID> {}
/** A part of the transaction descriptor. */
export const SegmentInfo = node(
  'SegmentInfo',
  0x09,
  0x27,
  { segmentCount: one(SegmentCount), segmentId: one(SegmentID) },
  v13,
)
export interface SegmentInfo extends Value<typeof SegmentInfo> {}

export const GetSegmentRequest = node('GetSegment-Request', 0x0a, 0x13, { segmentId: one(SegmentID) }, v13)
export interface GetSegmentRequest extends Value<typeof GetSegmentRequest> {}

/** What CSP 6.10 lets be split, under the names that the lists have in the primitives they were taken from. */
export const SegmentContent = node(
  'SegmentContent',
  0x0a,
  0x18,
  {
    publicProfiles: many(PublicProfile),
    contactLists: optional(ContactListIDList),
    nickList: optional(NickList),
    addNickList: optional(AddNickList),
    removeNickList: optional(RemoveNickList),
    messageInfos: optional(MessageInfoList),
    blockList: optional(BlockList),
    grantList: optional(GrantList),
    adminMapList: optional(AdminMapList),
    userMapList: optional(UserMapList),
    admin: optional(Admin),
    mod: optional(Mod),
    userList: optional(UserList),
    userIds: optional(UserIDList),
    addList: optional(AddList),
    removeList: optional(RemoveList),
    properties: many(Property),
    defaultAttributeList: optional(DefaultAttributeList),
    presences: many(Presence),
    watchers: many(Watcher),
  },
  v13,
)
export interface SegmentContent extends Value<typeof SegmentContent> {}
export const GetSegmentResponse = node(
  'GetSegment-Response',
  0x0a,
  0x14,
  { segmentId: optional(SegmentID), segmentContent: one(SegmentContent) },
  v13,
)
export interface GetSegmentResponse extends Value<typeof GetSegmentResponse> {}

export const DropSegmentRequest = node('DropSegment-Request', 0x0a, 0x10, { segmentId: one(SegmentID) }, v13)
export interface DropSegmentRequest extends Value<typeof DropSegmentRequest> {}
