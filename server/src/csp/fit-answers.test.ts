import type { CapabilityList, PrimitiveInput, TransactionInput } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import type { Phone, PhoneOptions, Reply } from '../testing/phone.ts'
import { openVillage, type Village } from '../testing/village.ts'

const syntaxes = ['xml', 'wbxml'] as const

const sizeOf = ({ outbound: { body } }: Reply) => Buffer.byteLength(body)
const namesIn = ({ message }: Reply) => message?.transactions.map(({ primitive }) => primitive?.name) ?? []
const asking = (id: string, primitive: PrimitiveInput): TransactionInput => ({ mode: 'Request', id, primitive })

const lists = (count: number) => Array.from({ length: count }, (_, index) => `wv:alice/list-${index}@example.com`)
const getList = { name: 'GetListRequest', body: {} } as const
const getBlocked = { name: 'GetBlockedListRequest', body: {} } as const
const keepAlive = { name: 'KeepAliveRequest', body: {} } as const
const poll: TransactionInput = { mode: 'Request', primitive: { name: 'PollingRequest', body: {} } }

/** Alice's phone, and a server that has so many contact lists and blocked users for her. */
async function open(options: PhoneOptions = {}, services: readonly string[] = ['SGMNT']) {
  const counts = { lists: 20, blocked: 20 }
  const blocked = () => ({
    ...{ blockList: { entityList: { userIds: lists(counts.blocked) } }, blockListInUse: true },
    ...{ grantList: { entityList: {} }, grantListInUse: false },
  })
  const handlers = {
    GetListRequest: { handle: async () => ({ name: 'GetListResponse', body: { contactLists: lists(counts.lists) } }) },
    GetBlockedListRequest: { handle: async () => ({ name: 'GetBlockedListResponse', body: blocked() }) },
  }
  const village = await openVillage({ handlers, config: { 'poll.holdSeconds': 0 } })
  const alice = await village.ready('alice', { version: '1.3', multiTrans: 4, perMessage: 4, ...options })
  agree(village, {}, [...sessionOf(village).agreement.services, 'GCLI', 'GLBLU', 'CCLI', ...services])
  return { village, alice, bob: await village.ready('bob'), counts }
}

const sessionOf = ({ core }: Village) => core.sessions.ofUser('wv:alice@example.com')[0]!
const agree = (village: Village, capabilities: Partial<CapabilityList>, services?: readonly string[]) => {
  const session = sessionOf(village)
  const { agreement } = session
  session.agreement = {
    ...agreement,
    capabilities: { ...agreement.capabilities!, ...capabilities },
    services: services ?? agreement.services,
  }
}

describe.each(syntaxes)('CSP 6.9.1: an answer whose size is about ParserSize, in %s', syntax => {
  it('has no more octets, with the flags of its message', async () => {
    for (const withCir of [false, true]) {
      const { village, alice } = await open({ syntax })
      if (withCir) {
        village.core.cir.use('STCP', { addresses: () => ({}), knock: () => false, isConnected: () => false })
        agree(village, { supportedCirMethods: ['STCP'] })
        await alice.ask(keepAlive)
        await village.world.pass(120)
      }
      const whole = await alice.exchange([asking('long', getList)])
      expect(whole.message?.cir).toBe(withCir ? false : undefined)
      const size = sizeOf(whole)
      for (let parserSize = size - 40; parserSize <= size; parserSize++) {
        agree(village, { parserSize })
        const reply = await alice.exchange([asking('long', getList)])
        expect(sizeOf(reply)).toBeLessThanOrEqual(parserSize)
        expect(reply.message?.transactions[0]?.segment === undefined).toBe(parserSize === size)
        expect(namesIn(reply)).toEqual(['GetListResponse'])
      }
    }
  })
})

/** All items of a list that came in segments. */
async function itemsOf(phone: Phone, reply: Reply, id: string): Promise<string[]> {
  const { segment, primitive } = reply.message!.transactions.find(it => it.id === id)!
  const items: string[] = JSON.stringify(primitive).match(/wv:alice.list-\d+/g) ?? []
  for (let segmentReference = 1; segmentReference < (segment?.segmentCount ?? 1); segmentReference++) {
    const segmentId = { transactionId: id, segmentReference }
    const { primitive } = await phone.ask({ name: 'GetSegmentRequest', body: { segmentId } })
    items.push(...(JSON.stringify(primitive).match(/wv:alice.list-\d+/g) ?? []))
  }
  return items
}

describe.each(syntaxes)('CSP 6.9.1: several answers in one message, in %s', syntax => {
  const requests = [asking('1', getList), asking('2', keepAlive), asking('3', getBlocked)]

  it.each([
    [20, 20],
    [10, 200],
    [200, 200],
  ])('are segments where they are too large only together: %i and %i items', async (listed, blocked) => {
    const { village, alice, counts } = await open({ syntax })
    Object.assign(counts, { lists: listed, blocked })
    const parserSize = syntax === 'xml' ? 2500 : 1300
    agree(village, { parserSize })
    const reply = await alice.exchange(requests)
    expect(namesIn(reply)).toEqual(['GetListResponse', 'KeepAliveResponse', 'GetBlockedListResponse'])
    expect(sizeOf(reply)).toBeLessThanOrEqual(parserSize)
    expect(sizeOf(reply)).toBeGreaterThan(0.8 * parserSize)
    expect(await itemsOf(alice, reply, '1')).toHaveLength(listed)
    expect(await itemsOf(alice, reply, '3')).toHaveLength(blocked)
  })

  it('are sent as they are where no segments were agreed, and none is too large by itself', async () => {
    const { village, alice } = await open({ syntax }, [])
    const alone = [await alice.exchange([asking('0', getBlocked)]), await alice.exchange([asking('0', getList)])]
    agree(village, { parserSize: Math.max(...alone.map(sizeOf)) })
    expect(namesIn(await alice.exchange(requests))).toEqual([
      ...['GetListResponse', 'KeepAliveResponse', 'GetBlockedListResponse'],
    ])
  })
})

describe.each(syntaxes)('CSP 6.9.1: an answer and what the server says, in %s', syntax => {
  it('do not share a message that would be too large', async () => {
    const { village, alice, bob } = await open({ syntax })
    const { outbound } = await alice.exchange([asking('1', getList)])
    await bob.send('alice', 'x'.repeat(300))
    const parserSize = outbound.body.length + 100
    agree(village, { parserSize })
    const answered = await alice.exchange([asking('2', getList), poll])
    expect([namesIn(answered), answered.message?.poll]).toEqual([['GetListResponse'], true])
    expect(namesIn(await alice.poll())).toEqual(['NewMessage'])
    expect(namesIn(await alice.exchange([asking('3', getList), poll]))).toEqual(['GetListResponse'])
    await bob.send('alice', 'short')
    agree(village, { parserSize: parserSize + 2000 })
    const both = await alice.exchange([asking('4', getList), poll])
    expect(namesIn(both)).toEqual(['GetListResponse', 'NewMessage'])
  })

  it('do so for events as well, of which nothing is left out for that', async () => {
    const { village, alice } = await open({ syntax })
    const { outbound } = await alice.exchange([asking('1', getList)])
    const session = sessionOf(village)
    session.agreement = { ...session.agreement, notifications: ['CLC'] }
    const notification = { notificationType: 'CLC', contactLists: lists(8) }
    session.news.add({ name: 'NotificationRequest', body: notification })
    agree(village, { parserSize: outbound.body.length + 100 })
    const answered = await alice.exchange([asking('2', getList), poll])
    expect([namesIn(answered), answered.message?.poll]).toEqual([['GetListResponse'], true])
    const told = (await alice.poll()).message!.transactions.map(({ primitive }) => primitive?.body)
    expect(told).toMatchObject([notification])
  })

  it('do so for what the server asks of a request in segments', async () => {
    const { village, alice } = await open({ syntax })
    const { outbound } = await alice.exchange([asking('1', getList)])
    agree(village, { parserSize: outbound.body.length })
    const segment = { segmentCount: 2, segmentId: { transactionId: '3', segmentReference: 0 } }
    const nickList = [{ userId: 'wv:bob@example.com' }]
    const create = {
      name: 'CreateListRequest',
      body: { contactList: 'wv:alice/friends@example.com', nickList },
    } as const
    const answered = await alice.exchange([asking('2', getList), { ...asking('3', create), segment }])
    expect(namesIn(answered).at(-1)).toBe('Status')
    expect(sizeOf(answered)).toBeLessThanOrEqual(outbound.body.length)
    expect(answered.message?.poll).toBe(true)
    expect(namesIn(await alice.poll())).toEqual(['GetSegmentRequest'])
  })
})

describe('CSP 6.9.1: MultiTransPerMessage is kept by answers and the server’s own together', () => {
  const both = [asking('1', keepAlive), poll]

  it.each([
    [1, ['KeepAliveResponse'], ['NewMessage']],
    [2, ['KeepAliveResponse', 'NewMessage'], ['NewMessage', 'NewMessage']],
    [3, ['KeepAliveResponse', 'NewMessage', 'NewMessage'], ['NewMessage']],
  ])('%i', async (perMessage, first, second) => {
    const { alice, bob } = await open({ perMessage })
    for (const text of ['one', 'two', 'three']) await bob.send('alice', text)
    const answered = await alice.exchange(both)
    expect([namesIn(answered), answered.message?.poll]).toEqual([first, true])
    const polled = await alice.poll()
    expect(namesIn(polled)).toEqual(second)
  })

  it('events are counted as well', async () => {
    const { village, alice } = await open({ perMessage: 1 })
    const session = sessionOf(village)
    session.agreement = { ...session.agreement, notifications: ['BLC'] }
    session.news.add({ name: 'NotificationRequest', body: { notificationType: 'BLC' } })
    const answered = await alice.exchange(both)
    expect([namesIn(answered), answered.message?.poll]).toEqual([['KeepAliveResponse'], true])
    expect(namesIn(await alice.poll())).toEqual(['NotificationRequest'])
  })

  it('before 1.3 nobody could say how many, and one goes along', async () => {
    const { alice, bob } = await open({ version: '1.2' }, [])
    await bob.send('alice', 'one')
    await bob.send('alice', 'two')
    expect(namesIn(await alice.exchange(both))).toEqual(['KeepAliveResponse', 'NewMessage'])
  })

  it('what rides on a response is not beside an answer', async () => {
    const { alice, bob } = await open({ perMessage: 1 })
    await bob.send('alice', 'one')
    await bob.send('alice', 'two')
    const [first] = (await alice.poll()).message!.transactions
    const next = await alice.answer(first?.id, { name: 'Status', body: { result: { code: 200 } } })
    expect(namesIn(next)).toEqual(['NewMessage'])
  })
})
