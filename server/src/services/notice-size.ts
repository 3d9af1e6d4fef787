import { type PrimitiveInput, sizeOf } from '@village/protocol'
import type { SessionView } from './context.ts'

/** Octets of a notice in a message of its own. The digest stands for the Session-ID, which is shorter. */
export const octetsOfNotice = (primitive: PrimitiveInput, { version, syntax, idDigest }: SessionView): number =>
  sizeOf({
    ...{ version, syntax, sessionId: idDigest, poll: true, cir: true },
    transactions: [{ mode: 'Request', id: 'n00000000.00000000', primitive }],
  })

const envelopeOctets = 800
/** Of both tags of an element, and of the list it may stand in. */
const tagOctets = 100
/** What one character becomes at most: `&quot;`. */
const mostForOne = 6

/**
 * So many octets at most in a message of its own, as far as that can be told without writing it: a third or a quarter of
 * that is usual.
 */
export const mostOctetsOfPrimitive = ({ body }: PrimitiveInput): number => envelopeOctets + mostOctetsOf(body)

const mostOctetsOf = (value: unknown): number => {
  if (typeof value === 'string') return mostForOne * value.length
  if (typeof value !== 'object' || value === null) return 0
  if (value instanceof Uint8Array) return 2 * value.length
  return Object.values(value).reduce<number>((sum, held) => {
    if (held === undefined || (Array.isArray(held) && held.length === 0)) return sum
    return sum + tagOctets + mostOctetsOf(held)
  }, 0)
}

/** How many of so many fit, 0 where not even one does. Where some fit, fewer do as well. */
export function countFitting(all: number, fits: (count: number) => boolean): number {
  if (all > 0 && fits(all)) return all
  let [fit, unfit] = [0, all]
  while (unfit - fit > 1) {
    const count = (fit + unfit) >> 1
    if (fits(count)) fit = count
    else unfit = count
  }
  return fit
}
