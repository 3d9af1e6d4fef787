import type { PresenceSubList } from '@village/protocol'
import type { SessionView } from '../context.ts'
import { octetsOfNotice } from '../notice-size.ts'
import { type Attribute, attributes, listOf, valuesIn } from './attributes.ts'
import { octetsOf } from './fitting.ts'

/** Of what a segment has besides: it says which it is, and of what. */
const segmentOctets = 300
/** That with the envelope, at most. */
const aroundOctets = 1500

/**
 * The presence of one user as lists that each fit into a segment, where it is too large for one as a whole (CSP 6.10): an
 * attribute is in one of them, only one with too many values in several. What is too large even so is left out, for a
 * value cannot be cut.
 */
export function partsOf(list: PresenceSubList, userId: string, session: SessionView): readonly PresenceSubList[] {
  const { services, capabilities } = session.agreement
  const limit = capabilities?.parserSize
  if (limit === undefined || !services.includes('SGMNT') || octetsOf(list) + aroundOctets <= limit) return [list]
  const fits = (part: PresenceSubList) => octetsAlone(part, userId, session) + segmentOctets <= limit
  if (fits(list)) return [list]

  const parts: PresenceSubList[] = []
  let held: readonly Held[] = []
  for (const one of piecesOf(list, fits)) {
    if (held.length > 0 && !fits(holding([...held, one]))) {
      parts.push(holding(held))
      held = []
    }
    held = [...held, one]
  }
  return [...parts, holding(held)]
}

const octetsAlone = (list: PresenceSubList, userId: string, session: SessionView): number => {
  const presences = [{ userId, presenceSubLists: [list] }]
  return octetsOfNotice({ name: 'GetPresenceResponse', body: { result: { code: 200 }, presences } }, session)
}

/** Values of one attribute. */
interface Held {
  readonly attribute: Attribute
  readonly values: readonly object[]
}

const piecesOf = (list: PresenceSubList, fits: (part: PresenceSubList) => boolean): Held[] =>
  attributes.flatMap(attribute => {
    const values = valuesIn(list, attribute)
    const whole = { attribute, values }
    if (values.length === 0 || fits(holding([whole]))) return values.length === 0 ? [] : [whole]
    return values.map(value => ({ attribute, values: [value] })).filter(one => fits(holding([one])))
  })

const holding = (held: readonly Held[]): PresenceSubList =>
  listOf(wanted => held.flatMap(({ attribute, values }) => (attribute === wanted ? values : [])))
