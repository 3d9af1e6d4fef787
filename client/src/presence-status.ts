import type { PresenceSubList } from '@village/protocol'
import { base64Text } from './base64.ts'
import type { AttributeList } from './presence-attributes.ts'

/** How willing somebody is to talk: AVAILABLE, NOT_AVAILABLE or DISCREET on the wire. */
export type Availability = 'available' | 'away' | 'discreet'

const moods = [
  ...(['happy', 'sad', 'angry', 'jealous', 'ashamed', 'invincible', 'in_love', 'sleepy', 'bored', 'excited'] as const),
  'anxious',
] as const
export type Mood = (typeof moods)[number]

/** What is known of somebody's presence; undefined where it is not known, or not for this user to know. */
export interface PresenceStatus {
  /** Whether any client of the user is logged in. */
  readonly isOnline: boolean | undefined
  readonly availability: Availability | undefined
  /** A short text in the user's own words. */
  readonly text: string | undefined
  readonly mood: Mood | undefined
  /** What the user wants to be called. */
  readonly alias: string | undefined
}

/** What to tell others; `null` takes something back, what is not mentioned stays as it is (CSP 8.3.4). */
export interface OwnStatus {
  readonly availability?: Availability | null | undefined
  readonly text?: string | null | undefined
  readonly mood?: Mood | null | undefined
  readonly alias?: string | null | undefined
  /** A language the user likes to be written to in, by its code of ISO 639-2, as in `fin`. */
  readonly language?: string | null | undefined
  /** A small picture, here as octets or at an address; phones take JPEG and GIF of a few thousand octets. */
  readonly picture?: Picture | null | undefined
}

export type Picture =
  | { readonly bytes: Uint8Array; readonly contentType: string }
  | { readonly url: string; readonly contentType?: string | undefined }

const tokens = { available: 'AVAILABLE', away: 'NOT_AVAILABLE', discreet: 'DISCREET' } as const

/** COMPAT: the Symbian presence engine has NOTAVAILABLE. */
const availabilities: Readonly<Record<string, Availability>> = {
  ...Object.fromEntries(Object.entries(tokens).map(([ours, token]) => [token, ours as Availability])),
  NOTAVAILABLE: 'away',
}

export const unknownStatus: PresenceStatus = {
  isOnline: undefined,
  availability: undefined,
  text: undefined,
  mood: undefined,
  alias: undefined,
}

interface Attribute {
  readonly qualifier?: boolean | undefined
  readonly presenceValue?: string | undefined
}

/**
 * What is known after a notification, which may tell only what is new (CSP 8.3.2): an attribute holds with Qualifier T, is
 * gone with F, and says nothing with neither. Of several clients any that is online will do.
 */
export function readStatus(list: PresenceSubList, before: PresenceStatus = unknownStatus): PresenceStatus {
  const { userAvailability, statusText, statusMood, alias } = list
  const online = list.onlineStatuses.filter(({ qualifier }) => qualifier !== undefined)
  const known = online.filter(({ qualifier }) => qualifier)
  return {
    isOnline:
      online.length === 0
        ? before.isOnline
        : known.length > 0
          ? known.some(({ presenceValue }) => presenceValue === 'T')
          : undefined,
    availability: after(userAvailability, before.availability, token => availabilities[token]),
    text: after(statusText, before.text, text => text),
    mood: after(statusMood, before.mood, token => moods.find(mood => mood === token.toLowerCase())),
    alias: after(alias, before.alias, text => text),
  }
}

const after = <T>(attribute: Attribute | undefined, before: T | undefined, read: (value: string) => T | undefined) => {
  if (attribute?.qualifier === undefined) return before
  return attribute.qualifier && attribute.presenceValue ? read(attribute.presenceValue) : undefined
}

/** A status as attributes. */
export const writeStatus = ({ availability, text, mood, alias, language, picture }: OwnStatus): AttributeList => ({
  userAvailability: written(availability && tokens[availability]),
  preferredLanguage: written(language),
  statusText: written(text),
  statusMood: written(mood === null ? null : mood?.toUpperCase()),
  alias: written(alias),
  statusContent: writePicture(picture),
})

const written = (presenceValue: string | null | undefined) => {
  if (presenceValue === undefined) return undefined
  return presenceValue ? { qualifier: true, presenceValue } : { qualifier: false }
}

const writePicture = (picture: Picture | null | undefined): AttributeList['statusContent'] => {
  if (picture === undefined) return undefined
  if (picture === null) return { qualifier: false }
  const { contentType } = picture
  return 'bytes' in picture
    ? { qualifier: true, directContent: base64Text(picture.bytes), contentType }
    : { qualifier: true, referredContent: picture.url, contentType }
}
