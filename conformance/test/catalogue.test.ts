import { catalogue } from '@village/protocol'
import { expect, it } from 'vitest'
import { items } from '../src/index.ts'

it('every item that the schema claims a primitive for is an item of the specification', () => {
  const known = new Set(items.map(({ id }) => id))
  const claimed = Object.values(catalogue).flatMap(({ scr }) => [...scr])
  expect(claimed.length).toBeGreaterThan(100)
  expect(claimed.filter(id => !known.has(id))).toEqual([])
})
