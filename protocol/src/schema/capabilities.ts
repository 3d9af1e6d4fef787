import { AcceptedContentLength, ContentType, URL } from './common.ts'
import { former, leaf, many, node, one, optional, type Reshape, type Value, was, wrap } from './kit.ts'

/** What client and server tell each other about their abilities (CSP 6.9.1). Lengths are in characters. */

const v13 = { since: '1.3' } as const

/** Also a part of the presence attribute ClientInfo; one token for both. */
export const ClientType = leaf('token', 'ClientType', 0x05, 0x0f, {
  values: ['MOBILE_PHONE', 'COMPUTER', 'PDA', 'CLI', 'OTHER'],
})
/** P: push, N: notify and get. */
export const InitialDeliveryMethod = leaf('token', 'InitialDeliveryMethod', 0x03, 0x0b, { values: ['P', 'N'] })
export const AnyContent = leaf('bool', 'AnyContent', 0x03, 0x09)
/** Like PlainTextCharset an IANA MIBenum, but together with AnyContent only. */
export const AcceptedCharset = leaf('int', 'AcceptedCharset', 0x03, 0x05, {
  until: '1.2',
  spellings: ['AcceptedCharSet'],
})
export const PlainTextCharset = leaf('int', 'PlainTextCharset', 0x03, 0x1b, {
  ...v13,
  spellings: ['PlainTextCharSet'],
})

export const AcceptedRichContentLength = leaf('int', 'AcceptedRichContentLength', 0x03, 0x18, v13)
/** N: none, R: refuse what is longer than the limit, C: the server charges for it. */
export const ContentPolicy = leaf('token', 'ContentPolicy', 0x03, 0x23, { ...v13, values: ['N', 'R', 'C'] })
export const ContentPolicyLimit = leaf('int', 'ContentPolicyLimit', 0x03, 0x24, v13)
export const AcceptedContentType = node(
  'AcceptedContentType',
  0x03,
  0x07,
  {
    contentType: one(ContentType),
    acceptedRichContentLength: optional(AcceptedRichContentLength),
    contentPolicy: optional(ContentPolicy),
    contentPolicyLimit: optional(ContentPolicyLimit),
  },
  { bareText: 'contentType' },
)
export interface AcceptedContentType extends Value<typeof AcceptedContentType> {}
/** A bare MIME type until 1.2, a structure since 1.3. */
export const AcceptedContentTypeText = leaf('token', 'AcceptedContentType', 0x03, 0x07)
export const AcceptedPullLength = leaf('int', 'AcceptedPullLength', 0x03, 0x16, v13)
export const AcceptedPushLength = leaf('int', 'AcceptedPushLength', 0x03, 0x17, v13)
export const AcceptedTextContentLength = leaf('int', 'AcceptedTextContentLength', 0x03, 0x19, v13)
export const AcceptedTransferEncoding = leaf('token', 'AcceptedTransferEncoding', 0x03, 0x08)
export const SupportedBearer = leaf('token', 'SupportedBearer', 0x03, 0x0f, { values: ['HTTP', 'HTTPS', 'WSP', 'SMS'] })
export const SupportedOfflineBearer = leaf('token', 'SupportedOfflineBearer', 0x03, 0x1d, {
  ...v13,
  values: ['SMS', 'WAPPUSH'],
})
/** SHTTP and SSMS since 1.2. */
export const SupportedCIRMethod = leaf('token', 'SupportedCIRMethod', 0x03, 0x10, {
  values: ['WAPSMS', 'WAPUDP', 'SUDP', 'STCP', 'SHTTP', 'SSMS'],
})
/** Transactions open at a time, and primitives in one message. */
export const MultiTrans = leaf('int', 'MultiTrans', 0x03, 0x0c)
export const MultiTransPerMessage = leaf('int', 'MultiTransPerMessage', 0x03, 0x21, v13)
/** Octets or characters of a message as it is encoded. */
export const ParserSize = leaf('int', 'ParserSize', 0x03, 0x0d)
/** Seconds. */
export const ServerPollMin = leaf('int', 'ServerPollMin', 0x03, 0x0e)
export const UDPPort = leaf('int', 'UDPPort', 0x03, 0x13)
export const UDPAddress = leaf('string', 'UDPAddress', 0x03, 0x15, v13)
export const TCPPort = leaf('int', 'TCPPort', 0x03, 0x12)
export const TCPAddress = leaf('string', 'TCPAddress', 0x03, 0x11)
export const CIRHTTPAddress = wrap('CIRHTTPAddress', 0x03, 0x14, URL, { since: '1.2', was: { '1.2': 'CIRURL' } })
export const CIRSMSAddress = leaf('string', 'CIRSMSAddress', 0x03, 0x20, v13)
export const DefaultLanguage = leaf('string', 'DefaultLanguage', 0x03, 0x0a)
export const OfflineETEMHandling = leaf('token', 'OfflineETEMHandling', 0x03, 0x1a, {
  ...v13,
  values: ['PRIORITYREJECT', 'PRIORITYSTORE', 'REJECT', 'SENDREJECT', 'SENDSTORE'],
})
export const OnlineETEMHandling = leaf('token', 'OnlineETEMHandling', 0x03, 0x22, {
  ...v13,
  values: ['DETECT', 'SERVERLOGIC', 'FORKALL'],
})
/** 0 (lowest) to 10. */
export const SessionPriority = leaf('int', 'SessionPriority', 0x03, 0x1c, v13)
export const UserSessionLimit = leaf('int', 'UserSessionLimit', 0x03, 0x1f, v13)

interface Lengths {
  readonly acceptedContentLength?: number | undefined
  readonly acceptedTextContentLength?: number | undefined
  readonly acceptedPullLength?: number | undefined
  readonly acceptedPushLength?: number | undefined
}
/** 1.3 has three limits where there was one. */
const lengths: Reshape = {
  until: '1.2',
  up: ({ acceptedContentLength: length, ...list }: Lengths): Lengths => ({
    ...list,
    acceptedTextContentLength: list.acceptedTextContentLength ?? length,
    acceptedPullLength: list.acceptedPullLength ?? length,
    acceptedPushLength: list.acceptedPushLength ?? length,
  }),
  down: (list: Lengths): Lengths => ({
    ...list,
    acceptedContentLength: list.acceptedTextContentLength ?? list.acceptedPushLength ?? list.acceptedPullLength,
  }),
}

/**
 * The abilities of a client. ClientType, MultiTrans and ParserSize are mandatory on paper, but a client that is silent
 * about them can be served with defaults. AnyContent F beside content types is contradictory and harmless, so that
 * the alternatives are not enforced.
 */
export const CapabilityList = node(
  'CapabilityList',
  0x01,
  0x0a,
  {
    acceptedContentTypes: was(
      many(AcceptedContentType),
      '1.2',
      AcceptedContentTypeText,
      texts => texts.map(contentType => ({ contentType })),
      types => types.map(type => type.contentType),
    ),
    anyContent: optional(AnyContent),
    acceptedContentLength: former(optional(AcceptedContentLength, { until: '1.2' })),
    acceptedPullLength: optional(AcceptedPullLength, v13),
    acceptedPushLength: optional(AcceptedPushLength, v13),
    acceptedTextContentLength: optional(AcceptedTextContentLength, v13),
    acceptedTransferEncodings: many(AcceptedTransferEncoding),
    clientType: optional(ClientType),
    defaultLanguage: optional(DefaultLanguage),
    initialDeliveryMethod: optional(InitialDeliveryMethod),
    multiTrans: optional(MultiTrans),
    multiTransPerMessage: optional(MultiTransPerMessage, v13),
    offlineEtemHandling: optional(OfflineETEMHandling, v13),
    onlineEtemHandling: optional(OnlineETEMHandling, v13),
    plainTextCharsets: was(
      many(PlainTextCharset),
      '1.2',
      AcceptedCharset,
      charsets => charsets,
      charsets => charsets,
    ),
    parserSize: optional(ParserSize),
    serverPollMin: optional(ServerPollMin),
    supportedBearers: many(SupportedBearer),
    supportedOfflineBearers: many(SupportedOfflineBearer, v13),
    supportedCirMethods: many(SupportedCIRMethod),
    udpPort: optional(UDPPort),
    tcpAddress: optional(TCPAddress, { until: '1.1' }),
    tcpPort: optional(TCPPort, { until: '1.1' }),
    sessionPriority: optional(SessionPriority, v13),
  },
  {
    reshape: lengths,
    order: {
      '1.2': [
        ...['clientType', 'initialDeliveryMethod', 'anyContent', 'plainTextCharsets', 'acceptedContentTypes'],
        ...['acceptedTransferEncodings', 'acceptedContentLength', 'supportedBearers', 'multiTrans', 'parserSize'],
        ...['supportedCirMethods', 'udpPort', 'tcpAddress', 'tcpPort', 'serverPollMin', 'defaultLanguage'],
        ...['acceptedPullLength', 'acceptedPushLength', 'acceptedTextContentLength', 'multiTransPerMessage'],
        ...['offlineEtemHandling', 'onlineEtemHandling', 'supportedOfflineBearers', 'sessionPriority'],
      ],
    },
  },
)
export interface CapabilityList extends Value<typeof CapabilityList> {}

/** Since 1.3 the answer holds only what the server changed (CSP 6.9.1); before, all that was agreed. */
export const answersWithChangesOnly = { since: '1.3' } as const

/** What the server made of it. 1.2 knows five entries of it; in 1.1 the answer is a whole CapabilityList. */
export const AgreedCapabilityList = node(
  'AgreedCapabilityList',
  0x01,
  0x3a,
  {
    acceptedContentTypes: many(AcceptedContentType, v13),
    anyContent: optional(AnyContent, v13),
    acceptedPullLength: optional(AcceptedPullLength, v13),
    acceptedPushLength: optional(AcceptedPushLength, v13),
    acceptedTextContentLength: optional(AcceptedTextContentLength, v13),
    acceptedTransferEncodings: many(AcceptedTransferEncoding, v13),
    cirHttpAddress: optional(CIRHTTPAddress),
    cirSmsAddress: optional(CIRSMSAddress, v13),
    // These three are repeated to clients of 1.1 only.
    clientType: optional(ClientType, { until: '1.1' }),
    initialDeliveryMethod: optional(InitialDeliveryMethod, { until: '1.1' }),
    defaultLanguage: optional(DefaultLanguage, { until: '1.1' }),
    multiTrans: optional(MultiTrans, v13),
    multiTransPerMessage: optional(MultiTransPerMessage, v13),
    offlineEtemHandling: optional(OfflineETEMHandling, v13),
    onlineEtemHandling: optional(OnlineETEMHandling, v13),
    plainTextCharsets: many(PlainTextCharset, v13),
    parserSize: optional(ParserSize, v13),
    serverPollMin: optional(ServerPollMin),
    supportedBearers: many(SupportedBearer),
    supportedOfflineBearers: many(SupportedOfflineBearer, v13),
    supportedCirMethods: many(SupportedCIRMethod),
    tcpAddress: optional(TCPAddress),
    tcpPort: optional(TCPPort),
    udpAddress: optional(UDPAddress, v13),
    udpPort: optional(UDPPort, v13),
    sessionPriority: optional(SessionPriority, v13),
    userSessionLimit: optional(UserSessionLimit, v13),
  },
  {
    since: '1.2',
    order: {
      '1.2': [
        ...['supportedBearers', 'supportedCirMethods', 'tcpAddress', 'tcpPort', 'serverPollMin', 'cirHttpAddress'],
        ...['acceptedContentTypes', 'anyContent', 'acceptedPullLength', 'acceptedPushLength', 'multiTrans'],
        ...['acceptedTextContentLength', 'acceptedTransferEncodings', 'cirSmsAddress', 'clientType', 'parserSize'],
        ...['initialDeliveryMethod', 'defaultLanguage', 'multiTransPerMessage', 'offlineEtemHandling', 'udpAddress'],
        ...['onlineEtemHandling', 'plainTextCharsets', 'supportedOfflineBearers', 'udpPort', 'sessionPriority'],
        'userSessionLimit',
      ],
    },
  },
)
export interface AgreedCapabilityList extends Value<typeof AgreedCapabilityList> {}

/** The answer to a capability request: a list of its own since 1.2, the client's list as it was agreed in 1.1. */
export const agreedCapabilityList = was(
  one(AgreedCapabilityList),
  '1.1',
  CapabilityList,
  ([list]) => list!,
  agreed => [agreed],
)
