/**
 * The status codes of CSP chapter 11, in one table.
 *
 * `description` is the text sent in Result/Description when nothing more precise is known. `clause` is where CSP 1.3
 * defines the code. 501 and 760 are missing from chapter 11 but used elsewhere, so they cite the clause that uses them.
 */
export const status = {
  // 1xx: informational, never the end of a transaction (CSP 5.4, 11.1)
  Continue: { code: 100, description: 'Request accepted, still working', clause: '11.1.1' },
  Queued: { code: 101, description: 'Request accepted, waiting to be processed', clause: '11.1.2' },
  Started: { code: 102, description: 'Request accepted, processing has started', clause: '11.1.3' },

  // 2xx: done
  Successful: { code: 200, description: 'Successful', clause: '11.2.1' },
  PartiallySuccessful: { code: 201, description: 'Partially successful', clause: '11.2.2' },
  ExtensionIgnored: { code: 203, description: 'Successful, extension block ignored', clause: '11.2.3' },

  // 4xx: the client's side
  BadRequest: { code: 400, description: 'Bad request', clause: '11.3.1' },
  Unauthorized: { code: 401, description: 'Authorization required', clause: '11.3.2' },
  BadParameter: { code: 402, description: 'Bad parameter', clause: '11.3.3' },
  Forbidden: { code: 403, description: 'Forbidden', clause: '11.3.4' },
  NotFound: { code: 404, description: 'Not found', clause: '11.3.5' },
  ServiceNotSupported: { code: 405, description: 'Service not supported', clause: '11.3.6' },
  RequestTimeout: { code: 408, description: 'Request took too long to arrive', clause: '11.3.7' },
  InvalidPassword: { code: 409, description: 'Invalid password', clause: '11.3.8' },
  UnableToDeliver: { code: 410, description: 'Unable to deliver', clause: '11.3.9' },
  NoSuitableContentType: { code: 411, description: 'No suitable content type', clause: '11.3.10' },
  UnsupportedMediaType: { code: 415, description: 'Unsupported media type', clause: '11.3.11' },
  InvalidTransactionId: { code: 420, description: 'Invalid Transaction-ID', clause: '11.3.12' },
  UserAndClientMismatch: { code: 422, description: 'User-ID and Client-ID do not match', clause: '11.3.13' },
  InvalidInvitationId: { code: 423, description: 'Invalid Invitation-ID', clause: '11.3.14' },
  InvalidSearchId: { code: 424, description: 'Invalid Search-ID', clause: '11.3.15' },
  InvalidSearchIndex: { code: 425, description: 'Invalid Search-Index', clause: '11.3.16' },
  InvalidMessageId: { code: 426, description: 'Invalid Message-ID', clause: '11.3.17' },
  InvalidUserId: { code: 427, description: 'Invalid User-ID', clause: '11.3.18' },
  InvalidClientId: { code: 428, description: 'Invalid Client-ID', clause: '11.3.19' },
  MissingGroupId: { code: 429, description: 'Missing Group-ID', clause: '11.3.20' },
  UnauthorizedGroupMembership: { code: 431, description: 'Not authorized as a group member', clause: '11.3.21' },
  ResponseTooLarge: { code: 432, description: 'Response too large for the client', clause: '11.3.22' },
  InvalidNotificationType: { code: 433, description: 'Invalid notification type', clause: '11.3.23' },
  UnknownSegment: { code: 434, description: 'Unknown segment reference', clause: '11.3.24' },
  SegmentIndexOutOfBounds: { code: 435, description: 'Segment index out of bounds', clause: '11.3.25' },
  SystemMessageResponseRequired: { code: 436, description: 'System Message awaits a response', clause: '11.3.26' },
  UnknownSystemMessageId: { code: 437, description: 'Unknown System Message ID', clause: '11.3.27' },
  IncorrectVerificationKey: { code: 438, description: 'Incorrect verification key', clause: '11.3.28' },
  VerificationMechanismNotSupported: {
    code: 439,
    description: 'Verification mechanism not supported',
    clause: '11.3.29',
  },
  NotificationTypeNotAllowed: { code: 440, description: 'Notification type not allowed', clause: '11.3.30' },
  TooManyCharacters: { code: 441, description: 'Too many characters', clause: '11.3.31' },
  WrongValueType: { code: 442, description: 'Wrong type of value', clause: '11.3.32' },
  MissingApplicationId: { code: 450, description: 'Missing Application-ID', clause: '11.3.33' },
  InvalidApplicationId: { code: 451, description: 'Invalid Application-ID', clause: '11.3.34' },
  ForbiddenApplicationId: { code: 452, description: 'Forbidden Application-ID', clause: '11.3.35' },
  SegmentsDropped: { code: 480, description: 'Segments dropped before delivery', clause: '11.3.36' },
  SegmentsDroppedWithRollback: {
    code: 481,
    description: 'Segments dropped before delivery, transaction rolled back',
    clause: '11.3.37',
  },

  // 5xx: the server's side, and what becomes of messages and searches
  InternalError: { code: 500, description: 'Internal server or network error', clause: '11.4.1' },
  NotImplemented: { code: 501, description: 'Not implemented', clause: '6.1' },
  SessionNotRecovered: { code: 502, description: 'Session could not be recovered', clause: '11.4.2' },
  ServiceUnavailable: { code: 503, description: 'Service unavailable', clause: '11.4.3' },
  Timeout: { code: 504, description: 'Server timeout', clause: '11.4.4' },
  VersionNotSupported: { code: 505, description: 'Version not supported', clause: '11.4.5' },
  ServiceNotAgreed: { code: 506, description: 'Service not agreed', clause: '11.4.6' },
  MessageQueueFull: { code: 507, description: 'Message queue is full', clause: '11.4.7' },
  UnsupportedMessageContext: { code: 508, description: 'Unsupported message context', clause: '11.4.8' },
  RelatedServicesMissing: { code: 509, description: 'Related services are missing', clause: '11.4.9' },
  RelatedCapabilitiesMissing: {
    code: 510,
    description: 'Related client capabilities are missing',
    clause: '11.4.10',
  },
  ApplicationForbidden: { code: 515, description: 'Application is forbidden', clause: '11.4.11' },
  DomainNotSupported: { code: 516, description: 'Domain not supported', clause: '11.4.12' },
  LocationNotSupported: { code: 517, description: 'Location not supported', clause: '11.4.13' },
  UnknownUser: { code: 531, description: 'Unknown user', clause: '11.4.14' },
  RecipientBlocked: { code: 532, description: 'Recipient blocked the sender', clause: '11.4.15' },
  RecipientNotLoggedIn: { code: 533, description: 'Recipient not logged in', clause: '11.4.16' },
  RecipientUnauthorized: { code: 534, description: 'Recipient not authorized', clause: '11.4.17' },
  SearchTimedOut: { code: 535, description: 'Search timed out', clause: '11.4.18' },
  TooManyHits: { code: 536, description: 'Too many hits', clause: '11.4.19' },
  SearchTooBroad: { code: 537, description: 'Search criteria too broad', clause: '11.4.20' },
  MessageRejected: { code: 538, description: 'Message rejected', clause: '11.4.21' },
  MessageCountExceeded: { code: 539, description: 'Message-Count exceeded', clause: '11.4.22' },
  MessageRejectedByLimits: { code: 540, description: 'Message rejected due to limitations', clause: '11.4.23' },
  MessageForwarded: { code: 541, description: 'Message forwarded', clause: '11.4.24' },
  MessageExpired: { code: 542, description: 'Message expired', clause: '11.4.25' },
  NoMatchingDigestSchema: { code: 543, description: 'No matching digest schema', clause: '11.4.26' },
  TooManyCriteriaElements: {
    code: 544,
    description: 'Too many elements in the advanced criteria',
    clause: '11.4.27',
  },
  CriteriaNestedTooDeep: { code: 545, description: 'Advanced criteria nested too deep', clause: '11.4.28' },
  MessageExceedsLimits: {
    code: 546,
    description: 'Message exceeds the limits of the client',
    clause: '11.4.29',
  },
  WildcardsNotAllowed: { code: 547, description: 'Wildcard characters not allowed', clause: '11.4.30' },
  WildcardTooComplicated: { code: 548, description: 'Wildcard expression too complicated', clause: '11.4.31' },
  HeaderEncodingNotSupported: { code: 550, description: 'Header encoding not supported', clause: '11.4.32' },
  UnsupportedSearchElementRequested: {
    code: 560,
    description: 'An unsupported search element was requested',
    clause: '11.4.33',
  },
  SupportedSearchElement: { code: 561, description: 'Supported search element', clause: '11.4.34' },
  UnsupportedSearchElement: { code: 562, description: 'Unsupported search element', clause: '11.4.35' },

  // 6xx: sessions
  SessionExpired: { code: 600, description: 'Session expired', clause: '11.5.1' },
  ForcedLogout: { code: 601, description: 'Forced logout', clause: '11.5.2' },
  InvalidSession: { code: 604, description: 'Invalid session, not logged in', clause: '11.5.3' },
  NewValueNotAccepted: { code: 605, description: 'New value not accepted', clause: '11.5.4' },
  SomeServicesNotAvailable: { code: 606, description: 'Some services are not available', clause: '11.5.5' },
  TooManyWrongSystemMessageReplies: {
    code: 607,
    description: 'Too many wrong replies to System Messages',
    clause: '11.5.6',
  },
  ClientIdNotUnique: { code: 608, description: 'Client-ID is not unique', clause: '11.5.7' },
  SessionLimitReached: { code: 610, description: 'User has too many sessions', clause: '11.5.8' },

  // 7xx: presence and contact lists
  ContactListDoesNotExist: { code: 700, description: 'Contact list does not exist', clause: '11.6.1' },
  ContactListAlreadyExists: { code: 701, description: 'Contact list already exists', clause: '11.6.2' },
  InvalidUserProperties: { code: 702, description: 'Invalid or unsupported user properties', clause: '11.6.3' },
  ContactListEmpty: { code: 703, description: 'Contact list is empty', clause: '11.6.4' },
  InvalidPresenceAttribute: {
    code: 750,
    description: 'Invalid or unsupported presence attribute',
    clause: '11.6.5',
  },
  InvalidPresenceValue: { code: 751, description: 'Invalid or unsupported presence value', clause: '11.6.6' },
  InvalidContactListProperty: {
    code: 752,
    description: 'Invalid or unsupported contact list property',
    clause: '11.6.7',
  },
  TooManyContactLists: { code: 753, description: 'User has too many contact lists', clause: '11.6.8' },
  TooManyContacts: { code: 754, description: 'User has too many contacts', clause: '11.6.9' },
  TooManyAttributeLists: { code: 755, description: 'User has too many attribute lists', clause: '11.6.10' },
  GrantListFull: { code: 756, description: 'Grant list is full', clause: '11.6.11' },
  BlockListFull: { code: 757, description: 'Block list is full', clause: '11.6.12' },
  WatcherListFull: { code: 758, description: 'Watcher list is full', clause: '11.6.13' },
  AutoSubscribeNotSupported: {
    code: 760,
    description: 'Automatic subscription not supported',
    clause: '8.3.2.2',
  },

  // 8xx: groups
  GroupDoesNotExist: { code: 800, description: 'Group does not exist', clause: '11.7.1' },
  GroupAlreadyExists: { code: 801, description: 'Group already exists', clause: '11.7.2' },
  GroupIsOpen: { code: 802, description: 'Group is open', clause: '11.7.3' },
  GroupIsRestricted: { code: 803, description: 'Group is restricted', clause: '11.7.4' },
  GroupIsPublic: { code: 804, description: 'Group is public', clause: '11.7.5' },
  GroupIsPrivate: { code: 805, description: 'Group is private', clause: '11.7.6' },
  InvalidGroupProperties: { code: 806, description: 'Invalid or unsupported group properties', clause: '11.7.7' },
  GroupAlreadyJoined: { code: 807, description: 'Group already joined', clause: '11.7.8' },
  GroupNotJoined: { code: 808, description: 'Group not joined', clause: '11.7.9' },
  UserRejected: { code: 809, description: 'User is rejected from the group', clause: '11.7.10' },
  NotGroupMember: { code: 810, description: 'Not a group member', clause: '11.7.11' },
  PrivateMessagingDisabledForGroup: {
    code: 812,
    description: 'Private messages disabled for the group',
    clause: '11.7.12',
  },
  PrivateMessagingDisabledForUser: {
    code: 813,
    description: 'Private messages disabled for the user',
    clause: '11.7.13',
  },
  TooManyGroupsForUser: { code: 814, description: 'User has too many groups', clause: '11.7.14' },
  TooManyGroupsForServer: { code: 815, description: 'Server has too many groups', clause: '11.7.15' },
  InsufficientGroupPrivileges: { code: 816, description: 'Insufficient group privileges', clause: '11.7.16' },
  TooManyJoinedUsers: { code: 817, description: 'Group has too many joined users', clause: '11.7.17' },
  MinimumAgeNotMet: { code: 818, description: 'Minimum age not met', clause: '11.7.18' },
  HistoryNotSupported: { code: 821, description: 'Group history not supported', clause: '11.7.19' },
  SearchableGroupNeedsNameOrTopic: {
    code: 822,
    description: 'A searchable group needs a name or a topic',
    clause: '11.7.20',
  },
  TooManyGroupMembers: { code: 823, description: 'Group has too many members', clause: '11.7.21' },
  OwnRequest: { code: 824, description: 'Left on own request', clause: '11.7.22' },
  ExtendConversationRejected: { code: 825, description: 'Extended conversation rejected', clause: '11.7.23' },

  // 9xx: everything else
  MultipleErrors: { code: 900, description: 'Multiple errors', clause: '11.8.1' },
  GeneralAddressError: { code: 901, description: 'General address error', clause: '11.8.2' },
  MsisdnError: { code: 902, description: 'MSISDN error', clause: '11.8.3' },
  RegistrationConfirmation: { code: 903, description: 'Registration needs confirmation', clause: '11.8.4' },
  MissingMandatoryFields: {
    code: 904,
    description: 'Mandatory fields missing in the own public profile',
    clause: '11.8.5',
  },
  PublicProfileNotAvailable: { code: 905, description: 'Public profile not available', clause: '11.8.6' },
  TooManyPublicProfiles: { code: 906, description: 'Too many public profiles requested', clause: '11.8.7' },
  ServiceProviderAgreementMissing: {
    code: 907,
    description: 'Service provider agreement missing',
    clause: '11.8.8',
  },
  NoInstantMessages: { code: 908, description: 'No instant messages', clause: '11.8.9' },
  NotSupportedByRecipient: { code: 909, description: 'Recipient does not support this', clause: '11.8.10' },
  NotEnoughCredit: { code: 920, description: 'Not enough credit', clause: '11.8.11' },
  HigherServiceClassRequired: {
    code: 921,
    description: 'A higher class of service is required',
    clause: '11.8.12',
  },
} as const

export type StatusName = keyof typeof status

export interface Status {
  readonly name: StatusName
  /** 100 to 921; see {@link isFinal}. */
  readonly code: number
  readonly description: string
  /** Clause of CSP 1.3. */
  readonly clause: string
}

/**
 * Codes to read as another one: CSP 6.10.1 and 6.10.2 print 580 and 581 where chapter 11 defines 480 and 481 under the
 * same titles. Chapter 11 is what is sent.
 */
export const synonyms = { 580: 480, 581: 481 } as const

const byCode: ReadonlyMap<number, Status> = (() => {
  const map = new Map<number, Status>()
  for (const name of Object.keys(status) as StatusName[]) map.set(status[name].code, { name, ...status[name] })
  for (const [synonym, code] of Object.entries(synonyms)) map.set(Number(synonym), map.get(code)!)
  return map
})()

/** The status a received code stands for, synonyms included; undefined for a code CSP 1.3 does not know. */
export const statusByCode = (code: number): Status | undefined => byCode.get(code)

/** Whether the code answers the request. 1xx only says that the answer is on its way (CSP 5.4, 11.1). */
export const isFinal = (code: number): boolean => code >= 200
