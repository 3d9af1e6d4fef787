import { describe, expect, it } from 'vitest'
import { decode, encode } from '../src/codec/index.ts'
import type { Message, MessageInput, Syntax, TransactionInput } from '../src/codec/message.ts'
import { catalogue, type Primitive, type PrimitiveName } from '../src/schema/catalogue.ts'
import { type SegmentContent as Content, SegmentContent } from '../src/schema/segments.ts'
import { isSplittable, join, type Split, sizeOf, split } from '../src/segmentation.ts'
import { Random } from './random.ts'
import { Sampler } from './samples.ts'

const syntaxes: readonly Syntax[] = ['xml', 'wbxml']

const reread = (message: MessageInput): Message => {
  const written = encode(message)
  const read = decode(typeof written === 'string' ? new TextEncoder().encode(written) : written)
  for (const { refusal } of read.transactions) expect(refusal, refusal?.message).toBeUndefined()
  return read
}

const answerOf = (syntax: Syntax, primitive: TransactionInput['primitive'], id = '17'): MessageInput => ({
  ...{ version: '1.3', syntax, sessionId: 'a-session' },
  transactions: [{ mode: 'Response', id, primitive }],
})

/** The segments as the other end reads them, each in a message of its own. */
const segmentsOf = ({ segments }: Split, message: MessageInput) =>
  segments.slice(1).map((segmentContent, index) => {
    const segmentId = { transactionId: '17', segmentReference: index + 1 }
    return answerOf(message.syntax, { name: 'GetSegmentResponse', body: { segmentId, segmentContent } }, '18')
  })

const contentIn = (message: Message) =>
  (message.transactions[0]!.primitive!.body as { segmentContent: Content }).segmentContent

/** A primitive whose lists are long, as a reader returns it. */
function longOne(name: PrimitiveName, random: Random, syntax: Syntax): Primitive | undefined {
  const sampler = new Sampler(random, '1.3')
  let primitive = { name, body: sampler.element(catalogue[name].element) } as Primitive
  for (let round = 0; round < 8; round++) {
    const content = sampler.element(SegmentContent) as Record<string, unknown>
    for (const [key, value] of Object.entries(content))
      try {
        // Only what the sample has already: some lists exclude others.
        const longer = join(primitive, [{ [key]: value }])
        if (Object.entries(longer.body).every(([part, now]) => isSameShape(now, (primitive.body as any)[part])))
          primitive = longer
      } catch {}
  }
  return reread(answerOf(syntax, primitive)).transactions[0]!.primitive
}

const isSameShape = (now: any, before: any): boolean =>
  (now === undefined) === (before === undefined) &&
  (typeof now !== 'object' ||
    now === null ||
    Array.isArray(now) ||
    now instanceof Date ||
    Object.keys(now).every(key => isSameShape(now[key], before[key])))

const names = (Object.keys(catalogue) as PrimitiveName[]).filter(name => isSplittable(name))

describe.each(syntaxes)('CSP 6.10 in %s', syntax => {
  it.each(names)('%s: the segments fit, and together are the original', name => {
    const random = new Random(3)
    let splits = 0
    for (let round = 0; round < 10; round++) {
      const primitive = longOne(name, random, syntax)!
      const message = answerOf(syntax, primitive as TransactionInput['primitive'])
      const limit = random.between(sizeOf(message) >> 1, sizeOf(message) - 1)
      const made = split(message, limit)
      if (made === undefined) continue
      splits++
      const first = { ...message, transactions: [made.first] }
      const rest = segmentsOf(made, message)
      for (const piece of [first, ...rest]) expect(sizeOf(piece)).toBeLessThanOrEqual(limit)
      const read = reread(first).transactions[0]!
      expect(read.segment).toEqual({
        segmentCount: made.segments.length,
        segmentId: { transactionId: '17', segmentReference: 0 },
      })
      expect(
        join(
          read.primitive!,
          rest.map(piece => contentIn(reread(piece))),
        ),
      ).toEqual(primitive)
    }
    expect(splits).toBeGreaterThan(0)
  })
})

const lists = (count: number) => Array.from({ length: count }, (_, index) => `wv:alice/list-${index}@example.com`)
const getList = (count: number): TransactionInput['primitive'] => ({
  name: 'GetListResponse',
  body: { contactLists: lists(count), defaultContactList: lists(1)[0] },
})

describe('What is cut', () => {
  it('is every list that CSP 6.10 names, and nothing else', () => {
    expect(names).toEqual(expect.arrayContaining(['GetListResponse', 'GetBlockedListResponse', 'GetPresenceResponse']))
    expect(names).toEqual(expect.arrayContaining(['GetAttributeListResponse', 'GetWatcherListResponse']))
    for (const name of ['SearchResponse', 'NewMessage', 'SendMessageRequest', 'Status'] as const)
      expect(isSplittable(name)).toBe(false)
  })

  it('leaves one item of each list with the first', () => {
    const users = lists(40)
    const primitive: TransactionInput['primitive'] = {
      name: 'GetBlockedListResponse',
      body: {
        blockList: { entityList: { userIds: users, groupIds: users } },
        blockListInUse: true,
        grantList: { entityList: { userIds: users } },
        grantListInUse: false,
      },
    }
    const { first } = split(answerOf('xml', primitive), 1500)!
    const { blockList, grantList, blockListInUse } = first.primitive.body as any
    expect(blockList.entityList.groupIds).toEqual([users[0]])
    expect(grantList.entityList.userIds).toEqual([users[0]])
    expect(blockList.entityList.userIds.length).toBeGreaterThan(1)
    expect(blockListInUse).toBe(true)
  })

  it('fills each segment', () => {
    const message = answerOf('wbxml', getList(500))
    const { segments } = split(message, 1000)!
    expect(segments.length).toBeLessThan((1.3 * sizeOf(message)) / 1000)
  })
})

describe('Nothing is cut', () => {
  it.each([
    ['in versions without segments', { ...answerOf('xml', getList(50)), version: '1.2' as const }, 1000],
    [
      'where one item is too large',
      answerOf('xml', { name: 'GetListResponse', body: { contactLists: ['x'.repeat(900), 'y', 'z'] } }),
      800,
    ],
    [
      'where a later item is too large',
      answerOf('xml', { name: 'GetListResponse', body: { contactLists: ['y', 'z', 'x'.repeat(900)] } }),
      1000,
    ],
    [
      'where there is no list',
      answerOf('xml', { name: 'KeepAliveResponse', body: { result: { code: 200, description: 'x'.repeat(900) } } }),
      800,
    ],
    ['where the first would have nothing to say', answerOf('xml', getList(50)), 100],
  ])('%s', (_, message, limit) => {
    expect(split(message, limit)).toBeUndefined()
  })

  it('is joined to a primitive without such a list', () => {
    const first = reread(answerOf('xml', getList(3))).transactions[0]!.primitive!
    expect(() => join(first, [{ grantList: { entityList: { userIds: ['wv:bob'] } } }])).toThrow(
      'GetListResponse does not have',
    )
  })
})
