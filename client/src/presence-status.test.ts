import type { PresenceSubList } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { attributeNames, attributesIn, readNames, writeNames } from './presence-attributes.ts'
import { readStatus, unknownStatus, writeStatus } from './presence-status.ts'

const listOf = (list: object): PresenceSubList =>
  attributesIn({ userId: 'wv:bob', presenceSubLists: [{ ...attributesIn({ presenceSubLists: [] }), ...list }] })
const holds = (presenceValue: string) => ({ qualifier: true, presenceValue })
const gone = { qualifier: false }

describe('a presence that is told', () => {
  it('counts where its Qualifier is T, and is gone with F; the rest stays as it was', () => {
    const first = readStatus(
      listOf({
        onlineStatuses: [holds('T')],
        userAvailability: holds('NOT_AVAILABLE'),
        statusText: holds('At sea'),
        statusMood: holds('IN_LOVE'),
        alias: holds('Bobby'),
      }),
    )
    expect(first).toEqual({ isOnline: true, availability: 'away', text: 'At sea', mood: 'in_love', alias: 'Bobby' })
    expect(readStatus(listOf({ statusText: gone, statusMood: { presenceValue: 'SAD' } }), first)).toEqual({
      ...first,
      text: undefined,
    })
    expect(readStatus(listOf({ onlineStatuses: [gone] }), first).isOnline).toBeUndefined()
    expect(readStatus(listOf({ onlineStatuses: [{ presenceValue: 'F' }] }), first).isOnline).toBe(true)
  })

  it('is nothing one can make use of where its value is not known', () => {
    const list = { userAvailability: holds('ASLEEP'), statusMood: holds('CURIOUS'), statusText: { qualifier: true } }
    expect(readStatus(listOf(list))).toEqual(unknownStatus)
  })

  it.each([
    [['T', 'F'], true],
    [['F', 'T'], true],
    [['F', 'F'], false],
    [['F', undefined], false],
  ])('of clients that say %j is online: %s', (values, isOnline) => {
    const onlineStatuses = values.map((value, n) => ({
      ...(value ? holds(value) : gone),
      clientId: { url: `urn:client:${n}` },
    }))
    expect(readStatus(listOf({ onlineStatuses })).isOnline).toBe(isOnline)
  })

  it('is that of all clients, each of which may have a list of its own before 1.3', () => {
    const lists = [
      listOf({ onlineStatuses: [holds('F')], statusText: holds('Phone') }),
      listOf({ onlineStatuses: [holds('T')], statusText: holds('Desk'), alias: holds('Bob') }),
    ]
    const status = readStatus(attributesIn({ presenceSubLists: lists }))
    expect(status).toMatchObject({ isOnline: true, text: 'Phone', alias: 'Bob' })
  })
})

describe('what one tells of oneself', () => {
  it('is as it is written; null takes it back, and the rest is not mentioned', () => {
    const written = writeStatus({ availability: 'away', text: '', mood: null, alias: 'Al', picture: null })
    expect(written).toMatchObject({
      userAvailability: holds('NOT_AVAILABLE'),
      statusText: gone,
      statusMood: gone,
      alias: holds('Al'),
      statusContent: gone,
    })
    expect(written.preferredLanguage).toBeUndefined()
    expect(writeStatus({ mood: 'in_love', language: 'fin' })).toMatchObject({
      statusMood: holds('IN_LOVE'),
      preferredLanguage: holds('fin'),
    })
  })

  it('can be a picture, or its address', () => {
    const contentType = 'image/gif'
    expect(writeStatus({ picture: { bytes: new Uint8Array([1, 2, 3]), contentType } }).statusContent).toEqual({
      qualifier: true,
      directContent: 'AQID',
      contentType,
    })
    expect(writeStatus({ picture: { url: 'http://a.example/b.gif' } }).statusContent).toMatchObject({
      qualifier: true,
      referredContent: 'http://a.example/b.gif',
    })
  })
})

it('names of attributes are read as they are written', () => {
  expect(readNames(listOf(writeNames(attributeNames)))).toEqual(attributeNames)
  expect(readNames(listOf(writeNames(['onlineStatus', 'alias'])))).toEqual(['onlineStatus', 'alias'])
  expect(readNames()).toEqual([])
})
