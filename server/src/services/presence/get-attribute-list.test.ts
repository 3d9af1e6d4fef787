import { describe, expect, it } from 'vitest'
import { getLists } from '../../testing/attribute-lists.ts'
import { codeOf } from '../../testing/phone.ts'
import { authorize, withPresence } from '../../testing/presence.ts'
import { dialects, openVillage, type Village } from '../../testing/village.ts'

const [bob, carol] = ['wv:bob@example.com', 'wv:carol@example.com'] as const
const [friends, work] = ['wv:alice/friends@example.com', 'wv:alice/work@example.com'] as const
const modern = { version: '1.3' } as const

/** Alice with attribute lists for Bob, for her two contact lists, and by default. */
async function withLists(village: Village, options = {}) {
  const phone = await withPresence(village, 'alice', options)
  for (const contactList of [friends, work]) await phone.ask({ name: 'CreateListRequest', body: { contactList } })
  await authorize(phone, 'OnlineStatus Alias', { userIds: [bob] })
  await authorize(phone, 'StatusText', { contactLists: [friends] })
  await authorize(phone, '', { contactLists: [work] })
  await authorize(phone, 'OnlineStatus', { defaultList: true })
  return phone
}

describe.each(dialects)('CSP 8.2.4, GetAttributeList in $version $syntax', dialect => {
  it('tells of all users and contact lists where none are named, and of the default list if asked', async () => {
    const phone = await withLists(await openVillage(), dialect)
    const all = ['friends: StatusText', 'work:', 'bob: OnlineStatus Alias']
    expect(await getLists(phone, { defaultList: false })).toEqual(all)
    expect(await getLists(phone, { defaultList: true })).toEqual(['default: OnlineStatus', ...all])
  })

  it('tells of those only that are named, and of whom there is a list', async () => {
    const phone = await withLists(await openVillage(), dialect)
    const named = (request: object) => getLists(phone, { defaultList: false, ...request })
    expect(await named({ userIds: [bob, carol] })).toEqual(['bob: OnlineStatus Alias'])
    expect(await named({ contactLists: [work] })).toEqual(['work:'])
    expect(await named({ userIds: [bob], contactLists: [friends], defaultList: true })).toEqual([
      'default: OnlineStatus',
      'friends: StatusText',
      'bob: OnlineStatus Alias',
    ])
    expect(await named({ userIds: [carol], defaultList: true })).toEqual(['default: OnlineStatus'])
  })

  it('the default list is there if asked for, though nothing was ever said of it', async () => {
    const phone = await withPresence(await openVillage(), 'alice', dialect)
    const { primitive } = await phone.ask({ name: 'GetAttributeListRequest', body: { defaultList: true } })
    const defaultAttributeList = { presenceSubList: expect.anything() }
    expect(primitive).toMatchObject({ body: { result: { code: 200 }, defaultAttributeList, presences: [] } })
    expect(await getLists(phone, { defaultList: false })).toEqual([])
  })

  it('531 and 700 for whoever does not exist, and 201 beside others', async () => {
    const phone = await withLists(await openVillage(), dialect)
    const code = async (request: object) =>
      codeOf((await phone.ask({ name: 'GetAttributeListRequest', body: { defaultList: false, ...request } })).primitive)
    const stranger = 'wv:stranger@example.com'
    expect(await code({ userIds: [stranger] })).toBe(531)
    expect(await code({ contactLists: ['wv:alice/nobody@example.com'] })).toBe(700)
    expect(await code({ contactLists: ['wv:bob/friends@example.com'] })).toBe(700)
    expect(await code({ userIds: [stranger, bob] })).toBe(201)
    expect(await code({ userIds: [stranger], defaultList: true })).toBe(201)
  })

  it('answers in the form of address in which it was asked', async () => {
    const phone = await withLists(await openVillage(), dialect)
    const request = { userIds: ['wv:bob'], contactLists: ['wv:alice/Friends'], defaultList: false }
    const { primitive } = await phone.ask({ name: 'GetAttributeListRequest', body: request })
    expect(primitive).toMatchObject({
      body: { presences: [{ contactList: 'wv:alice/Friends' }, { userId: 'wv:bob' }] },
    })
  })
})

describe('CSP 8.2.4: what GetAttributeList tells of flags', () => {
  it('those that were set, each with its list', async () => {
    const phone = await withLists(await openVillage(), modern)
    await authorize(phone, '', { userIds: [bob, carol], userNotify: true })
    await authorize(phone, '', { contactLists: [work], contactListNotify: false, userNotify: true })
    await authorize(phone, '', { defaultList: true, defaultNotify: true })
    expect(await getLists(phone, { defaultList: true })).toEqual([
      'default: notify=T',
      'friends: StatusText',
      'work: notify=F',
      'bob: notify=T',
      'carol: notify=T',
    ])
  })

  it('of one kept without a list only that of the default, which counts without it', async () => {
    const phone = await withPresence(await openVillage(), 'alice', modern)
    await authorize(phone, 'Alias', { userIds: [bob], userNotify: true, defaultList: true, defaultNotify: true })
    await phone.ask({ name: 'DeleteAttributeListRequest', body: { userIds: [bob], defaultList: true } })
    expect(await getLists(phone, { defaultList: true })).toEqual(['default: notify=T'])
    await authorize(phone, 'Alias', { userIds: [bob] })
    expect(await getLists(phone, { userIds: [bob], defaultList: false })).toEqual(['bob: Alias notify=T'])
  })

  it('an empty list of users names nobody, so that nobody is told of', async () => {
    const phone = await withLists(await openVillage(), modern)
    expect(await getLists(phone, { userIds: [], defaultList: true })).toEqual(['default: OnlineStatus'])
  })

  it('1.1 is not told of InfoLink, which it does not know', async () => {
    const village = await openVillage()
    const phone = await withPresence(village, 'alice', { ...modern, clientId: 'tablet' })
    await authorize(phone, 'Alias InfoLink', { userIds: [bob] })
    const old = await withPresence(village, 'alice', { version: '1.1' })
    expect(await getLists(old, { defaultList: false })).toEqual(['bob: Alias'])
  })
})
