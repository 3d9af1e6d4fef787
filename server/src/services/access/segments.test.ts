import type { Body } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { codeOf, expectPrimitive, type Phone } from '../../testing/phone.ts'
import { fetchWhole } from '../../testing/segments.ts'
import { openVillage, type Village } from '../../testing/village.ts'
import type { Agreement } from './agreement.ts'

const contactLists = Array.from({ length: 200 }, (_, index) => `wv:alice/list-${index}@example.com`)
const getList = { name: 'GetListRequest', body: {} } as const

/** A server that has contact lists, and a phone that can read so many octets at a time. */
async function setting({ parserSize = 2000, services = ['SGMNT'], syntax = 'xml' as 'xml' | 'wbxml' } = {}) {
  let lists = contactLists
  const handlers = {
    GetListRequest: { handle: async () => ({ name: 'GetListResponse', body: { contactLists: lists } }) },
  }
  const village = await openVillage({ handlers })
  const phone = await village.ready('alice', { version: '1.3', syntax })
  agree(village, agreement => ({
    services: [...agreement.services, 'GCLI', ...services],
    capabilities: { ...agreement.capabilities!, parserSize },
  }))
  const change = (to: string[]) => {
    lists = to
  }
  return { village, phone, change }
}

const sessionOf = (village: Village) => village.core.sessions.ofUser('wv:alice@example.com')[0]!
const agree = (village: Village, change: (agreement: Agreement) => Partial<Agreement>) => {
  const session = sessionOf(village)
  session.agreement = { ...session.agreement, ...change(session.agreement) }
}

const segmentId = (transactionId: string, segmentReference: number) => ({
  segmentId: { transactionId, segmentReference },
})
const get = (id: string, reference: number) => ({ name: 'GetSegmentRequest', body: segmentId(id, reference) }) as const
const drop = (id: string) => ({ name: 'DropSegmentRequest', body: segmentId(id, 0) }) as const

const collect = (phone: Phone, id: string) => fetchWhole(phone, getList, id)

describe('CSP 6.10: an answer that is larger than its client can read', () => {
  it.each(['xml', 'wbxml'] as const)('comes in segments that fit and together say all, in %s', async syntax => {
    const { phone } = await setting({ syntax })
    const { first, whole, sizes } = await collect(phone, 'list')
    expect(first.segment).toMatchObject({ segmentId: { transactionId: 'list', segmentReference: 0 } })
    expect(whole.body as Body<'GetListResponse'>).toEqual({ contactLists })
    expect(sizes.length).toBeGreaterThan(2)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2000)
  })

  it('stays as it was until it is dropped, and segments can be had again', async () => {
    const { phone, change } = await setting()
    const { first } = await collect(phone, 'list')
    change(['wv:alice/new@example.com'])
    const twice = [await phone.ask(get('list', 1)), await phone.ask(get('list', 1))]
    expect(twice[0]!.primitive).toEqual(twice[1]!.primitive)
    const zero = expectPrimitive((await phone.ask(get('list', 0))).primitive, 'GetSegmentResponse')
    expect(zero.segmentContent.contactLists).toEqual((first.primitive!.body as Body<'GetListResponse'>).contactLists)
    expect(await phone.code(drop('list'))).toBe(200)
    expect(await phone.code(get('list', 1))).toBe(434)
  })

  it('434 for what was never cut, 435 for a segment behind the last', async () => {
    const { phone } = await setting()
    await collect(phone, 'list')
    expect(await phone.code(get('other', 1))).toBe(434)
    expect(await phone.code(drop('other'))).toBe(434)
    expect(await phone.code(get('list', 999))).toBe(435)
  })

  it('is gone with the session', async () => {
    const { village, phone } = await setting()
    await collect(phone, 'list')
    await phone.ask({ name: 'LogoutRequest', body: {} })
    await phone.login()
    agree(village, () => ({ services: ['SGMNT'] }))
    expect(await phone.code(get('list', 1))).toBe(434)
  })

  it('is refused with 432 where segments were not agreed, or there is nothing to cut', async () => {
    const { phone } = await setting({ services: [] })
    expect(await phone.code(getList)).toBe(432)
    const { phone: other } = await setting({ parserSize: 700 })
    expect(await other.code({ name: 'ServiceRequest', body: { allFunctionsRequest: true } })).toBe(432)
  })

  it('is sent as it is where not even a refusal would fit', async () => {
    const { phone } = await setting({ parserSize: 10 })
    expect((await phone.ask(getList)).primitive?.name).toBe('GetListResponse')
  })

  it('names less of what failed, rather than to look as if all had failed', async () => {
    const { village, phone } = await setting({ parserSize: 1000 })
    const strangers = Array.from({ length: 30 }, (_, index) => `nobody-${index}`)
    const answer = async () =>
      expectPrimitive((await phone.send(['bob', ...strangers], 'hello')).primitive, 'SendMessageResponse').result
    const { code, details } = await answer()
    expect([code, details.map(detail => detail.code)]).toEqual([201, [531]])
    expect(details[0]!.userIds.length).toBeGreaterThan(5)
    expect(details[0]!.userIds).toEqual(strangers.slice(0, details[0]!.userIds.length))
    const read = (parserSize: number) =>
      agree(village, ({ capabilities }) => ({ capabilities: { ...capabilities!, parserSize } }))
    read(820)
    expect(await answer()).toMatchObject({ code: 201, details: [{ code: 531, userIds: ['nobody-0'] }] })
    read(740)
    expect(await answer()).toMatchObject({ code: 201, details: [] })
  })

  it('names what succeeded only where there is room for all that failed as well', async () => {
    const { village, phone } = await setting({ parserSize: 1500 })
    const friends = Array.from({ length: 9 }, (_, index) => `friend-${index}-of-everybody`)
    for (const name of friends) await village.add(`wv:${name}@example.com`)
    const answer = async () => {
      const { primitive } = await phone.send([...friends, 'nobody'], 'hello')
      return expectPrimitive(primitive, 'SendMessageResponse').result.details
    }
    const failed = { code: 531, userIds: ['nobody'] }
    expect(await answer()).toMatchObject([failed, { code: 200, userIds: friends }])
    agree(village, ({ capabilities }) => ({ capabilities: { ...capabilities!, parserSize: 1000 } }))
    expect(await answer()).toMatchObject([failed])
    const strangers = Array.from({ length: 5 }, (_, index) => `stranger-${index}-to-everybody`)
    const { primitive } = await phone.send([...friends, ...strangers], 'hello')
    expect(expectPrimitive(primitive, 'SendMessageResponse').result.details).toMatchObject([{ userIds: strangers }])
  })

  it('is success without the list where a list was changed, and 432 where it was only to be read', async () => {
    const { village, phone } = await setting({ services: ['CCLI', 'MCLS'], parserSize: 1500 })
    const contactList = 'wv:alice/friends@example.com'
    const users = Array.from({ length: 40 }, (_, index) => ({ userId: `wv:friend-${index}@example.com` }))
    for (const { userId } of users) await village.add(userId)
    const create = { name: 'CreateListRequest', body: { contactList, nickList: users } } as const
    expectPrimitive((await phone.ask(create)).primitive, 'CreateListResponse')
    const more = { addNickList: [{ userId: 'wv:bob@example.com' }, { userId: 'wv:nobody@example.com' }] }
    const manage = async (body: object) =>
      (await phone.ask({ name: 'ListManageRequest', body: { contactList, receiveList: true, ...body } })).primitive
    const { result, nickList } = expectPrimitive(await manage(more), 'ListManageResponse')
    expect(nickList).toBeUndefined()
    expect(result).toMatchObject({ code: 201, details: [{ code: 531, userIds: ['wv:nobody@example.com'] }] })
    expect(codeOf(await manage({}))).toBe(432)
  })

  it('agrees without the list of all services where that is too large', async () => {
    const { village, phone } = await setting({ services: [], parserSize: 1000 })
    const functions = { imFeat: {}, presenceFeat: {} }
    const ask = async (body: object) => (await phone.ask({ name: 'ServiceRequest', body } as never)).primitive
    const answer = expectPrimitive(await ask({ functions, allFunctionsRequest: true }), 'ServiceResponse')
    expect(answer.allFunctions).toBeUndefined()
    expect(sessionOf(village).agreement.services).toContain('PresenceFeat')
    expect(codeOf(await ask({ allFunctionsRequest: true }))).toBe(432)
  })

  it('506 without agreement', async () => {
    const { phone } = await setting({ services: [] })
    expect(codeOf((await phone.ask(get('list', 1))).primitive)).toBe(506)
  })

  it('is kept eight times at most: who drops none loses the oldest', async () => {
    const { phone } = await setting()
    for (let count = 0; count < 9; count++) await phone.ask(getList, `list-${count}`)
    expect(await phone.code(get('list-0', 1))).toBe(434)
    expect((await phone.ask(get('list-1', 1))).primitive?.name).toBe('GetSegmentResponse')
  })
})
