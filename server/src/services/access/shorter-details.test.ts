import { expect, it } from 'vitest'
import { countNamed, firstNamed, withoutSucceeded } from './shorter-details.ts'

const details = [
  { code: 531, userIds: ['a', 'b', 'c'], contactLists: ['x'] },
  { code: 503 },
  { code: 700, contactLists: ['y', 'z'] },
]

it('names the first things that failed, each with its reason', () => {
  expect(countNamed(details)).toBe(7)
  expect(firstNamed(details, 0)).toEqual([])
  expect(firstNamed(details, 2)).toEqual([{ code: 531, userIds: ['a', 'b'], contactLists: [] }])
  expect(firstNamed(details, 4)).toEqual(details.slice(0, 1))
  expect(firstNamed(details, 6)).toEqual([...details.slice(0, 2), { code: 700, contactLists: ['y'] }])
  expect(firstNamed(details, 7)).toEqual(details)
})

it('leaves out what succeeded, and nothing else', () => {
  expect(withoutSucceeded([...details, { code: 200, userIds: ['z'] }])).toEqual(details)
})
