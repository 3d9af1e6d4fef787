import { expect, it } from 'vitest'
import { partsOf } from './notification-parts.ts'
import type { Notification } from './notify.ts'

const users = ['wv:bob', 'wv:carol', 'wv:dave']
const lists = ['wv:alice/friends', 'wv:alice/work']
const namesIn = ({ userIds = [], contactLists = [], defaultList }: Notification) => [
  ...[...userIds, ...contactLists].map(name => name.replace(/^.*[:/]/, '')),
  ...(defaultList ? ['default'] : []),
]
const atMost = (count: number) => (part: Notification) => namesIn(part).length <= count

/** All parts, each as the names in it. */
function partsIn(whole: Notification, fits: (part: Notification) => boolean): string[][] | undefined {
  const parts = partsOf(whole, fits)
  if (parts === undefined) return undefined
  return [namesIn(parts.first), ...(parts.rest === undefined ? [] : partsIn(parts.rest, fits)!)]
}

it('CSP 7.2.1: what has changed for many is told in parts, each name once', () => {
  const whole = { notificationType: 'AC', userIds: users, contactLists: lists, defaultList: true }
  expect(partsIn(whole, atMost(2))).toEqual([
    ['bob', 'carol'],
    ['dave', 'friends'],
    ['work', 'default'],
  ])
  expect(partsIn(whole, atMost(6))).toHaveLength(1)
  expect(partsIn(whole, atMost(0))).toBeUndefined()
  expect(partsIn({ notificationType: 'CLC', contactLists: lists }, atMost(1))).toEqual([['friends'], ['work']])
})

it('CSP 8.2.3: whoever asks is named with each list', () => {
  const whole = { notificationType: 'ANC', userIds: ['wv:bob'], contactLists: lists }
  expect(partsIn(whole, atMost(2))).toEqual([
    ['bob', 'friends'],
    ['bob', 'work'],
  ])
})

it('CSP 7.2.1: what names nobody has no parts', () => {
  expect(partsOf({ notificationType: 'BLC' }, () => false)).toBeUndefined()
})
