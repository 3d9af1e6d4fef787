import { describe, expect, it } from 'vitest'
import { decode, encode } from '../src/codec/index.ts'
import type { Message } from '../src/codec/message.ts'
import { readCases, rewrite, type Saying } from './cases.ts'
import { everyPrimitive } from './samples.ts'

if (process.env.UPDATE === '1') readCases().forEach(rewrite)
const cases = readCases()

/** What a message says and how little of it there is: neither empty lists nor what is not there. */
const compact = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(compact)
  if (value === null || typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array) return value
  const isSaid = ([, it]: [string, unknown]) => it !== undefined && !(Array.isArray(it) && it.length === 0)
  return Object.fromEntries(
    Object.entries(value)
      .filter(isSaid)
      .map(([key, it]) => [key, compact(it)]),
  )
}

const saying = ({ version, sessionId, transactions, poll, cir }: Message | Saying) =>
  compact({
    ...{ version, sessionId, poll, cir },
    transactions: transactions.map(({ mode, id, primitive, segment, extensions }) => ({
      ...{ mode, id, primitive, segment, extensions },
    })),
  })

/** Octets travel as base64 text in XML; there is no other difference between the two. */
const asXmlSays = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(asXmlSays)
  if (value === null || typeof value !== 'object' || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, asXmlSays(it)]))
}

describe.each(cases)('$primitive $title', ({ primitive, title, message, xml, wbxml }) => {
  it('is named for what it is', () => {
    expect(title.slice(0, 3)).toBe(message.version)
    expect(message.transactions.map(transaction => transaction.primitive.name)).toContain(primitive)
  })

  it('is printed as it stands in both encodings', () => {
    expect(encode({ ...message, syntax: 'xml' })).toBe(xml)
    expect(encode({ ...message, syntax: 'wbxml' })).toEqual(wbxml)
  })

  it('is parsed to what it says from both encodings', () => {
    expect(saying(decode(new TextEncoder().encode(xml)))).toEqual(asXmlSays(compact(message)))
    expect(saying(decode(wbxml))).toEqual(compact(message))
  })

  it('is mirrored from either encoding in the other', () => {
    const fromWbxml = decode(wbxml)
    expect(encode({ ...(fromWbxml as Message & Saying), syntax: 'xml' })).toBe(xml)
    const fromXml = decode(new TextEncoder().encode(xml))
    if (!holdsOctets(message)) expect(encode({ ...(fromXml as Message & Saying), syntax: 'wbxml' })).toEqual(wbxml)
  })
})

const holdsOctets = (value: unknown): boolean =>
  value instanceof Uint8Array || (typeof value === 'object' && value !== null && Object.values(value).some(holdsOctets))

it('has a case for every primitive in every version', () => {
  const found = new Set(cases.map(({ primitive, title }) => `${primitive} ${title.slice(0, 3)}`))
  const missing = everyPrimitive.filter(({ name, version }) => !found.has(`${name} ${version}`))
  expect(missing).toEqual([])
})
