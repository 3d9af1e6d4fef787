import type { BodyInput } from '@village/protocol'
import { join } from '@village/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { manage, propertiesOf, readList, withLists } from '../../testing/contacts.ts'
import { codeOf, expectPrimitive, type Phone } from '../../testing/phone.ts'
import { dialects, openVillage, type Village } from '../../testing/village.ts'

type Change = Omit<BodyInput<'ListManageRequest'>, 'contactList'>

const friends = 'wv:alice/friends@example.com'
const work = 'wv:alice/work@example.com'
const [bob, carol] = ['wv:bob@example.com', 'wv:carol@example.com']

const open = async (dialect: Parameters<typeof withLists>[2], config: Record<string, unknown> = {}) => {
  const village = await openVillage({ config })
  const phone = await withLists(village, 'alice', dialect)
  for (const contactList of [friends, work]) await phone.ask({ name: 'CreateListRequest', body: { contactList } })
  return { village, phone }
}

describe.each(dialects)('CSP 8.1.2, ListManage in $version $syntax', dialect => {
  let phone: Phone
  beforeEach(async () => {
    ;({ phone } = await open(dialect))
  })

  it('adds users, names those who have no name, and renames those who are there', async () => {
    const addNickList = [{ userId: 'wv:bob', name: 'Bob' }, { userId: 'carol' }]
    const { result, nickList } = await manage(phone, friends, { addNickList, receiveList: true })
    expect(result.code).toBe(200)
    expect(nickList).toEqual([
      { name: 'Bob', userId: bob },
      { name: 'wv:carol@example.com', userId: carol },
    ])
    const again = [{ userId: 'wv:BOB', name: 'Robert' }, { userId: carol }]
    expect((await manage(phone, friends, { addNickList: again, receiveList: true })).nickList).toEqual([
      { name: 'Robert', userId: bob },
      { name: 'wv:carol@example.com', userId: carol },
    ])
  })

  it('writes users as the client wrote the list (CSP 5.3.2), and those of other domains in full', async () => {
    const addNickList = [{ userId: bob }, { userId: 'wv:x@elsewhere.org' }]
    const users = async (list: string) => (await readList(phone, list)).nickList?.map(({ userId }) => userId)
    await manage(phone, friends, { addNickList, receiveList: true })
    expect(await users('wv:alice/friends')).toEqual(['wv:bob', 'wv:x@elsewhere.org'])
    expect(await users(friends)).toEqual([bob, 'wv:x@elsewhere.org'])
  })

  it('removes users, and is content where they are not there', async () => {
    await manage(phone, friends, { addNickList: [{ userId: bob }, { userId: carol }], receiveList: true })
    const removeNickList: [string, ...string[]] = ['wv:Bob', 'wv:stranger', 'no address']
    const { result, nickList } = await manage(phone, friends, { removeNickList, receiveList: true })
    expect([result.code, nickList?.map(({ userId }) => userId)]).toEqual([200, [carol]])
  })

  it('changes properties, and there is one default list', async () => {
    const said = (name: string, value: string) => [{ name, value }] as const
    const set = async (list: string, name: string, value: string) =>
      propertiesOf(await manage(phone, list, { contactListProperties: said(name, value), receiveList: false }))
    expect(await set(friends, 'DisplayName', 'Fröhliche 朋友')).toMatchObject({
      DisplayName: 'Fröhliche 朋友',
      Default: 'T',
    })
    expect(await set(friends, 'Default', 'F')).toMatchObject({ Default: 'T' })
    expect(await set(work, 'Default', 'T')).toMatchObject({ DisplayName: 'work', Default: 'T' })
    expect(propertiesOf(await readList(phone, friends)).Default).toBe('F')
    const { primitive } = await phone.ask({ name: 'GetListRequest', body: {} })
    const lists = expectPrimitive(primitive, 'GetListResponse')
    expect([lists.defaultContactList, lists.contactLists]).toEqual([work, [friends]])
  })

  it('tells who is on the list only if it is asked to', async () => {
    const { nickList, contactListProperties } = await manage(phone, friends, {
      addNickList: [{ userId: bob }],
      receiveList: false,
    })
    // 1.1 has no way to say so.
    expect(nickList).toEqual(dialect.version === '1.1' ? [{ name: bob, userId: bob }] : undefined)
    expect(contactListProperties).toBeUndefined()
  })

  it('adds the others where some do not exist, and nobody where none does', async () => {
    const addNickList = [{ userId: 'wv:nobody' }, { userId: bob }, { userId: 'wv:x@elsewhere.org' }]
    const { result, nickList } = await manage(phone, friends, { addNickList, receiveList: true })
    const details = [
      { code: 531, userIds: ['wv:nobody'] },
      { code: 200, userIds: [bob, 'wv:x@elsewhere.org'] },
    ]
    expect(result).toMatchObject({ code: 201, details })
    expect(nickList?.map(({ userId }) => userId)).toEqual([bob, 'wv:x@elsewhere.org'])
    const body = { contactList: friends, addNickList: [{ userId: 'wv:nobody' }], receiveList: true }
    expect(codeOf((await phone.ask({ name: 'ListManageRequest', body })).primitive)).toBe(531)
  })
})

describe('CSP 8.1.3: ListManage is refused', () => {
  const refused = async (phone: Phone, contactList: string, change: Change) =>
    expectPrimitive(
      (await phone.ask({ name: 'ListManageRequest', body: { contactList, ...change } })).primitive,
      'Status',
    ).result

  it('with 700 for a list there is not, and for one of somebody else, in the same words', async () => {
    const { village } = await open({ version: '1.3' })
    const other = await withLists(village, 'bob', { version: '1.3' })
    const changes: Change[] = [
      { receiveList: true },
      { addNickList: [{ userId: bob }], receiveList: true },
      { removeNickList: [bob], receiveList: true },
      { contactListProperties: [{ name: 'DisplayName', value: 'Mine' }], receiveList: true },
      { receiveList: true, authorizeAndGrant: true },
    ]
    for (const change of changes) {
      const theirs = await refused(other, friends, change)
      expect(theirs.code).toBe(700)
      expect(theirs).toEqual(await refused(other, 'wv:alice/nothing', change))
      expect((await refused(other, 'wv:bob/nothing', change)).code).toBe(700)
    }
  })

  it('with 752, and then no property is changed', async () => {
    const { phone } = await open({ version: '1.3' })
    const contactListProperties = [
      { name: 'DisplayName', value: 'Changed' },
      { name: 'Colour', value: 'red' },
    ] as const
    expect((await refused(phone, friends, { contactListProperties, receiveList: true })).code).toBe(752)
    expect(propertiesOf(await readList(phone, friends)).DisplayName).toBe('friends')
  })

  it('with 754 where all lists together have too many members then', async () => {
    const { phone } = await open({ version: '1.3' }, { 'contacts.maxContacts': 2 })
    const adding = (...userIds: string[]) => ({ addNickList: userIds.map(userId => ({ userId })), receiveList: true })
    await manage(phone, work, adding(bob))
    expect((await refused(phone, friends, adding(bob, carol))).code).toBe(754)
    expect((await refused(phone, friends, adding(bob, bob, bob))).code).toBe(754)
    expect((await manage(phone, friends, adding(bob))).nickList).toHaveLength(1)
  })

  it('with 755 where AuthorizeAndGrant would make one attribute list too many, and then grants nothing', async () => {
    const { village, phone } = await open({ version: '1.3' }, { 'presence.maxAttributeLists': 1 })
    const grant = { receiveList: true, authorizeAndGrant: true }
    await manage(phone, work, grant)
    expect((await refused(phone, friends, grant)).code).toBe(755)
    expect((await village.store.accessLists.find('wv:alice@example.com')).grant.entries).toHaveLength(1)
  })
})

describe('CSP 8.1.2, 9.3.1: access control goes by who is on a list now', () => {
  const sent = async (from: Phone) => (await from.send('wv:alice@example.com', 'hello')).primitive?.name
  const openGranting = async () => {
    const { village, phone } = await open({ version: '1.3' })
    const grant = { grantList: { addList: { contactLists: [friends] } }, grantListInUse: true }
    await phone.ask({ name: 'BlockEntityRequest', body: grant })
    return { village, phone, sender: await village.ready('bob') }
  }
  const waiting = ({ store }: Village) => store.mailboxes.count('wv:alice@example.com', 'message')

  it('from the answer on', async () => {
    const { phone, sender } = await openGranting()
    expect(await sent(sender)).toBe('Status')
    await manage(phone, friends, { addNickList: [{ userId: bob }], receiveList: true })
    expect(await sent(sender)).toBe('SendMessageResponse')
    await manage(phone, friends, { removeNickList: [bob], receiveList: true })
    expect(await sent(sender)).toBe('Status')
  })

  it.each<[string, (phone: Phone) => Promise<unknown>]>([
    ['removed from it', phone => manage(phone, friends, { removeNickList: [bob], receiveList: true })],
    [
      'on it no more because it is deleted',
      phone => phone.code({ name: 'DeleteListRequest', body: { contactList: friends } }),
    ],
  ])('also for messages that wait: their sender is %s', async (_, change) => {
    const { village, phone, sender } = await openGranting()
    await manage(phone, friends, { addNickList: [{ userId: bob }], receiveList: true })
    await sent(sender)
    expect(await waiting(village)).toBe(1)
    await change(phone)
    expect(await waiting(village)).toBe(0)
  })

  it('AuthorizeAndGrant puts the list on the grant list and lets it see OnlineStatus, once, and F does neither', async () => {
    const { village, phone } = await open({ version: '1.3' })
    const granted = async () => {
      const { primitive } = await phone.ask({ name: 'GetBlockedListRequest', body: {} })
      return expectPrimitive(primitive, 'GetBlockedListResponse').grantList?.entityList?.contactLists
    }
    await manage(phone, friends, { receiveList: true, authorizeAndGrant: false })
    expect(await granted()).toBeUndefined()
    expect(await village.store.attributeLists.of('wv:alice@example.com')).toEqual([])
    for (let time = 0; time < 2; time++) await manage(phone, friends, { receiveList: true, authorizeAndGrant: true })
    expect(await granted()).toEqual([friends])
    expect(await village.store.attributeLists.of('wv:alice@example.com')).toEqual([
      { kind: 'contactList', subject: friends, name: friends, attributes: 'OnlineStatus', notify: undefined },
    ])
  })
})

describe('CSP 6.10: a long contact list', () => {
  it.each(['xml', 'wbxml'] as const)('comes in segments that together say all, in %s', async syntax => {
    const village = await openVillage()
    const contactLists = {
      presenceFeat: { contListFunc: {} },
      fundamentalFeat: { serviceFunc: { sgmnt: true } },
    } as const
    const capabilities = { parserSize: 3000 }
    const phone = await village.ready('alice', { version: '1.3', syntax, services: contactLists, capabilities })
    const nickList = Array.from({ length: 100 }, (_, index) => ({
      name: `Contact ${index}`,
      userId: `wv:user${index}@elsewhere.org`,
    }))
    await phone.ask({ name: 'CreateListRequest', body: { contactList: friends } })
    for (let from = 0; from < nickList.length; from += 20)
      await manage(phone, friends, { addNickList: nickList.slice(from, from + 20), receiveList: false })
    const body = { contactList: friends, receiveList: true }
    const first = await phone.ask({ name: 'ListManageRequest', body }, 'long')
    const segments = []
    for (let segmentReference = 1; segmentReference < first.segment!.segmentCount; segmentReference++) {
      const segmentId = { transactionId: 'long', segmentReference }
      const { primitive } = await phone.ask({ name: 'GetSegmentRequest', body: { segmentId } })
      segments.push(expectPrimitive(primitive, 'GetSegmentResponse').segmentContent)
    }
    expect(segments.length).toBeGreaterThan(0)
    const whole = expectPrimitive(join(first.primitive!, segments), 'ListManageResponse')
    expect(whole.nickList).toEqual(nickList)
    expect(propertiesOf(whole)).toEqual({ DisplayName: 'friends', Default: 'T', DoNotNotify: 'F' })
  })
})
