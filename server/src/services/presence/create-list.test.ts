import type { BodyInput } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { propertiesOf, readList, withLists } from '../../testing/contacts.ts'
import { codeOf, expectPrimitive, type Phone } from '../../testing/phone.ts'
import { dialects, openVillage } from '../../testing/village.ts'

type Create = BodyInput<'CreateListRequest'>

const friends = 'wv:alice/friends@example.com'
const named = (DisplayName: string) => ({ name: 'DisplayName', value: DisplayName })
const flag = (name: 'Default' | 'DoNotNotify', value: string) => ({ name, value })

const create = async (phone: Phone, contactList: string, more: Partial<Create> = {}) =>
  (await phone.ask({ name: 'CreateListRequest', body: { contactList, ...more } })).primitive
const resultOf = async (...request: Parameters<typeof create>) =>
  expectPrimitive(await create(...request), 'Status').result

describe.each(dialects)('CSP 8.1.2, CreateList in $version $syntax', dialect => {
  it('makes a list with its properties and users, and tells the properties where the version can', async () => {
    const phone = await withLists(await openVillage(), 'alice', dialect)
    const nickList = [{ userId: 'wv:bob', name: 'Bob' }, { userId: 'wv:Carol@example.com' }]
    const contactListProperties = [named('My friends'), flag('Default', 'F')]
    const answer = await create(phone, 'wv:alice/Friends', { nickList, contactListProperties })
    const properties = { DisplayName: 'My friends', Default: 'T' }
    if (dialect.version !== '1.3') expect(codeOf(answer)).toBe(200)
    else {
      const body = expectPrimitive(answer, 'CreateListResponse')
      expect(body.contactList).toBe('wv:alice/Friends')
      expect(propertiesOf(body)).toEqual({ ...properties, DoNotNotify: 'F' })
    }
    const list = await readList(phone, friends)
    expect(propertiesOf(list)).toMatchObject(properties)
    expect('DoNotNotify' in propertiesOf(list)).toBe(dialect.version === '1.3')
    expect(list.nickList).toEqual([
      { name: 'Bob', userId: 'wv:bob@example.com' },
      { name: 'wv:Carol@example.com', userId: 'wv:Carol@example.com' },
    ])
  })

  it('makes it also where some of its users or properties cannot be had: 201 tells which', async () => {
    const phone = await withLists(await openVillage(), 'alice', dialect)
    const nickList = [{ userId: 'wv:nobody' }, { userId: 'wv:bob' }, { userId: 'wv:x@elsewhere.org' }]
    const contactListProperties = [named('Friends'), { name: 'Colour', value: 'red' }]
    const { code, details } = await resultOf(phone, friends, { nickList, contactListProperties })
    expect(code).toBe(201)
    expect(details).toMatchObject([
      { code: 752 },
      { code: 531, userIds: ['wv:nobody'] },
      // 1.1 has no place for contact lists.
      {
        code: 200,
        userIds: ['wv:bob', 'wv:x@elsewhere.org'],
        contactLists: dialect.version === '1.1' ? [] : [friends],
      },
    ])
    const list = await readList(phone, friends)
    expect(propertiesOf(list).DisplayName).toBe('Friends')
    expect(list.nickList?.map(({ userId }) => userId)).toEqual(['wv:bob@example.com', 'wv:x@elsewhere.org'])
  })
})

describe('CSP 8.1.2: a list that cannot be created', () => {
  it('is one there is: 701, in any spelling, and it stays as it is', async () => {
    const phone = await withLists(await openVillage(), 'alice')
    await create(phone, friends, { contactListProperties: [named('First')] })
    const again = { contactListProperties: [named('Second')], nickList: [{ userId: 'wv:bob' }] }
    expect((await resultOf(phone, 'wv:ALICE/Friends', again)).code).toBe(701)
    const list = await readList(phone, friends)
    expect([propertiesOf(list).DisplayName, list.nickList]).toEqual(['First', []])
  })

  it.each(['wv:bob/friends', 'wv:/friends', 'wv:alice', 'sip:alice/friends', 'wv:alice/friends@elsewhere.org'])(
    'is none of the own: 700 for %s',
    async contactList => {
      const phone = await withLists(await openVillage(), 'alice')
      expect((await resultOf(phone, contactList)).code).toBe(700)
    },
  )

  it('is one too many: 753', async () => {
    const phone = await withLists(await openVillage({ config: { 'contacts.maxLists': 1 } }), 'alice')
    expect((await resultOf(phone, friends)).code).toBe(200)
    expect((await resultOf(phone, 'wv:alice/work')).code).toBe(753)
    expect((await resultOf(phone, friends)).code).toBe(701)
  })
})

describe('CSP 8.1.2: a list that is created with less than was asked', () => {
  it.each<[string, number, Partial<Create>]>([
    ['a value that Default cannot have', 752, { contactListProperties: [flag('Default', 'maybe')] }],
    ['a flag without a value', 752, { contactListProperties: [{ name: 'DoNotNotify' }] }],
    ['a name too long to show', 752, { contactListProperties: [named('x'.repeat(201))] }],
    ['nobody', 531, { nickList: [{ userId: 'sip:bob' }] }],
    ['a nickname too long to show', 400, { nickList: [{ userId: 'wv:bob', name: 'x'.repeat(201) }] }],
  ])('%s: %i beside the 201', async (_, code, more) => {
    const phone = await withLists(await openVillage(), 'alice')
    const result = await resultOf(phone, friends, more)
    const list = await readList(phone, friends)
    expect([result.code, result.details[0]?.code]).toEqual([201, code])
    expect([propertiesOf(list).DisplayName, list.nickList]).toEqual(['friends', []])
  })

  it.each([
    ['more than may be named at all', ['wv:bob', 'wv:carol', 'wv:bob']],
    ['more than there is room for', ['wv:bob', 'wv:x@elsewhere.org']],
  ])('%s: 754 beside the 201, and nobody is added', async (_, userIds) => {
    const phone = await withLists(await openVillage({ config: { 'contacts.maxContacts': 2 } }), 'alice')
    await create(phone, 'wv:alice/work', { nickList: [{ userId: 'wv:carol' }] })
    const { code, details } = await resultOf(phone, friends, { nickList: userIds.map(userId => ({ userId })) })
    expect([code, details]).toMatchObject([201, [{ code: 754 }, { code: 200, userIds: [], contactLists: [friends] }]])
    expect((await readList(phone, friends)).nickList).toEqual([])
  })
})
