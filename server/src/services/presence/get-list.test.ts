import { describe, expect, it } from 'vitest'
import { withLists } from '../../testing/contacts.ts'
import { expectPrimitive, type Phone } from '../../testing/phone.ts'
import { dialects, openVillage } from '../../testing/village.ts'

const [work, friends, chess] = ['work', 'friends', 'chess'].map(name => `wv:alice/${name}@example.com`) as [
  string,
  string,
  string,
]

const create = (phone: Phone, contactList: string, value = 'F') =>
  phone.ask({
    name: 'CreateListRequest',
    body: { contactList, contactListProperties: [{ name: 'Default', value }] },
  })
const remove = (phone: Phone, contactList: string) => phone.code({ name: 'DeleteListRequest', body: { contactList } })
const listsOf = async (phone: Phone) => {
  const { contactLists, defaultContactList } = expectPrimitive(
    (await phone.ask({ name: 'GetListRequest', body: {} })).primitive,
    'GetListResponse',
  )
  return [defaultContactList, contactLists ?? []]
}

describe.each(dialects)('CSP 8.1.2, GetList and DeleteList in $version $syntax', dialect => {
  it('tells the default list apart from the others, and nothing where there are none', async () => {
    const village = await openVillage()
    const phone = await withLists(village, 'alice', dialect)
    expect(await listsOf(phone)).toEqual([undefined, []])
    for (const list of [work, friends]) await create(phone, list)
    expect(await listsOf(phone)).toEqual([work, [friends]])
    await create(phone, chess, 'T')
    expect(await listsOf(phone)).toEqual([chess, [work, friends]])
    expect(await listsOf(await withLists(village, 'bob', dialect))).toEqual([undefined, []])
  })

  it('a list that is deleted is gone, and the oldest of the others takes its place as default', async () => {
    const phone = await withLists(await openVillage(), 'alice', dialect)
    for (const list of [work, friends]) await create(phone, list)
    await create(phone, chess, 'T')
    expect(await remove(phone, 'wv:Alice/CHESS')).toBe(200)
    expect(await remove(phone, chess)).toBe(700)
    expect(await listsOf(phone)).toEqual([work, [friends]])
    expect([await remove(phone, work), await remove(phone, friends)]).toEqual([200, 200])
    expect(await listsOf(phone)).toEqual([undefined, []])
  })
})

describe('CSP 8.1.2', () => {
  it('writes lists as the client wrote its own address when it logged in (CSP 5.3.2)', async () => {
    const village = await openVillage()
    for (const list of [work, friends]) await create(await withLists(village, 'alice'), list)
    const phone = village.phone('alice', { clientId: 'local' })
    await phone.login({ userId: 'wv:alice' })
    await phone.negotiate({ presenceFeat: { contListFunc: {} } })
    expect(await listsOf(phone)).toEqual(['wv:alice/work', ['wv:alice/friends']])
  })

  it('keeps lists over a restart of the server', async () => {
    const village = await openVillage()
    await create(await withLists(village, 'alice'), friends)
    village.restart()
    expect(await listsOf(await withLists(village, 'alice'))).toEqual([friends, []])
  })

  it('506 for who did not agree on lists', async () => {
    const phone = await (await openVillage()).ready('alice')
    expect(await phone.code({ name: 'GetListRequest', body: {} })).toBe(506)
    expect(await remove(phone, friends)).toBe(506)
  })

  it('a list of somebody else is answered like one that does not exist', async () => {
    const village = await openVillage()
    const [alice, bob] = [await withLists(village, 'alice'), await withLists(village, 'bob')]
    await create(alice, friends)
    const answers = [friends, 'wv:alice/nothing'].map(async contactList => {
      const { primitive } = await bob.ask({ name: 'DeleteListRequest', body: { contactList } })
      return expectPrimitive(primitive, 'Status')
    })
    const [theirs, nothing] = await Promise.all(answers)
    expect(theirs).toEqual(nothing)
    expect(await listsOf(alice)).toEqual([friends, []])
  })
})
