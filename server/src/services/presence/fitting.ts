import type { PresenceSubList } from '@village/protocol'
import { bareType, type Form, type Reader, roomFor } from '../messaging/content-fit.ts'
import { type Attributes, allAttributes, attributes, only, valuesIn } from './attributes.ts'

const { bit: statusContent } = attributes.find(({ key }) => key === 'statusContent')!

/** What a picture or the like is taken for whose publisher did not say (CSP 5.6.1). */
const usualType = 'text/plain'

/** Content of a type or length that the client has not agreed to take is left out (CSP 5.6, 8.3.2.1, 8.3.3.1). */
export function readable(list: PresenceSubList, client: Reader, form: Form): PresenceSubList {
  const { directContent, contentType = usualType } = list.statusContent ?? {}
  if (directContent === undefined || directContent.length <= roomFor({ type: bareType(contentType) }, client, form))
    return list
  return only(list, allAttributes & ~statusContent)
}

/** Lists are shared between clients, and so is their measure. */
const measured = new WeakMap<PresenceSubList, number>()

export function octetsOf(list: PresenceSubList): number {
  let octets = measured.get(list)
  if (octets === undefined) {
    octets = attributes.reduce((sum, attribute) => sum + sizeOf(valuesIn(list, attribute)), 0)
    measured.set(list, octets)
  }
  return octets
}

/** At most what values take as XML, where a tag stands twice and a character may have three octets. */
const sizeOf = (values: readonly object[]) => (values.length === 0 ? 0 : 3 * JSON.stringify(values).length)

/** What a client cannot read at all is left out, the longest first: better one attribute less than none. */
export function fitting(list: PresenceSubList, room: number): PresenceSubList {
  if (octetsOf(list) <= room) return list
  const sizes = attributes
    .map(attribute => ({ bit: attribute.bit, octets: sizeOf(valuesIn(list, attribute)) }))
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
