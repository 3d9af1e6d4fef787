import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { decode } from '../src/codec/index.ts'
import type { Fault } from '../src/codec/malformed.ts'
import { Malformed } from '../src/codec/malformed.ts'
import { readCases } from './cases.ts'
import { bytes, faultOf, read, refusalOf, wbxmlAround, xmlAround } from './documents.ts'

/** A message whose only transaction has not been announced when the fault comes is refused as a whole. */
const root = '<WV-CSP-Message xmlns="http://www.openmobilealliance.org/DTD/WV-CSP1.2">'
const header = [0x03, 0x11, 0x6a, 0x00]
const head = [0xc9, 0x08, 0x03, 0x31, 0x2e, 0x32, 0x00, 0x01]
const repeat = (count: number, ...octets: number[]) => Array.from({ length: count }, () => octets).flat()
const lie = [0x8f, 0xff, 0xff, 0xff, 0x7f] // 2^32 - 1

const entityBomb = `<!DOCTYPE WV-CSP-Message [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${root}&b;`
const stringTable = 'x'.repeat(60_000)
const tableLength = [0x83, 0xd4, 0x60] // 60,000 as a multi-byte integer

const bombs: readonly (readonly [name: string, fault: Fault, document: string | Uint8Array])[] = [
  ['XML elements too deep', 'limit', root + '<a>'.repeat(100_000)],
  ['XML elements too many', 'limit', `${root}${'<a/>'.repeat(60_000)}</WV-CSP-Message>`],
  ['XML attributes too many', 'limit', `<a ${Array.from({ length: 100_000 }, (_, i) => `a${i}=""`).join(' ')}/>`],
  ['XML attribute twice', 'syntax', '<WV-CSP-Message a="1" a="2"/>'],
  ['entities declared', 'syntax', entityBomb],
  ['an external entity', 'syntax', `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${root}&x;</WV-CSP-Message>`],
  ['a parameter entity', 'syntax', `<!DOCTYPE a [<!ENTITY % x SYSTEM "http://example.com/">%x;]>${root}`],
  ['a DOCTYPE without end', 'syntax', `<!DOCTYPE ${'a'.repeat(100_000)}`],
  ['two DOCTYPEs', 'syntax', `<!DOCTYPE a><!DOCTYPE a>${root}</WV-CSP-Message>`],
  ['an entity nobody declared', 'syntax', `${root}<Session>&x;</Session></WV-CSP-Message>`],
  ['a comment without end', 'syntax', `${root}<!--${'-'.repeat(100_000)}`],
  ['a CDATA section without end', 'syntax', `${root}<![CDATA[${']'.repeat(100_000)}`],
  ['no element at all', 'syntax', ' '.repeat(100_000)],
  ['nothing', 'syntax', ''],
  ['two roots', 'syntax', `${root}</WV-CSP-Message>${root}</WV-CSP-Message>`],
  ['XML that is not UTF-8', 'syntax', bytes(root, [0xc3, 0x28], '</WV-CSP-Message>')],
  ['XML in overlong UTF-8', 'syntax', bytes(root, [0xc0, 0xaf], '</WV-CSP-Message>')],
  ['XML with half a surrogate pair', 'syntax', bytes(root, [0xed, 0xa0, 0x80], '</WV-CSP-Message>')],
  ['a UTF-16 document cut in a unit', 'syntax', bytes([0xff, 0xfe, 0x3c])],
  [
    'two SessionIDs',
    'syntax',
    xmlAround('<Logout-Request/>').replace('<SessionID>', '<SessionID>s0</SessionID><SessionID>'),
  ],
  ['a root of another language', 'part', '<html/>'],
  ['WBXML elements too deep', 'limit', bytes(header, head, repeat(100_000, 0x6d))],
  ['WBXML elements too many', 'limit', bytes(header, head, repeat(60_000, 0x2d), 1)],
  ['WBXML attributes too many', 'limit', bytes(header, 0xc9, repeat(100_000, 0x08), 1, 1)],
  ['a table longer than the document', 'syntax', bytes([0x03, 0x11, 0x6a, 0x7f])],
  ['a table near 2^32', 'limit', bytes([0x03, 0x11, 0x6a], lie)],
  ['a table beyond its limit', 'limit', bytes([0x03, 0x11, 0x6a, 0x84, 0x80, 0x01], new Uint8Array(70_000))],
  [
    'a table referred to again and again',
    'limit',
    bytes([0x03, 0x11, 0x6a], tableLength, stringTable, head, 0x6d, repeat(10_000, 0x83, 0x00)),
  ],
  [
    'literal tags of great length',
    'limit',
    bytes([0x03, 0x11, 0x6a], tableLength, stringTable, head, repeat(10_000, 0x04, 0x00)),
  ],
  [
    'literal attributes of great length',
    'limit',
    bytes([0x03, 0x11, 0x6a], tableLength, stringTable, 0xc9, repeat(60, 0x04, 0x00), 1),
  ],
  ['a reference beyond the table', 'syntax', bytes(header, head, 0x83, 0x00)],
  ['a literal tag beyond the table', 'syntax', bytes(header, head, 0x44, 0x05)],
  ['an opaque length near 2^32', 'syntax', bytes(header, head, 0xc3, lie)],
  ['an opaque length of one too many', 'syntax', bytes(header, head, 0xc3, 0x03, 1, 1)],
  ['a number of six octets', 'syntax', bytes(header, head, 0xc3, [0x80, 0x80, 0x80, 0x80, 0x80, 0x01])],
  ['a number beyond 32 bits', 'syntax', bytes(header, head, 0xc3, [0x90, 0x80, 0x80, 0x80, 0x00])],
  ['a number without end', 'syntax', bytes(header, head, 0xc3, repeat(100_000, 0x80))],
  ['a string without end', 'syntax', bytes(header, head, 0x03, 'x'.repeat(100_000))],
  ['WBXML that is not UTF-8', 'syntax', bytes(header, head, [0x03, 0xc3, 0x28, 0x00, 0x01])],
  ['a character that is none', 'syntax', bytes(header, head, [0x02, 0x83, 0xb0, 0x00, 0x01])],
  ['another character set', 'syntax', bytes([0x03, 0x11, 0x04, 0x00, 0x09])],
  ['WBXML of another version', 'syntax', bytes([0x04, 0x11, 0x6a, 0x00, 0x09])],
  ['a token that is none', 'syntax', bytes(header, head, 0xc0, 1)],
  ['WBXML after the root', 'syntax', bytes(header, head, 1, 0x09)],
]

describe('documents made to do harm', () => {
  it.each(bombs)('%s: %s fault', (_name, fault, document) => {
    expect(faultOf(typeof document === 'string' ? bytes(document) : document).fault).toBe(fault)
  })

  it('none of them is worth its trouble: all together take less of the processor than a second', () => {
    const { user } = process.cpuUsage()
    for (const [, , document] of bombs) faultOf(typeof document === 'string' ? bytes(document) : document)
    expect(process.cpuUsage().user - user).toBeLessThan(1_000_000)
  })

  it('refusing leaves no memory behind', () => {
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    const used = () => {
      collect()
      const { heapUsed, arrayBuffers } = process.memoryUsage()
      return heapUsed + arrayBuffers
    }
    const documents = bombs.map(([, , document]) => (typeof document === 'string' ? bytes(document) : document))
    for (const document of documents) faultOf(document)
    const before = used()
    for (let round = 0; round < 10; round++) for (const document of documents) faultOf(document)
    expect(used() - before).toBeLessThan(4 << 20)
  })

  it('says where the fault is', () => {
    const fault = faultOf(`${root}<Session><SessionDescriptor>ü<SessionID>a</SessionID><SessionID>b`)
    const path = 'WV-CSP-Message/Session/SessionDescriptor/SessionID'
    expect(fault).toMatchObject({ fault: 'syntax', path })
    const before = bytes(`${root}<Session><SessionDescriptor>ü<SessionID>a</SessionID><SessionID>`).length
    expect(fault.offset).toBe(before)
    expect(fault.message).toContain(`byte ${before}`)
  })

  it('does not repeat names of any length', () => {
    const longName = 'x'.repeat(50_000)
    expect(faultOf(`${root}<${longName}><${longName}>`).message.length).toBeLessThan(1000)
    const literal = bytes([0x03, 0x11, 0x6a], tableLength, stringTable, head, 0x44, 0x00, 0xc0)
    expect(faultOf(literal).message.length).toBeLessThan(1000)
  })
})

describe('documents cut short', () => {
  const cases = readCases().filter(({ title }) => title.startsWith('1.3'))

  it.each(['xml', 'wbxml'] as const)('%s at every octet: refused, or a refusal for the transaction', syntax => {
    for (const { xml, wbxml } of cases.filter((_, index) => index % 9 === 0)) {
      const whole = syntax === 'xml' ? bytes(xml) : wbxml
      for (let length = 0; length < whole.length; length++) {
        let message: ReturnType<typeof decode> | undefined
        try {
          message = decode(whole.subarray(0, length))
        } catch (fault) {
          expect(fault).toBeInstanceOf(Malformed)
        }
        // A bare document has no transactions that could be read on their own.
        for (const { primitive, refusal } of message?.transactions ?? [])
          expect(primitive === undefined || refusal === undefined).toBe(true)
      }
    }
  })
})

describe('a transaction that cannot be understood', () => {
  const transaction = (id: string, content: string) =>
    `<Transaction><TransactionDescriptor><TransactionMode>Request</TransactionMode><TransactionID>${id}</TransactionID>` +
    `</TransactionDescriptor><TransactionContent>${content}</TransactionContent></Transaction>`
  const around = (bad: string) =>
    `${root}<Session>${transaction('1', '<Logout-Request/>')}${transaction('2', bad)}` +
    `${transaction('3', '<KeepAlive-Request><TimeToLive>60</TimeToLive></KeepAlive-Request>')}</Session></WV-CSP-Message>`

  it.each([
    ['a missing part', '<Disconnect/>', 'BadRequest', 400, 'Result is missing'],
    [
      'a missing part far inside',
      '<Disconnect><Result><Code>200</Code><DetailedResult/></Result></Disconnect>',
      'BadRequest',
      400,
      'Code is missing',
    ],
    ['none of the alternatives', '<GetPresence-Request/>', 'BadRequest', 400, 'one of'],
    [
      'a bad number',
      '<KeepAlive-Request><TimeToLive>-1</TimeToLive></KeepAlive-Request>',
      'BadParameter',
      402,
      'number',
    ],
    [
      'a number beyond the range',
      '<KeepAlive-Request><TimeToLive>4294967296</TimeToLive></KeepAlive-Request>',
      'BadParameter',
      402,
      '4294967295',
    ],
    [
      'a bad truth value',
      '<Service-Request><AllFunctionsRequest>yes</AllFunctionsRequest></Service-Request>',
      'BadParameter',
      402,
      'T or F',
    ],
    ['an unknown primitive', '<Teleport-Request><To>Mars</To></Teleport-Request>', 'NotImplemented', 501, ''],
    ['no content', '', 'BadRequest', 400, 'TransactionContent'],
  ])('%s is its own refusal', (_name, bad, status, code, words) => {
    const { transactions } = read(around(bad))
    expect(transactions.map(({ id }) => id)).toEqual(['1', '2', '3'])
    expect(transactions[0]!.primitive?.name).toBe('LogoutRequest')
    expect(transactions[2]!.primitive?.body).toMatchObject({ timeToLive: 60 })
    expect(transactions[1]!.primitive).toBeUndefined()
    expect(transactions[1]!.refusal).toMatchObject({ status, code })
    expect(transactions[1]!.refusal!.description).toContain(words)
  })

  it('says which element is at fault', () => {
    const refusal = refusalOf(xmlAround('<Disconnect><Result><Code>x</Code></Result></Disconnect>'))
    expect(refusal?.path).toMatch(/TransactionContent\/Disconnect\/Result\/Code$/)
  })

  it('is told even where the document cannot be read on', () => {
    const broken = around('<Logout-Request>').replace(/<\/Logout-Request>.*/, '')
    const { transactions } = read(broken.slice(0, broken.indexOf('<TransactionID>3')))
    expect(transactions.map(({ id, refusal }) => [id, refusal?.code])).toEqual([
      ['1', undefined],
      ['2', 400],
    ])
  })

  it('is told in WBXML, too', () => {
    expect(refusalOf(wbxmlAround([0x00, 0x01, 0x50, 0x01]))).toMatchObject({ code: 400 })
    const badDate = [0x00, 0x01, 0x5b, 0x72, 0xc3, 0x05, 1, 0, 0, 0, 0, 0x01, 0x01]
    expect(refusalOf(wbxmlAround(badDate))).toMatchObject({ code: 402 })
    expect(refusalOf(wbxmlAround([0x00, 0x0b, 0x7f, 0x01]))).toMatchObject({ code: 501 })
  })
})
