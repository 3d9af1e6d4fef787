import type { PresenceSubList, Version } from '@village/protocol'
import { type Attributes, attributesIn, attributesOf } from './attributes.ts'
import { refuseUnknown } from './unknown-attributes.ts'

/**
 * The attributes that a request asks for: all that its version knows where it names none (CSP 8.3.2.3, 8.3.3.3).
 * @throws Refusal InvalidPresenceAttribute
 */
export function requestedIn(list: PresenceSubList | undefined, version: Version): Attributes {
  refuseUnknown(list)
  return attributesIn(list) || attributesOf(version)
}
