import type { BodyInput } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { newContact, newList } from '../../testing/contacts.ts'
import { codeOf, expectPrimitive, type Phone } from '../../testing/phone.ts'
import { dialects, openVillage, type Village } from '../../testing/village.ts'

type Change = BodyInput<'BlockEntityRequest'>
type Entities = NonNullable<NonNullable<Change['blockList']>['addList']>

const alice = 'wv:alice@example.com'
const bob = 'wv:bob@example.com'
const carol = 'wv:carol@example.com'

const change = (phone: Phone, body: Change) => phone.ask({ name: 'BlockEntityRequest', body })
const block = async (phone: Phone, addList: Entities, more: Change = {}) =>
  codeOf((await change(phone, { blockList: { addList }, ...more })).primitive)
const lists = async (phone: Phone) => {
  const { primitive } = await phone.ask({ name: 'GetBlockedListRequest', body: {} })
  return expectPrimitive(primitive, 'GetBlockedListResponse')
}
const isSent = async (from: Phone, text: string) => (await from.send(alice, text)).primitive?.name

describe.each(dialects)('CSP 9.3.1 in $version $syntax', dialect => {
  it('lists are empty at first, kept while they are off, and told as they are', async () => {
    const phone = await (await openVillage()).ready('alice', dialect)
    const first = await lists(phone)
    expect([first.blockListInUse, first.grantListInUse]).toEqual([true, false])
    expect([first.blockList?.entityList, first.grantList?.entityList]).toEqual([undefined, undefined])
    const users = { userIds: ['wv:Bob', 'wv:spammer*'] }
    expect(await block(phone, users, { blockListInUse: false, grantListInUse: false })).toBe(200)
    const { blockList, blockListInUse, grantList, grantListInUse } = await lists(phone)
    expect(blockList?.entityList).toMatchObject({ userIds: ['wv:Bob@example.com', 'wv:spammer*'], groupIds: [] })
    expect([blockListInUse, grantListInUse, grantList?.entityList]).toEqual([false, false, undefined])
    await change(phone, { blockList: { removeList: { userIds: ['WV:BOB@EXAMPLE.COM', 'wv:stranger'] } } })
    expect((await lists(phone)).blockList?.entityList?.userIds).toEqual(['wv:spammer*'])
  })

  it('who is blocked is told so, until that is taken back or the list is off', async () => {
    const village = await openVillage()
    const [me, sender] = [await village.ready('alice', dialect), await village.ready('bob', dialect)]
    expect(await block(me, { userIds: [bob] })).toBe(200)
    const { primitive } = await sender.send([alice, carol], 'hello')
    expect(expectPrimitive(primitive, 'SendMessageResponse').result).toMatchObject({
      code: 201,
      details: [
        { code: 532, userIds: [alice] },
        { code: 200, userIds: [carol] },
      ],
    })
    expect(codeOf((await sender.send(alice, 'you alone')).primitive)).toBe(532)
    expect(await me.texts()).toEqual([])
    await change(me, { blockListInUse: false })
    expect(await isSent(sender, 'heard')).toBe('SendMessageResponse')
    await change(me, { blockListInUse: true, blockList: { removeList: { userIds: ['wv:bob'] } } })
    expect(await isSent(sender, 'again')).toBe('SendMessageResponse')
    expect(await me.texts()).toEqual(['heard', 'again'])
  })
})

describe('CSP 9.3.1: a request that cannot be granted', () => {
  const tried = async (addList: Entities, config: Record<string, unknown> = {}) => {
    const phone = await (await openVillage({ config })).ready('alice', { version: '1.3' })
    const userIds = [carol, ...(addList.userIds ?? [])]
    const { primitive } = await change(phone, { blockList: { addList: { ...addList, userIds } } })
    expect((await lists(phone)).blockList).toBeUndefined()
    return expectPrimitive(primitive, 'Status').result
  }

  it.each<[number, Entities, Record<string, unknown>?]>([
    [531, { userIds: ['wv:nobody'] }],
    [531, { userIds: ['sip:bob'] }],
    [531, { userIds: ['wv:with blank*'] }],
    [531, { userIds: ['wv:%00*'] }],
    [800, { screenNames: [{ name: 'Pawn', groupId: 'wv:/a%20b*' }] }],
    [700, { contactLists: ['wv:alice/friends'] }],
    [700, { contactLists: ['wv:bob/friends'] }],
    [800, { groupIds: ['wv:/nowhere'] }],
    [800, { screenNames: [{ name: 'Pawn', groupId: 'wv:/nowhere' }] }],
    [547, { userIds: ['wv:b*'] }, { 'access.maxWildcards': 0 }],
    [548, { applicationIds: ['a*b*c'] }, { 'access.maxWildcards': 1 }],
    [548, { userIds: [`wv:${'*a'.repeat(200)}`] }],
    [548, { applicationIds: ['a*', 'b?'] }, { 'access.maxWildcardEntries': 1 }],
    [757, { applicationIds: ['a', 'b'] }, { 'access.maxBlocked': 2 }],
    [757, { applicationIds: Array.from({ length: 10_000 }, () => 'x') }],
    [400, { applicationIds: ['x'.repeat(601)] }],
    [400, { applicationIds: [''] }],
  ])('gets %i and changes nothing: %#', async (code, addList, config) => {
    expect((await tried(addList, config)).code).toBe(code)
  })

  it('tells all that is wrong with it, as it was written', async () => {
    const wrong = { userIds: ['wv:Nobody', 'wv:nowhere'], groupIds: ['wv:/G'] }
    expect(await tried(wrong)).toMatchObject({
      code: 900,
      details: [
        { code: 531, userIds: ['wv:Nobody', 'wv:nowhere'] },
        { code: 800, groupIds: ['wv:/G'] },
      ],
    })
  })

  it('gets 756 where the grant list is full, counted with what was there before', async () => {
    const phone = await (await openVillage({ config: { 'access.maxGranted': 2 } })).ready('alice', { version: '1.3' })
    const grant = async (...applicationIds: string[]) =>
      codeOf((await change(phone, { grantList: { addList: { applicationIds } } })).primitive)
    expect([await grant('a', 'b'), await grant('A', 'B'), await grant('c')]).toEqual([200, 200, 756])
  })

  it('counts entries with wildcards together with those that stay', async () => {
    const phone = await (await openVillage({ config: { 'access.maxWildcardEntries': 2 } })).ready('alice', {
      version: '1.3',
    })
    const with_ = async (add: string[], remove: string[] = []) => {
      const blockList = { addList: { applicationIds: add }, removeList: { applicationIds: remove } }
      return codeOf((await change(phone, { blockList })).primitive)
    }
    expect([await with_(['a*', 'b*']), await with_(['A*', 'plain']), await with_(['c*'])]).toEqual([200, 200, 548])
    expect(await with_(['c*'], ['a*'])).toBe(200)
  })

  it('takes the word of other domains for who is there', async () => {
    const phone = await (await openVillage()).ready('alice', { version: '1.3' })
    const elsewhere = { userIds: ['wv:x@foo.com'], groupIds: ['wv:/g@foo.com'] }
    expect(await block(phone, elsewhere)).toBe(200)
  })
})

describe('CSP 9.3.1: contact lists', () => {
  const friends = 'wv:alice/friends@example.com'
  const manage = async ({ store, core }: Village, unit: Parameters<typeof store.commit>[0]) => {
    await store.commit(unit)
    core.forgetUser(alice)
  }

  it('count by who is on them now', async () => {
    const village = await openVillage()
    const { contactLists } = village.store
    await manage(village, contactLists.create(alice, newList(friends), 1))
    const [me, sender] = [await village.ready('alice', { version: '1.3' }), await village.ready('bob')]
    const addList = { contactLists: ['wv:alice/Friends'] }
    expect(codeOf((await change(me, { grantList: { addList }, grantListInUse: true })).primitive)).toBe(200)
    expect(await isSent(sender, 'too early')).toBe('Status')
    await manage(village, contactLists.addMembers(alice, friends, [newContact(bob)], 1, null))
    expect(await isSent(sender, 'a friend')).toBe('SendMessageResponse')
    await manage(village, contactLists.remove(alice, friends, null))
    expect(await isSent(sender, 'no more')).toBe('Status')
    expect(await me.texts()).toEqual(['a friend'])
  })
})

describe('CSP 9.3.1: messages that wait when their sender is blocked', () => {
  const waiting = async (hideBlock: boolean) => {
    const village = await openVillage({ config: { 'messages.hideBlock': hideBlock } })
    const [sender, other] = [await village.ready('bob'), await village.ready('carol')]
    for (let number = 0; number < 120; number++) await sender.send(alice, `bob ${number}`, { report: number === 7 })
    await other.send(alice, 'carol')
    const me = await village.ready('alice')
    return { village, sender, me }
  }

  it('are taken out, wherever they are, and reported to a sender who asked', async () => {
    const { village, sender, me } = await waiting(false)
    const first = (await me.poll()).message?.transactions[0]
    expect(await block(me, { userIds: [bob] })).toBe(200)
    expect(await village.store.mailboxes.count(alice, 'message')).toBe(1)
    expect(await me.texts()).toEqual(['carol'])
    const delivered = expectPrimitive(first?.primitive, 'NewMessage')
    expect(delivered.contentData).toBe('bob 0')
    const { message } = await sender.poll()
    const report = expectPrimitive(message?.transactions[0]?.primitive, 'DeliveryReportRequest')
    expect(report.result.code).toBe(532)
  })

  it('are looked through page by page, and once for the same lists', async () => {
    let pages = 0
    const village = await openVillage({
      config: { 'access.maxWildcardEntries': 1000, 'access.maxBlocked': 1001 },
      around: store => ({
        ...store,
        mailboxes: {
          ...store.mailboxes,
          waiting: (...page) => {
            pages++
            return store.mailboxes.waiting(...page)
          },
        },
      }),
    })
    const [sender, me] = [await village.ready('bob'), await village.ready('alice')]
    for (let number = 0; number < 1000; number++) await sender.send(alice, 'x')
    const pattern = `wv:*${'b'.repeat(40)}*${'b'.repeat(20)}*b*b*b`
    const userIds = Array.from({ length: 1000 }, (_, number) => `${pattern}${number}`)
    pages = 0
    expect(await block(me, { userIds })).toBe(200)
    expect(pages).toBe(21)
    // What changes nothing is not looked for again.
    expect(await block(me, { userIds }, { blockListInUse: true })).toBe(200)
    expect(pages).toBe(21)
    expect(await block(me, { userIds: [bob] })).toBe(200)
    expect(await village.store.mailboxes.count(alice, 'message')).toBe(0)
  }, 30_000)

  it('go without a word where blocks are hidden', async () => {
    const { village, sender, me } = await waiting(true)
    expect(await block(me, { userIds: [bob] })).toBe(200)
    expect(await me.texts()).toEqual(['carol'])
    expect((await sender.poll()).message?.transactions ?? []).toEqual([])
    expect(await village.store.mailboxes.countAll()).toBe(0)
  })
})

describe('CSP 9.3.1: a message to somebody who blocks its sender', () => {
  const blocked = async (hideBlock: boolean) => {
    const village = await openVillage({ config: { 'messages.hideBlock': hideBlock } })
    const [me, sender] = [await village.ready('alice'), await village.ready('bob')]
    const send = async (to: string[], id = '77') => (await sender.send(to, 'psst', { id })).primitive
    return { village, me, sender, send }
  }

  it('is taken where it repeats one from before the block, over a crash', async () => {
    const { village, me, send } = await blocked(false)
    const first = await send([alice])
    expect(await block(me, { userIds: [bob] })).toBe(200)
    village.restart()
    expect(expectPrimitive(await send([alice]), 'SendMessageResponse')).toEqual(
      expectPrimitive(first, 'SendMessageResponse'),
    )
    expect(await me.texts()).toEqual([])
    expect(codeOf(await send([alice], '78'))).toBe(532)
  })

  it.each([[[alice]], [[alice, carol]]])('seems to be sent where that is hidden: to %j', async to => {
    const { village, me, send } = await blocked(true)
    expect(await block(me, { userIds: [bob] })).toBe(200)
    const first = expectPrimitive(await send(to), 'SendMessageResponse')
    expect(first).toMatchObject({ result: { code: 200 }, messageId: expect.any(String) })
    expect(await village.store.mailboxes.count(alice, 'message')).toBe(0)
    village.restart()
    expect(expectPrimitive(await send(to), 'SendMessageResponse')).toEqual(first)
    expect(await me.texts()).toEqual([])
    const other = await village.ready('carol')
    expect(await other.texts()).toEqual(to.length === 2 ? ['psst'] : [])
  })

  it('is named among those who have it where that is hidden, over a crash', async () => {
    const { village, me, send } = await blocked(true)
    expect(await block(me, { userIds: [bob] })).toBe(200)
    const to = [alice, 'wv:nobody@example.com', carol]
    const { result } = expectPrimitive(await send(to), 'SendMessageResponse')
    expect(result.details).toMatchObject([{ code: 531 }, { code: 200, userIds: [alice, carol] }])
    village.restart()
    expect(expectPrimitive(await send(to), 'SendMessageResponse').result).toEqual(result)
  })

  it('does not disturb who is not to hear it', async () => {
    const { village, me, send } = await blocked(true)
    await block(me, { userIds: [bob] })
    await me.texts()
    const [session] = village.core.sessions.ofUser(alice)
    await send([alice])
    expect(session?.outbox.hasWaiting(village.world.now())).toBe(false)
  })

  it('is refused as ever where a queue is full, hidden or not', async () => {
    const village = await openVillage({ config: { 'messages.hideBlock': true, 'messages.queueLimit': 1 } })
    const [me, sender, other] = [await village.ready('alice'), await village.ready('bob'), await village.ready('carol')]
    await block(me, { userIds: [bob] })
    await other.send(alice, 'fills it')
    expect(codeOf((await sender.send(alice, 'psst')).primitive)).toBe(507)
  })
})

describe('an account that was removed', () => {
  it('leaves no rules to who comes next under its name', async () => {
    const village = await openVillage()
    const [me, sender] = [await village.ready('alice'), await village.ready('bob')]
    await block(me, { userIds: [bob] })
    expect(await isSent(sender, 'blocked')).toBe('Status')
    await village.store.commit(village.store.accounts.remove(alice))
    village.core.forgetUser(alice)
    await village.add('alice')
    expect(await isSent(sender, 'welcome')).toBe('SendMessageResponse')
  })
})
