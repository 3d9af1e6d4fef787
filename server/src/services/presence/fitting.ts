import { bareType, type PresenceSubList } from '@village/protocol'
import { type Form, type Reader, roomFor } from '../messaging/content-fit.ts'
import { type Attribute, type Attributes, allAttributes, attributes, only, valuesIn } from './attributes.ts'

const { bit: statusContent } = attributes.find(({ key }) => key === 'statusContent')!

/** What a picture or the like is taken for whose publisher did not say (CSP 5.6.1). */
const usualType = 'text/plain'

/**
 * Content of a type or length that the client has not agreed to take is left out (CSP 5.6, 8.3.2.1, 8.3.3.1). Where the
 * client may have been told another before, it is told that this does not hold any more.
 */
export function readable(list: PresenceSubList, client: Reader, form: Form): PresenceSubList {
  const { directContent, contentType = usualType } = list.statusContent ?? {}
  if (directContent === undefined || directContent.length <= roomFor({ type: bareType(contentType) }, client, form))
    return list
  const takesNone = client.agreement.capabilities?.anyContent === false
  if (form === 'push' && !takesNone) return { ...list, statusContent: { qualifier: false } }
  return only(list, allAttributes & ~statusContent)
}

/** Lists are shared between clients, and so is their measure. */
const measured = new WeakMap<PresenceSubList, number>()

export function octetsOf(list: PresenceSubList): number {
  let octets = measured.get(list)
  if (octets === undefined) {
    octets = attributes.reduce((sum, attribute) => sum + sizeIn(list, attribute), 0)
    measured.set(list, octets)
  }
  return octets
}

const sizeIn = (list: PresenceSubList, attribute: Attribute) => sizeOf({ [attribute.name]: valuesIn(list, attribute) })

/** Of both tags around a value, besides the name. */
const tagOctets = 6
/** Of a number or T or F. */
const scalarOctets = 10
const utf8 = new TextEncoder()

/** At most what a value takes as XML: each tag stands twice, and some characters have a longer name. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return utf8.encode(value).length + 5 * (value.match(/[&<>"'\r]/g)?.length ?? 0)
  if (typeof value !== 'object' || value === null) return scalarOctets
  const tagged = Object.entries(value).flatMap(([key, held]) => [held].flat().map(one => [key, one] as const))
  return tagged.reduce((sum, [key, one]) => sum + (one === undefined ? 0 : 2 * key.length + tagOctets + sizeOf(one)), 0)
}

/** What a client cannot read at all is left out, the longest first: better one attribute less than none. */
export function fitting(list: PresenceSubList, room: number): PresenceSubList {
  if (octetsOf(list) <= room) return list
  const sizes = attributes
    .map(attribute => ({ bit: attribute.bit, octets: sizeIn(list, attribute) }))
    .sort((a, b) => a.octets - b.octets)
  let kept: Attributes = 0
  let size = 0
  for (const { bit, octets } of sizes) {
    size += octets
    if (size > room) break
    kept |= bit
  }
  return only(list, kept)
}
