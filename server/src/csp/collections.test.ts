import {
  contentTypeOf,
  type Message,
  type Primitive,
  type PrimitiveInput,
  Refusal,
  type Split,
  split,
  type Transaction,
  type TransactionInput,
} from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { HeldWorld } from '../testing/held-world.ts'
import { codeOf, type Phone, pushed } from '../testing/phone.ts'
import { openVillage } from '../testing/village.ts'
import { Collections } from './collections.ts'

const nickList = Array.from({ length: 60 }, (_, index) => ({ userId: `wv:friend-${index}@example.com` }))
const createList: PrimitiveInput = {
  name: 'CreateListRequest',
  body: { contactList: 'wv:alice/friends@example.com', nickList },
}

/** A server that remembers the lists it was told to create, and a phone with one that is too long. */
async function setting(syntax: 'xml' | 'wbxml' = 'xml', perMessage = 1) {
  const created: unknown[] = []
  const create = async (body: unknown) => {
    created.push(body)
    return { name: 'Status', body: { result: { code: 200 } } }
  }
  const village = await openVillage({ handlers: { CreateListRequest: { handle: create } } })
  const phone = await village.ready('alice', { version: '1.3', syntax, perMessage })
  await phone.negotiate({ fundamentalFeat: {} })
  const session = village.core.sessions.ofUser('wv:alice@example.com')[0]!
  session.agreement = { ...session.agreement, services: [...session.agreement.services, 'CCLI'] }
  const request: TransactionInput = { mode: 'Request', id: 'long', primitive: createList }
  const { version, sessionId } = phone
  const made = split({ version, syntax, sessionId, transactions: [request] }, 1500)!
  return { village, phone, created, made }
}

const transactionsIn = (message: Message | undefined) =>
  (message?.transactions ?? []).map(({ mode, id, primitive }) => ({
    mode,
    id,
    primitive: primitive!,
    code: codeOf(primitive),
  }))

const strange = [{ name: 'ExtBlock', attributes: [['xmlns', 'http://example.org/ext']], children: [] }] as const

/** Answers what the server asks for, from one reply to the next, or to a poll, until it asks no more. */
async function serve(
  phone: Phone,
  { first, segments }: Split,
  answer?: PrimitiveInput,
  extensions?: TransactionInput['extensions'],
) {
  const said: { id: string | undefined; code: number | undefined }[] = []
  const asked: number[] = []
  let dropped = 0
  let { message } = await phone.exchange([first])
  for (;;) {
    const came = transactionsIn(message)
    said.push(...came.flatMap(({ mode, id, code }) => (mode === 'Response' ? [{ id, code }] : [])))
    const question = came.find(({ mode }) => mode === 'Request')
    if (question === undefined) {
      if (message?.poll !== true) return { said, asked, dropped }
      message = (await phone.poll()).message
      continue
    }
    const { id, primitive } = question
    let reply: PrimitiveInput = { name: 'Status', body: { result: { code: 200 } } }
    if (primitive.name === 'DropSegmentRequest') dropped++
    else if (primitive.name === 'GetSegmentRequest') {
      const { segmentId } = primitive.body
      asked.push(segmentId.segmentReference)
      const isLast = answer !== undefined && asked.length === 2
      const segmentContent = segments[segmentId.segmentReference]!
      reply = isLast ? answer : { name: 'GetSegmentResponse', body: { segmentId, segmentContent } }
    }
    message = (await phone.exchange([{ mode: 'Response', id, primitive: reply, extensions }])).message
  }
}

const status = (code: number): PrimitiveInput => ({ name: 'Status', body: { result: { code } } })

describe('CSP 6.10: a request in segments', () => {
  it.each([
    ['xml', 1],
    ['xml', 2],
    ['wbxml', 1],
    ['wbxml', 2],
  ] as const)(
    'is carried out once, when all of it is there, in %s; MultiTransPerMessage %i',
    async (syntax, perMessage) => {
      const { phone, created, made } = await setting(syntax, perMessage)
      const { said, asked, dropped } = await serve(phone, made)
      expect(asked).toEqual(made.segments.slice(1).map((_, index) => index + 1))
      expect(said).toEqual([
        { id: 'long', code: 102 },
        { id: 'long', code: 200 },
      ])
      expect(dropped).toBe(1)
      expect(created).toEqual([expect.objectContaining({ nickList })])
      expect((await serve(phone, made)).said).toEqual([{ id: 'long', code: 200 }])
      expect(created).toHaveLength(1)
    },
  )

  it('203 where something in it was of somebody else, also when it is repeated', async () => {
    const { phone, made } = await setting()
    const with203: Split = { ...made, first: { ...made.first, extensions: strange } }
    expect((await serve(phone, with203)).said.at(-1)).toEqual({ id: 'long', code: 203 })
    expect((await serve(phone, with203)).said).toEqual([{ id: 'long', code: 203 }])
    expect((await serve(phone, made)).said).toEqual([{ id: 'long', code: 200 }])
  })

  it('203 also where that came with a later segment', async () => {
    const { phone, made } = await setting()
    expect((await serve(phone, made, undefined, strange)).said.at(-1)).toEqual({ id: 'long', code: 203 })
  })

  it.each([480, 580])('is carried out with what there is after %i', async code => {
    const { phone, created, made } = await setting()
    const { said, dropped } = await serve(phone, made, status(code))
    expect(said.at(-1)).toEqual({ id: 'long', code: 200 })
    expect(dropped).toBe(0)
    const { nickList: came } = created[0] as { nickList: unknown[] }
    expect(came.length).toBeGreaterThan(0)
    expect(came.length).toBeLessThan(nickList.length)
  })

  it.each([481, 581, 434])('is not carried out after %i', async code => {
    const { phone, created, made } = await setting()
    expect((await serve(phone, made, status(code))).said.at(-1)).toEqual({ id: 'long', code: 481 })
    expect(created).toEqual([])
  })

  it('is asked for again where the question was lost, and under the same id after 20 seconds', async () => {
    const { village, phone, created, made } = await setting('xml', 2)
    const body = phone.write([made.first])
    const outbound = await phone.post(body, contentTypeOf(phone.syntax, phone.version))
    expect(String(outbound.body)).toContain('GetSegment-Request')
    outbound.onLost!()
    const question = transactionsIn((await phone.poll()).message)[0]!
    expect(question.primitive.name).toBe('GetSegmentRequest')
    expect((await phone.poll()).message).toBeUndefined()
    await village.world.pass(20)
    expect(transactionsIn((await phone.poll()).message)).toEqual([question])
    expect((await serve(phone, made)).said).toEqual([
      { id: 'long', code: 102 },
      { id: 'long', code: 200 },
    ])
    expect(created).toHaveLength(1)
  })

  it('503 for a third at a time, until one of them has been silent for two minutes', async () => {
    const { village, phone, made } = await setting()
    const begin = async (id: string) => {
      const { message } = await phone.exchange([{ ...made.first, id }])
      return transactionsIn(message).find(it => it.id === id)?.code
    }
    expect([await begin('a'), await begin('b'), await begin('c')]).toEqual([102, 102, 503])
    await village.world.pass(121)
    expect((await phone.poll()).message).toBeUndefined()
    expect(await begin('c')).toBe(102)
  })

  it('503 where all sessions together keep as much as they may', async () => {
    const { made } = await setting()
    const transaction = { ...made.first, source: new Uint8Array(100), extensions: [] } as unknown as Transaction
    const collections = new Collections('g')
    const full = { reserve: () => false, release: () => {} }
    expect(() => collections.begin(transaction, transaction.primitive!, 'f', full, new HeldWorld())).toThrow(
      expect.objectContaining({ code: 503 }),
    )
    expect(collections.isEmpty).toBe(true)
  })

  describe('asks no more at a time than was agreed (MultiTrans, MultiTransPerMessage)', () => {
    const namesIn = ({ message }: { message: Message | undefined }) =>
      transactionsIn(message).map(({ mode, primitive }) => `${mode} ${primitive.name}`)
    const begin = (phone: Phone, { first }: Split, id: string) => phone.exchange([{ ...first, id }])
    const asking = ['Response Status', 'Request GetSegmentRequest']

    it('one thing: the next is asked when that is answered, and the Poll flag says so', async () => {
      const { phone, made } = await setting('xml', 2)
      const one = await begin(phone, made, 'a')
      expect([namesIn(one), one.message?.poll]).toEqual([asking, false])
      const other = await begin(phone, made, 'b')
      expect([namesIn(other), other.message?.poll]).toEqual([['Response Status'], true])
      expect((await phone.poll()).message).toBeUndefined()
      const [, question] = transactionsIn(one.message)
      const segmentId = { transactionId: 'a', segmentReference: 1 }
      const segment = { name: 'GetSegmentResponse', body: { segmentId, segmentContent: made.segments[1]! } } as const
      const next = await phone.answer(question!.id, segment)
      expect([namesIn(next), next.message?.poll]).toEqual([['Request GetSegmentRequest'], true])
    })

    it('messages are counted as well', async () => {
      const { village, phone, made } = await setting()
      await phone.negotiate({ fundamentalFeat: {}, ...pushed })
      const session = village.core.sessions.ofUser('wv:alice@example.com')[0]!
      session.agreement = { ...session.agreement, services: [...session.agreement.services, 'CCLI'] }
      await phone.send('alice', 'to myself')
      const [message] = transactionsIn((await phone.poll()).message)
      expect(message?.primitive.name).toBe('NewMessage')
      const { message: begun } = await begin(phone, made, 'a')
      expect([namesIn({ message: begun }), begun?.poll]).toEqual([['Response Status'], true])
      const question = await phone.answer(message?.id, status(200))
      expect(namesIn(question)).toEqual(['Request GetSegmentRequest'])
      await phone.send('alice', 'and again')
      expect((await phone.poll()).message).toBeUndefined()
      const [asked] = transactionsIn(question.message)
      await phone.answer(asked?.id, status(481))
      expect(namesIn(await phone.poll())).toEqual(['Request NewMessage'])
    })

    it('several where that was agreed, but not in one message', async () => {
      const { village, phone, made } = await setting()
      const session = village.core.sessions.ofUser('wv:alice@example.com')[0]!
      const capabilities = { ...session.agreement.capabilities!, multiTrans: 2, multiTransPerMessage: 1 }
      session.agreement = { ...session.agreement, capabilities }
      const both = await phone.exchange([
        { ...made.first, id: 'a' },
        { ...made.first, id: 'b' },
      ])
      expect(namesIn(both)).toEqual(['Response Status', 'Response Status'])
      expect(both.message?.poll).toBe(true)
      for (const isMore of [true, false]) {
        const polled = await phone.poll()
        expect([namesIn(polled), polled.message?.poll]).toEqual([['Request GetSegmentRequest'], isMore])
      }
    })
  })

  it('402 for one of endlessly many segments', async () => {
    const { phone, made } = await setting()
    const segment = { ...made.first.segment!, segmentCount: 1001 }
    expect(transactionsIn((await phone.exchange([{ ...made.first, segment }])).message)[0]?.code).toBe(402)
  })

  it('400 where a segment holds what the request does not have', async () => {
    const { phone, made, created } = await setting()
    const wrong = { segments: made.segments.map(() => ({ grantList: { entityList: { userIds: ['wv:bob'] } } })) }
    expect((await serve(phone, { ...made, ...wrong })).said.at(-1)).toEqual({ id: 'long', code: 400 })
    expect(created).toEqual([])
  })

  it.each([100, 2_000_000])('gives back the room it took, after a last segment of %i octets', async octets => {
    const { village, made } = await setting()
    let reserved = 0
    const reserve = (more: number) => {
      reserved += more
      return true
    }
    const room = { reserve, release: (less: number) => void (reserved -= less) }
    const segment = { ...made.first.segment!, segmentCount: 2 }
    const source = new Uint8Array(500)
    const first = { mode: 'Request', id: 'long', segment, extensions: [], source } as unknown as Transaction
    const collections = new Collections('s')
    collections.begin(first, createList as Primitive, undefined, room, village.world)
    const [question] = collections.take(1, village.world.now(), room).transactions
    const primitive = { name: 'GetSegmentResponse', body: { segmentId: segment.segmentId, segmentContent: {} } }
    const last = { mode: 'Response', id: question!.id, primitive, extensions: [], source: new Uint8Array(octets) }
    const collected = collections.onResponse(last as unknown as Transaction, room, village.world)
    expect(collected?.outcome instanceof Refusal).toBe(octets > 1_048_576)
    expect(reserved).toBe(0)
  })
})
