import {
  AcceptedContentType,
  AcceptedTextContentLength,
  AcceptedTransferEncoding,
  AnyContent,
  ClientType,
  PlainTextCharset,
} from './capabilities.ts'
import { ApplicationID, ClientID, ContentType } from './common.ts'
import { also, leaf, many, node, one, optional, type Parts, type Reshape, tellingUnknown, type Value } from './kit.ts'

/**
 * Presence attributes. In requests they stand empty, as names; with a Qualifier they carry values. Since 1.3 what
 * belongs to a client rather than to its user occurs once a client and says whose it is.
 */

/** T: the value holds, F: there is none, or none to be shown (CSP 8.3.2). */
export const Qualifier = leaf('bool', 'Qualifier', 0x00, 0x26)
export const PresenceValue = leaf('token', 'PresenceValue', 0x00, 0x24)

const qualifier = optional(Qualifier)
const clientId = optional(ClientID, { since: '1.3' })
const attribute = <P extends Parts>(name: string, token: number, parts: P) =>
  node(name, 0x05, token, { qualifier, ...parts })
const valueOfClient = (name: string, token: number) =>
  attribute(name, token, { presenceValue: optional(PresenceValue), clientId })
const valueOfUser = (name: string, token: number) => attribute(name, token, { presenceValue: optional(PresenceValue) })
const text = (name: string, token: number) => leaf('string', name, 0x05, token)

/** `T` or `F`. */
export const OnlineStatus = valueOfClient('OnlineStatus', 0x21)
export const Registration = valueOfClient('Registration', 0x28)
export const FreeTextLocation = valueOfClient('FreeTextLocation', 0x1a)
export const PLMN = valueOfClient('PLMN', 0x22)
/** AVAILABLE, NOT_AVAILABLE or DISCREET. */
export const UserAvailability = valueOfUser('UserAvailability', 0x2e)
export const PreferredLanguage = valueOfUser('PreferredLanguage', 0x25)
export const StatusText = valueOfUser('StatusText', 0x2b)
export const StatusMood = valueOfUser('StatusMood', 0x2a)
export const Alias = valueOfUser('Alias', 0x08)

export const MaxPullLength = leaf('int', 'MaxPullLength', 0x05, 0x3d, { since: '1.3' })
export const MaxPushLength = leaf('int', 'MaxPushLength', 0x05, 0x3e, { since: '1.3' })
export const ClientContentLimit = node(
  'ClientContentLimit',
  0x05,
  0x3b,
  {
    acceptedContentTypes: many(AcceptedContentType),
    anyContent: optional(AnyContent),
    acceptedTextContentLength: optional(AcceptedTextContentLength),
    acceptedTransferEncodings: many(AcceptedTransferEncoding),
    maxPullLength: optional(MaxPullLength),
    maxPushLength: optional(MaxPushLength),
    plainTextCharsets: many(PlainTextCharset),
  },
  { since: '1.3', either: [['acceptedContentTypes'], ['anyContent']], eitherOptional: true },
)
export const DevManufacturer = text('DevManufacturer', 0x18)
export const ClientProducer = text('ClientProducer', 0x0e)
export const Model = text('Model', 0x1f)
export const ClientVersion = text('ClientVersion', 0x10)
export const Language = text('Language', 0x1c)
/** 0 to 10. */
export const ClientIMPriority = leaf('int', 'ClientIMPriority', 0x05, 0x3c, { since: '1.3' })
export const ClientInfo = attribute('ClientInfo', 0x0d, {
  clientContentLimit: optional(ClientContentLimit, { since: '1.3' }),
  clientType: optional(ClientType),
  devManufacturer: optional(DevManufacturer),
  clientProducer: optional(ClientProducer),
  model: optional(Model),
  clientVersion: optional(ClientVersion),
  language: optional(Language),
  clientImPriority: optional(ClientIMPriority, { since: '1.3' }),
  applicationId: optional(ApplicationID, { since: '1.3' }),
  clientId,
})

export const Zone = text('Zone', 0x35)
export const TimeZone = attribute('TimeZone', 0x2d, {
  // COMPAT: the Symbian presence adapter uses PresenceValue here.
  zone: also(optional(Zone), PresenceValue, ([zone]) => zone!),
  clientId,
})

export const Longitude = text('Longitude', 0x1e)
export const Latitude = text('Latitude', 0x1d)
export const Altitude = text('Altitude', 0x09)
/** Metres. */
export const Accuracy = text('Accuracy', 0x05)
export const GeoLocation = attribute('GeoLocation', 0x1b, {
  longitude: optional(Longitude),
  latitude: optional(Latitude),
  altitude: optional(Altitude),
  accuracy: optional(Accuracy),
  clientId,
})

export const Country = text('Country', 0x15)
export const City = text('City', 0x0c)
export const Street = text('Street', 0x2c)
export const Crossing1 = text('Crossing1', 0x16)
export const Crossing2 = text('Crossing2', 0x17)
export const Building = text('Building', 0x0a)
export const NamedArea = text('NamedArea', 0x20)
export const Address = attribute('Address', 0x06, {
  country: optional(Country),
  city: optional(City),
  street: optional(Street),
  crossing1: optional(Crossing1),
  crossing2: optional(Crossing2),
  building: optional(Building),
  namedArea: optional(NamedArea),
  accuracy: optional(Accuracy),
})

const means = ['CALL', 'SMS', 'MMS', 'EMAIL', 'IM']
const openness = ['OPEN', 'CLOSED']
export const Cap = leaf('token', 'Cap', 0x05, 0x2f, { values: means })
/** Shares name and token with the primitive. */
export const CommStatus = leaf('token', 'Status', 0x00, 0x31, { values: openness })
export const ContactAddress = text('Contact', 0x31)
export const Note = text('Note', 0x34)
export const CommC = node('CommC', 0x05, 0x11, {
  cap: one(Cap),
  status: one(CommStatus),
  contact: optional(ContactAddress),
  note: optional(Note),
})
export const CommCap = attribute('CommCap', 0x12, { commCs: many(CommC), clientId })

export const PrefC = leaf('token', 'PrefC', 0x05, 0x23, { values: means })
export const Caddr = text('Caddr', 0x0b)
export const Cstatus = leaf('token', 'Cstatus', 0x05, 0x33, { values: openness })
export const Cname = leaf('string', 'Cname', 0x05, 0x30, { was: { '1.1': 'CName' } })
/** A decimal number, 1 the most wanted. */
export const Cpriority = text('Cpriority', 0x32)
export const AddrPref = node('AddrPref', 0x05, 0x07, {
  prefC: one(PrefC),
  caddr: one(Caddr),
  cstatus: one(Cstatus),
  cname: optional(Cname),
  cpriority: optional(Cpriority),
})
export const PreferredContacts = attribute('PreferredContacts', 0x24, { addrPrefs: many(AddrPref) })

/** COMPAT: a token that drafts of 1.2 gave to ContentType below presence attributes. */
const DraftContentType = leaf('token', 'ContentType', 0x05, 0x36)
const contentType = also(optional(ContentType), DraftContentType, ([type]) => type!)
/** BASE64. */
export const DirectContent = text('DirectContent', 0x19)
export const ReferredContent = leaf('string', 'ReferredContent', 0x05, 0x26, { spellings: ['PreferredContent'] })
export const StatusContent = attribute('StatusContent', 0x29, {
  directContent: optional(DirectContent),
  referredContent: optional(ReferredContent),
  contentType,
})

export const ContainedvCard = text('ContainedvCard', 0x14)
export const ReferredvCard = leaf('string', 'ReferredvCard', 0x05, 0x27, { spellings: ['PreferredvCard'] })
export const ContactInfo = attribute('ContactInfo', 0x13, {
  containedvCard: optional(ContainedvCard),
  referredvCard: optional(ReferredvCard),
})

export const Link = leaf('string', 'Link', 0x05, 0x39, { since: '1.2' })
export const LinkText = leaf('string', 'Text', 0x05, 0x3a, { since: '1.2' })
export const InfLink = node(
  'Inf_link',
  0x05,
  0x37,
  { link: one(Link), text: optional(LinkText), contentType },
  { since: '1.2' },
)
export const InfoLink = node('InfoLink', 0x05, 0x38, { qualifier, infLinks: many(InfLink) }, { since: '1.2' })

const perClient = [
  ...['onlineStatuses', 'registrations', 'clientInfos', 'timeZones', 'geoLocations', 'addresses'],
  ...['freeTextLocations', 'plmns', 'commCaps'],
]
/** Before 1.3 an attribute occurs once. Whose value that is, is decided before; the first is not a choice. */
const single: Reshape = {
  until: '1.2',
  up: list => list,
  down: list => {
    const many = perClient.filter(key => list[key]?.length > 1)
    if (many.length === 0) return list
    return { ...list, ...Object.fromEntries(many.map(key => [key, list[key].slice(0, 1)])) }
  },
}

/** What is none of these attributes is to be refused by name (CSP 8.2.5, 8.3.2.2, 8.3.3.2, 8.3.4.2). */
export const PresenceSubList = tellingUnknown(
  node(
    'PresenceSubList',
    0x00,
    0x23,
    {
      onlineStatuses: many(OnlineStatus),
      registrations: many(Registration),
      clientInfos: many(ClientInfo),
      timeZones: many(TimeZone),
      geoLocations: many(GeoLocation),
      addresses: many(Address),
      freeTextLocations: many(FreeTextLocation),
      plmns: many(PLMN),
      commCaps: many(CommCap),
      userAvailability: optional(UserAvailability),
      preferredContacts: optional(PreferredContacts),
      preferredLanguage: optional(PreferredLanguage),
      statusText: optional(StatusText),
      statusMood: optional(StatusMood),
      alias: optional(Alias),
      statusContent: optional(StatusContent),
      contactInfo: optional(ContactInfo),
      infoLink: optional(InfoLink),
    },
    { namespace: 'presence', reshape: single, isShared: true },
  ),
)
export interface PresenceSubList extends Value<typeof PresenceSubList> {}
