import { type PrimitiveInput, sizeOf } from '@village/protocol'
import { expect, it } from 'vitest'
import { Random } from '../../../protocol/test/random.ts'
import { everyPrimitive, Sampler } from '../../../protocol/test/samples.ts'
import { countFitting, mostOctetsOfPrimitive } from './notice-size.ts'

it('a primitive is never larger than it was taken for, in any version', () => {
  const random = new Random(11)
  for (const { name, version } of everyPrimitive)
    for (let round = 0; round < 20; round++)
      for (const syntax of ['xml', 'wbxml'] as const) {
        const { transactions, ...around } = new Sampler(random, version).message(name, syntax)
        for (const { primitive, mode, id } of transactions) {
          const message = { ...around, sessionId: 'x'.repeat(43), transactions: [{ mode, id, primitive }] }
          const octets = sizeOf({ ...message, poll: true, cir: true })
          expect(octets, JSON.stringify(primitive)).toBeLessThanOrEqual(
            mostOctetsOfPrimitive(primitive as PrimitiveInput),
          )
        }
      }
})

it('as many are counted as fit', () => {
  for (const room of [0, 1, 2, 7, 8]) expect(countFitting(7, count => count <= room)).toBe(Math.min(7, room))
  expect(countFitting(0, () => true)).toBe(0)
})
