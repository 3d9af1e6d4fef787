import { describe, expect, it } from 'vitest'
import type { AccessEntry, EntityKind, UserAccess } from '../../store/access-lists.ts'
import { untouched } from '../../store/access-lists.ts'
import { compileRules, hearsAll, partiesOf } from './access-rules.ts'

const entry = (kind: EntityKind, key: string): AccessEntry => ({ kind, key, name: key, groupId: null })
const inUse = (...entries: AccessEntry[]) => ({ isInUse: true, entries })
const off = (...entries: AccessEntry[]) => ({ isInUse: false, entries })
const rules = (access: Partial<UserAccess>, contacts: Parameters<typeof compileRules>[1] = []) =>
  compileRules({ ...untouched, ...access }, contacts, 'example.com')
const bob = 'wv:bob@example.com'
const carol = 'wv:carol@example.com'

describe('CSP 9.3.1, figure 60: who is heard', () => {
  it('everybody, without lists or with none in use', () => {
    expect(rules({})).toBe(hearsAll)
    expect(rules({ block: off(entry('user', bob)), grant: off(entry('user', carol)) })).toBe(hearsAll)
  })

  it('all but the blocked; only the granted; and of both only who is not blocked', () => {
    const heard = (access: Partial<UserAccess>) => [bob, carol].filter(userId => !rules(access).blocks({ userId }))
    expect(heard({ block: inUse(entry('user', bob)) })).toEqual([carol])
    expect(heard({ grant: inUse(entry('user', bob)) })).toEqual([bob])
    expect(heard({ grant: inUse() })).toEqual([])
    const both = [entry('user', bob), entry('user', carol)]
    expect(heard({ block: inUse(entry('user', bob)), grant: inUse(...both) })).toEqual([carol])
    expect(heard({ block: off(...both), grant: inUse(entry('user', bob)) })).toEqual([bob])
  })

  it('members of a contact list as it is now, and of all lists that a pattern means', () => {
    const contacts = [
      { listId: 'wv:alice/friends@example.com', members: [bob] },
      { listId: 'wv:alice/foes@example.com', members: [carol] },
    ]
    const heard = (pattern: string) => {
      const compiled = rules({ grant: inUse(entry('contactList', pattern)) }, contacts)
      return [bob, carol].filter(userId => !compiled.blocks({ userId }))
    }
    expect(heard('wv:alice/friends@example.com')).toEqual([bob])
    expect(heard('wv:alice/f*')).toEqual([bob, carol])
    expect(heard('wv:alice/gone@example.com')).toEqual([])
  })

  it('screen names, groups and applications each by their own entries', () => {
    const group = 'wv:alice/chess@example.com'
    const screenName = { name: 'pawn', groupId: group }
    const blocks = (kind: EntityKind, key: string) => (parties: Parameters<typeof hearsAll.blocks>[0]) =>
      rules({ block: inUse(entry(kind, key)) }).blocks(parties)
    expect(blocks('screenName', `${group} pawn`)({ screenName })).toBe(true)
    expect(blocks('screenName', `${group} queen`)({ screenName })).toBe(false)
    expect(blocks('screenName', 'wv:/other pawn')({ screenName })).toBe(false)
    expect(blocks('group', group)({ screenName, groupId: group })).toBe(true)
    expect(blocks('group', group)({ screenName })).toBe(false)
    expect(blocks('application', '*bothers*')({ userId: bob, applicationId: 'itbothersme1.0' })).toBe(true)
    expect(blocks('application', bob)({ userId: bob })).toBe(false)
  })

  it('a star in the group of a screen name ends with the group', () => {
    const block = inUse(entry('screenName', 'wv:* bob'))
    expect(rules({ block }).blocks({ screenName: { name: 'x bob', groupId: 'wv:/g@example.com' } })).toBe(false)
    expect(rules({ block }).blocks({ screenName: { name: 'bob', groupId: 'wv:/g@example.com' } })).toBe(true)
  })

  it('by patterns on the address with its domain, at home also without, as it reads to a person', () => {
    const blocks = (pattern: string, userId: string) =>
      rules({ block: inUse(entry('user', pattern)) }).blocks({ userId })
    expect(blocks('wv:spammer*', 'wv:spammer.joe@foo.com')).toBe(true)
    expect(blocks('wv:spammer*', 'wv:spammer@example.com')).toBe(true)
    expect(blocks('wv:spammer?', 'wv:spammer1@example.com')).toBe(true)
    expect(blocks('wv:spammer?', 'wv:spammer1@foo.com')).toBe(false)
    expect(blocks('*@foo.com', 'wv:anybody@foo.com')).toBe(true)
    expect(blocks('wv:m?ller*', 'wv:m%c3%bcller@foo.com')).toBe(true)
  })
})

describe('CSP 9.3.1: what counts of a message', () => {
  it('is the Sender for people, the Recipient for groups and applications', () => {
    const sender = { user: { userId: 'wv:Bob', applicationId: 'Sent.By' } }
    const to = { users: [{ userId: 'wv:alice', applicationId: 'Chess' }] }
    expect(partiesOf(sender, to, 'example.com')).toEqual({ userId: bob, applicationId: 'chess' })
    const whisper = { group: { screenName: { name: 'Pawn', groupId: 'wv:/Chess' } } }
    const group = 'wv:/chess@example.com'
    const spoken = { screenName: { name: 'pawn', groupId: group }, groupId: group }
    expect(partiesOf(whisper, { groups: [{ groupId: 'wv:/CHESS' }] }, 'example.com')).toEqual(spoken)
    const ear = { groups: [{ screenName: { name: 'King', groupId: 'wv:/chess' } }] }
    expect(partiesOf(whisper, ear, 'example.com')).toEqual(spoken)
  })
})
