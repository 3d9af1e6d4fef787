import { leaf, list, many, node, one, optional, some, type Value } from './kit.ts'

/** What several areas of the language use: addresses, people, results, properties, content. */

export const URL = leaf('string', 'URL', 0x00, 0x37)
export const MSISDN = leaf('string', 'MSISDN', 0x00, 0x1d)
export const UserID = leaf('string', 'UserID', 0x00, 0x3a)
export const GroupID = leaf('string', 'GroupID', 0x00, 0x16)
export const ApplicationID = leaf('string', 'ApplicationID', 0x09, 0x1e, { since: '1.3' })
export const FriendlyName = leaf('string', 'FriendlyName', 0x09, 0x18, { since: '1.3' })
export const Domain = leaf('string', 'Domain', 0x09, 0x06, { since: '1.2' })
export const MessageID = leaf('string', 'MessageID', 0x00, 0x1b)
/** In spite of its name the ID of a contact list (CSP 5.3.5). */
export const ContactList = leaf('string', 'ContactList', 0x00, 0x0c)

/** Client-ID (CSP 5.3.7). COMPAT: the AOSP client has also been seen to write the address without URL around it. */
export const ClientID = node(
  'ClientID',
  0x00,
  0x0a,
  { url: optional(URL), msisdn: optional(MSISDN) },
  { bareText: 'url' },
)
export interface ClientID extends Value<typeof ClientID> {}

export const User = node(
  'User',
  0x00,
  0x39,
  {
    userId: one(UserID),
    friendlyName: optional(FriendlyName, { since: '1.3' }),
    applicationId: optional(ApplicationID, { since: '1.3' }),
    clientId: optional(ClientID),
  },
  { either: [['applicationId'], ['clientId']], eitherOptional: true },
)
export interface User extends Value<typeof User> {}

export const SName = leaf('string', 'SName', 0x00, 0x08)
export const ScreenName = node('ScreenName', 0x00, 0x2b, { name: one(SName), groupId: one(GroupID) })
export interface ScreenName extends Value<typeof ScreenName> {}

export const Group = node(
  'Group',
  0x00,
  0x15,
  { groupId: optional(GroupID), screenName: optional(ScreenName) },
  { either: [['groupId'], ['screenName']] },
)
export interface Group extends Value<typeof Group> {}

export const Sender = node(
  'Sender',
  0x00,
  0x2c,
  { user: optional(User), group: optional(Group) },
  { either: [['user'], ['group']] },
)
export interface Sender extends Value<typeof Sender> {}

export const Recipient = node('Recipient', 0x00, 0x27, {
  users: many(User),
  groups: many(Group),
  contactLists: many(ContactList),
})
export interface Recipient extends Value<typeof Recipient> {}

export const UserList = node('UserList', 0x00, 0x3b, { users: many(User), screenNames: many(ScreenName) })
export interface UserList extends Value<typeof UserList> {}

export const UserIDList = list('UserIDList', 0x09, 0x3f, many(UserID), { since: '1.3' })
export const ContactListIDList = list('ContactListIDList', 0x0b, 0x07, many(ContactList), { since: '1.3' })
export const GroupList = list('GroupList', 0x00, 0x17, some(GroupID))
export const URLList = list('URLList', 0x00, 0x38, some(URL))

/** What the older versions wrote as `User` elements and 1.3 writes as a list of IDs. */
export const idsOfUsers = (users: readonly User[]): string[] => users.map(user => user.userId)
export const usersOfIds = (ids: readonly string[]): { userId: string }[] => ids.map(userId => ({ userId }))

/** Entities of a block, grant or reject list (CSP 9.3.1, 10.8). */
const entities = (name: string, token: number) =>
  node(name, 0x00, token, {
    userIds: many(UserID),
    screenNames: many(ScreenName),
    groupIds: many(GroupID),
    contactLists: many(ContactList, { since: '1.3' }),
    applicationIds: many(ApplicationID, { since: '1.3' }),
  })
export const EntityList = entities('EntityList', 0x14)
export const AddList = entities('AddList', 0x06)
export const RemoveList = entities('RemoveList', 0x28)
export interface EntityList extends Value<typeof EntityList> {}

export const BlockListInUse = leaf('bool', 'BlockListInUse', 0x0b, 0x06, { since: '1.3' })
export const GrantListInUse = leaf('bool', 'GrantListInUse', 0x0b, 0x05, { since: '1.3' })
/** Whether an attribute list is the one for everybody without a list of their own (CSP 8.2.2). */
export const DefaultList = leaf('bool', 'DefaultList', 0x04, 0x0b)

/** Name as free text, and as the name of a property, for which value tokens exist: one element, two vocabularies. */
export const Name = leaf('string', 'Name', 0x00, 0x1e)
export const PropertyName = leaf('token', 'Name', 0x00, 0x1e)
export const PropertyValue = leaf('token', 'Value', 0x00, 0x3d)
export const Property = node(
  'Property',
  0x00,
  0x25,
  { name: one(PropertyName), value: optional(PropertyValue) },
  {
    reshape: {
      until: '1.3',
      // One name has two spellings: the token means AccessType, while clients write and expect Accesstype.
      up: property => (property.name === 'AccessType' ? { ...property, name: 'Accesstype' } : property),
      down: property => property,
    },
  },
)
export interface Property extends Value<typeof Property> {}

/** A MIME type; without it text/plain is meant (CSP 9.2). */
export const ContentType = leaf('token', 'ContentType', 0x00, 0x10)
export const ContentEncoding = leaf('token', 'ContentEncoding', 0x00, 0x0e)
/** Length in characters after encoding (CSP 9.2). */
export const ContentSize = leaf('int', 'ContentSize', 0x00, 0x0f)
export const ContentData = leaf('content', 'ContentData', 0x00, 0x0d)
export const WelcomeNote = node('WelcomeNote', 0x07, 0x20, {
  contentType: one(ContentType),
  contentEncoding: optional(ContentEncoding),
  contentData: one(ContentData),
})
export interface WelcomeNote extends Value<typeof WelcomeNote> {}

/** Seconds in messages and invitations (CSP 5.6.4.2, 7.5.3). The group property of that name is in minutes. */
export const Validity = leaf('int', 'Validity', 0x00, 0x3c)
export const Description = leaf('string', 'Description', 0x00, 0x12)
/** Whether the members of a group ask for change notices as they join (CSP 10.4). */
export const SubscribeNotification = leaf('bool', 'SubscribeNotification', 0x07, 0x22)
export const Acceptance = leaf('bool', 'Acceptance', 0x00, 0x05)
export const ResponseNote = leaf('string', 'ResponseNote', 0x01, 0x23)
export const AcceptedContentLength = leaf('int', 'AcceptedContentLength', 0x03, 0x06, { until: '1.2' })

/** A search field (CSP 7.4.1, table 41); AUTOJOIN since 1.2, those of the public profile since 1.3. */
export const SearchElement = leaf('token', 'SearchElement', 0x01, 0x24, {
  values: [
    ...['USER_ID', 'USER_FIRST_NAME', 'USER_LAST_NAME', 'USER_EMAIL_ADDRESS', 'USER_ALIAS', 'USER_ONLINE_STATUS'],
    ...['USER_MOBILE_NUMBER', 'GROUP_ID', 'GROUP_NAME', 'GROUP_TOPIC', 'GROUP_USER_ID_JOINED', 'GROUP_USER_ID_OWNER'],
    ...['GROUP_USER_ID_AUTOJOIN', 'USER_AGE_MIN', 'USER_AGE_MAX', 'USER_COUNTRY', 'USER_FRIENDLY_NAME', 'USER_CITY'],
    ...['USER_GENDER', 'USER_INTENTION', 'USER_INTERESTS_HOBBIES', 'USER_MARITAL_STATUS'],
  ],
})

// System messages (CSP 7.1) travel in every Result, therefore they stand here.
export const SystemMessageID = leaf('string', 'SystemMessageID', 0x09, 0x2a, { since: '1.3' })
export const SystemMessageText = leaf('string', 'SystemMessageText', 0x09, 0x2f, { since: '1.3' })
export const RequiresResponse = leaf('bool', 'RequiresResponse', 0x09, 0x38, { since: '1.3' })
export const InText = leaf('string', 'InText', 0x09, 0x24, { since: '1.3' })
/** The text a person must repeat to prove to be one, here or as a picture somewhere else. */
export const VerificationMechanism = node(
  'VerificationMechanism',
  0x09,
  0x33,
  { inText: optional(InText), url: optional(URL) },
  { since: '1.3', either: [['inText'], ['url']] },
)
export const AnswerOptionID = leaf('int', 'AnswerOptionID', 0x09, 0x1c, { since: '1.3' })
/** In 1.2 this token was ReactiveAuthState. */
export const AnswerOptionText = leaf('string', 'AnswerOptionText', 0x09, 0x0b, { since: '1.3' })
export const AnswerOption = node(
  'AnswerOption',
  0x09,
  0x1b,
  { answerOptionId: one(AnswerOptionID), answerOptionText: one(AnswerOptionText) },
  { since: '1.3' },
)
export const AnswerOptionsText = leaf('string', 'AnswerOptionsText', 0x0b, 0x08, { since: '1.3' })
export const AnswerOptions = node(
  'AnswerOptions',
  0x09,
  0x1d,
  { answerOptionsText: optional(AnswerOptionsText), answerOptions: some(AnswerOption) },
  { since: '1.3' },
)
export const SystemMessage = node(
  'SystemMessage',
  0x09,
  0x29,
  {
    systemMessageId: one(SystemMessageID),
    requiresResponse: optional(RequiresResponse),
    systemMessageText: optional(SystemMessageText),
    answerOptions: optional(AnswerOptions),
    verificationMechanism: optional(VerificationMechanism),
  },
  { since: '1.3' },
)
export interface SystemMessage extends Value<typeof SystemMessage> {}
export const SystemMessageList = list('SystemMessageList', 0x09, 0x2b, some(SystemMessage), { since: '1.3' })

export const ChosenOptionID = leaf('int', 'ChosenOptionID', 0x09, 0x20, { since: '1.3' })
export const VerificationKey = leaf('string', 'VerificationKey', 0x09, 0x32, { since: '1.3' })
export const SystemMessageResponse = node(
  'SystemMessageResponse',
  0x09,
  0x2c,
  {
    systemMessageId: one(SystemMessageID),
    chosenOptionId: optional(ChosenOptionID),
    verificationKey: optional(VerificationKey),
  },
  { since: '1.3' },
)
export const SystemMessageResponseList = list('SystemMessageResponseList', 0x09, 0x2d, some(SystemMessageResponse), {
  since: '1.3',
})

/** A status code of CSP 11. */
export const Code = leaf('int', 'Code', 0x00, 0x0b)
/** Seconds. */
export const TryAgainTimeout = leaf('int', 'TryAgainTimeout', 0x09, 0x30, { since: '1.3' })
export const DetailedResult = node(
  'DetailedResult',
  0x00,
  0x13,
  {
    code: one(Code),
    description: optional(Description),
    searchElements: many(SearchElement, { since: '1.3' }),
    userIds: many(UserID),
    groupIds: many(GroupID),
    screenNames: many(ScreenName),
    messageIds: many(MessageID, { since: '1.2' }),
    contactLists: many(ContactList, { since: '1.2' }),
    domains: many(Domain, { since: '1.2' }),
  },
  {
    either: [['searchElements'], ['userIds', 'groupIds', 'screenNames', 'messageIds', 'contactLists', 'domains']],
    eitherOptional: true,
  },
)
export interface DetailedResult extends Value<typeof DetailedResult> {}

export const Result = node('Result', 0x00, 0x2a, {
  code: one(Code),
  description: optional(Description),
  details: many(DetailedResult),
  systemMessages: optional(SystemMessageList, { since: '1.3' }),
  tryAgainTimeout: optional(TryAgainTimeout, { since: '1.3' }),
})
export interface Result extends Value<typeof Result> {}

export const Status = node('Status', 0x00, 0x31, { result: one(Result), clientId: optional(ClientID) })
export interface Status extends Value<typeof Status> {}
