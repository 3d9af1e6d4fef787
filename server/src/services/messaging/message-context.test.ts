import type { Recipient } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import type { Info } from './mail.ts'
import { checkContext } from './message-context.ts'

const none: Recipient = { users: [], groups: [], contactLists: [] }
const screenName = { name: 'Pawn', groupId: 'wv:/chess' }
const from = {
  user: { user: { userId: 'wv:alice' } },
  screenName: { group: { screenName } },
  group: { group: { groupId: 'wv:/chess' } },
  nobody: {},
  both: { user: { userId: 'wv:alice' }, group: { screenName } },
}
const to = {
  users: { ...none, users: [{ userId: 'wv:bob' }] },
  contactLists: { ...none, contactLists: ['wv:alice/friends'] },
  groups: { ...none, groups: [{ groupId: 'wv:/chess' }] },
  screenNames: { ...none, groups: [{ screenName }] },
} as const
const everything = {
  users: to.users.users,
  contactLists: to.contactLists.contactLists,
  groups: [...to.groups.groups, ...to.screenNames.groups],
} as Recipient

const refusal = (sender: Info['sender'], recipient: Recipient) => {
  try {
    checkContext(sender, recipient)
    return undefined
  } catch (error) {
    return (error as { code: number }).code
  }
}

describe('CSP 9.2: the context of a message', () => {
  it.each<[keyof typeof from, keyof typeof to, number?]>([
    ['user', 'users'],
    ['user', 'contactLists'],
    ['user', 'groups'],
    ['user', 'screenNames', 508],
    ['screenName', 'users', 508],
    ['screenName', 'contactLists', 508],
    ['screenName', 'groups'],
    ['screenName', 'screenNames'],
    ['group', 'groups', 508],
    ['nobody', 'users', 508],
    ['both', 'groups', 508],
  ])('from %s to %s: %s', (sender, recipient, code) => {
    expect(refusal(from[sender], to[recipient] as unknown as Recipient)).toBe(code)
  })

  it('may be several at once, but not one that there is none of', () => {
    const { users, contactLists, groups } = everything
    expect(refusal(from.user, { users, contactLists, groups: groups.slice(0, 1) })).toBeUndefined()
    expect(refusal(from.screenName, { ...none, groups })).toBeUndefined()
    for (const sender of [from.user, from.screenName]) expect(refusal(sender, everything)).toBe(508)
  })

  it('400 for a user who is named by a client and an application at once', () => {
    const twofold = { userId: 'wv:bob', clientId: { url: 'b1' }, applicationId: 'chess' }
    expect(refusal(from.user, { ...none, users: [twofold] })).toBe(400)
    expect(refusal({ user: twofold }, to.users as unknown as Recipient)).toBe(400)
  })
})
