import type { BodyInput, Presence, PresenceSubList } from '@village/protocol'

/** Presence attributes (CSP 8.3.1) as they are written; in questions an attribute without anything in it is its name. */
export type AttributeList = NonNullable<BodyInput<'UpdatePresenceRequest'>['presenceSubList']>

/** Where an attribute stands in a list. What belongs to a client rather than to its user occurs once a client. */
const places = {
  onlineStatus: 'onlineStatuses',
  registration: 'registrations',
  clientInfo: 'clientInfos',
  timeZone: 'timeZones',
  geoLocation: 'geoLocations',
  address: 'addresses',
  freeTextLocation: 'freeTextLocations',
  plmn: 'plmns',
  commCap: 'commCaps',
  userAvailability: 'userAvailability',
  preferredContacts: 'preferredContacts',
  preferredLanguage: 'preferredLanguage',
  statusText: 'statusText',
  statusMood: 'statusMood',
  alias: 'alias',
  statusContent: 'statusContent',
  contactInfo: 'contactInfo',
  infoLink: 'infoLink',
} as const satisfies Record<string, keyof PresenceSubList>

/** A presence attribute; `infoLink` since CSP 1.2. */
export type AttributeName = keyof typeof places

/** All presence attributes there are. */
export const attributeNames = Object.keys(places) as readonly AttributeName[]

/** Lists that stand for none, which are those of attributes of clients. */
const nothing: PresenceSubList = {
  onlineStatuses: [],
  registrations: [],
  clientInfos: [],
  timeZones: [],
  geoLocations: [],
  addresses: [],
  freeTextLocations: [],
  plmns: [],
  commCaps: [],
}

/** Attributes by name alone, as questions and permissions have them. */
export const writeNames = (names: readonly AttributeName[]): AttributeList =>
  Object.fromEntries(names.map(name => [places[name], places[name] in nothing ? [{}] : {}]))

/** The names of the attributes in a list, whatever they carry. */
export const readNames = (list: PresenceSubList = nothing): AttributeName[] =>
  attributeNames.filter(name => {
    const found = list[places[name]]
    return Array.isArray(found) ? found.length > 0 : found !== undefined
  })

/** All that is said of one user: before 1.3 each client may have a list of its own. */
export const attributesIn = ({ presenceSubLists }: Presence): PresenceSubList =>
  presenceSubLists.reduce(joined, nothing)

/** Attributes of clients from both, those of the user from the first that has them. */
const joined = (one: PresenceSubList, other: PresenceSubList): PresenceSubList => ({
  ...other,
  ...Object.fromEntries(
    Object.entries(one).flatMap(([key, value]) => {
      const second = other[key as keyof PresenceSubList]
      if (Array.isArray(value)) return [[key, [...value, ...(second as typeof value)]]]
      return value === undefined ? [] : [[key, value]]
    }),
  ),
})
