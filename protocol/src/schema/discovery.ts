import {
  ContactList,
  ContentData,
  ContentEncoding,
  ContentType,
  Domain,
  GroupID,
  GroupList,
  MSISDN,
  ScreenName,
  SearchElement,
  URL,
  UserID,
  UserList,
} from './common.ts'
import { leaf, many, node, one, optional, shaped, type Value, was } from './kit.ts'
import { PresenceSubList } from './presence-attributes.ts'

/** Finding things: people and groups, places, valid addresses, and the versions a server speaks. */

export const SearchString = leaf('string', 'SearchString', 0x01, 0x33)
export const PairID = leaf('int', 'PairID', 0x0a, 0x0c, { since: '1.3' })
export const SearchPair = node(
  'SearchPair',
  0x0a,
  0x17,
  { searchElement: one(SearchElement), searchString: one(SearchString), pairId: optional(PairID) },
  { since: '1.3' },
)
export interface SearchPair extends Value<typeof SearchPair> {}

/**
 * Read with its pairs bare or wrapped, one or many; written with one bare pair, which every version understands.
 * Bare pairs belong together in the order they are found, numbers included.
 */
export const SearchPairList = shaped(
  'SearchPairList',
  0x01,
  0x2a,
  {
    searchElements: many(SearchElement),
    searchStrings: many(SearchString),
    pairIds: many(PairID, { since: '1.3' }),
    searchPairs: many(SearchPair, { since: '1.3' }),
  },
  ({ searchElements, searchStrings, pairIds, searchPairs }): SearchPair[] => [
    ...searchPairs,
    ...searchElements.map((searchElement, i) => ({
      searchElement,
      searchString: searchStrings[i] ?? '',
      pairId: pairIds[i],
    })),
  ],
  (pairs: readonly SearchPair[]) => ({
    searchElements: pairs.map(pair => pair.searchElement),
    searchStrings: pairs.map(pair => pair.searchString),
    pairIds: pairs.flatMap(pair => pair.pairId ?? []),
  }),
)
/** An expression over pair numbers (CSP 7.4.2). */
export const AdvancedCriteria = leaf('string', 'AdvancedCriteria', 0x0a, 0x0b, { since: '1.3' })
export const SearchLimit = leaf('int', 'SearchLimit', 0x01, 0x28)
export const SearchIndex = leaf('int', 'SearchIndex', 0x01, 0x27)
export const SearchFindings = leaf('int', 'SearchFindings', 0x01, 0x25)
/** Text, although older WBXML encoders write it as an integer: give out decimal numbers, and read both. */
export const SearchID = leaf('string', 'SearchID', 0x01, 0x26)
export const SearchRequest = node('Search-Request', 0x01, 0x2b, {
  searchPairs: was(
    many(SearchPair),
    '1.3',
    SearchPairList,
    lists => lists.flat(),
    pairs => pairs.map(pair => [pair]),
  ),
  advancedCriteria: optional(AdvancedCriteria, { since: '1.3' }),
  searchLimit: optional(SearchLimit),
  searchId: optional(SearchID),
  searchIndex: optional(SearchIndex),
})
export interface SearchRequest extends Value<typeof SearchRequest> {}

export const CompletionFlag = leaf('bool', 'CompletionFlag', 0x01, 0x34)
export const SearchResult = node('SearchResult', 0x01, 0x2d, {
  userList: optional(UserList),
  groupIds: optional(GroupList),
})
export const SearchResponse = node('Search-Response', 0x01, 0x2c, {
  searchId: optional(SearchID),
  searchFindings: one(SearchFindings),
  completionFlag: one(CompletionFlag),
  searchIndex: optional(SearchIndex),
  searchResult: optional(SearchResult),
})
export interface SearchResponse extends Value<typeof SearchResponse> {}

export const StopSearchRequest = node('StopSearch-Request', 0x01, 0x31, { searchId: one(SearchID) })
export interface StopSearchRequest extends Value<typeof StopSearchRequest> {}

/** The place of a user, or a place given as GeoLocation and nothing else. */
export const GetMapRequest = node(
  'GetMap-Request',
  0x09,
  0x34,
  { userId: optional(UserID), presenceSubList: optional(PresenceSubList) },
  { since: '1.3', either: [['userId'], ['presenceSubList']] },
)
export interface GetMapRequest extends Value<typeof GetMapRequest> {}
export const MapContent = node(
  'Map',
  0x09,
  0x15,
  { contentType: one(ContentType), contentEncoding: optional(ContentEncoding), contentData: one(ContentData) },
  { since: '1.3' },
)
export const GetMapResponse = node(
  'GetMap-Response',
  0x09,
  0x35,
  { map: optional(MapContent), url: optional(URL) },
  { since: '1.3', either: [['map'], ['url']] },
)
export interface GetMapResponse extends Value<typeof GetMapResponse> {}

export const IDList = node(
  'IDList',
  0x09,
  0x09,
  {
    userIds: many(UserID),
    contactLists: many(ContactList),
    groupIds: many(GroupID),
    screenNames: many(ScreenName),
    domains: many(Domain),
  },
  { since: '1.2' },
)
export const VerifyIDRequest = node('VerifyID-Request', 0x01, 0x37, { idList: one(IDList) }, { since: '1.2' })
export interface VerifyIDRequest extends Value<typeof VerifyIDRequest> {}

// Version discovery (CSP 6.3) is a document of its own, without session or transaction around it.

export const SessionNSName = leaf('string', 'SessionNSName', 0x01, 0x3e, { since: '1.2' })
export const TransactionNSName = leaf('string', 'TransactionNSName', 0x01, 0x3f, { since: '1.2' })
export const PresenceAttributeNSName = leaf('string', 'PresenceAttributeNSName', 0x01, 0x3d, { since: '1.2' })
/** A version counts as named when each of its three namespaces is. */
export const VersionList = node(
  'VersionList',
  0x0a,
  0x07,
  {
    sessionNsNames: many(SessionNSName),
    transactionNsNames: many(TransactionNSName),
    presenceAttributeNsNames: many(PresenceAttributeNSName),
  },
  { since: '1.2' },
)
export const OtherServer = node(
  'OtherServer',
  0x01,
  0x3c,
  { url: optional(URL), msisdn: optional(MSISDN) },
  { since: '1.2', either: [['url'], ['msisdn']] },
)
export const ExtendedData = leaf('extension', 'ExtendedData', 0x01, 0x3b, {
  since: '1.2',
  spellings: ['Extended-Data'],
})
export const VersionDiscoveryRequest = node(
  'WV-CSP-VersionDiscovery-Request',
  0x0a,
  0x05,
  { versionList: optional(VersionList), extendedData: many(ExtendedData) },
  { since: '1.2', spellings: ['WV-CSP-NSDiscovery-Request'] },
)
export interface VersionDiscoveryRequest extends Value<typeof VersionDiscoveryRequest> {}
export const VersionDiscoveryResponse = node(
  'WV-CSP-VersionDiscovery-Response',
  0x0a,
  0x06,
  { versionList: optional(VersionList), otherServers: many(OtherServer), extendedData: many(ExtendedData) },
  { since: '1.2', spellings: ['WV-CSP-NSDiscovery-Response'] },
)
export interface VersionDiscoveryResponse extends Value<typeof VersionDiscoveryResponse> {}
