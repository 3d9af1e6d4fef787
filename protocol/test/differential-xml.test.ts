import { ParseOption, XmlDocument } from 'libxml2-wasm'
import { SaxesParser } from 'saxes'
import { expect, it } from 'vitest'
import { vocabulary } from '../src/codec/language.ts'
import { Malformed } from '../src/codec/malformed.ts'
import { XmlReader } from '../src/codec/xml-reader.ts'
import { trimSpace } from '../src/codec/xml-text.ts'
import type { Markup } from '../src/schema/kit.ts'
import { readCases } from './cases.ts'
import { mutate, xmlWords } from './mutations.ts'
import { Random } from './random.ts'

/** The XML reader beside two others: saxes tells what a document holds, and both tell whether it is well-formed. */

type Tree = { name: string; attributes: [string, string][]; children: (Tree | string)[] }

/** Text that is only white space is not kept, since the reader does not keep it either. */
const withoutBlanks = ({ name, attributes, children }: Tree): Tree => ({
  ...{ name, attributes },
  children: children
    .filter(child => typeof child !== 'string' || trimSpace(child) !== '')
    .map(child => (typeof child === 'string' ? child : withoutBlanks(child))),
})

const bySaxes = (text: string): Tree | undefined => {
  const top: Tree = { name: '', attributes: [], children: [] }
  const open = [top]
  const addText = (found: string) => {
    const { children } = open.at(-1)!
    if (typeof children.at(-1) === 'string') children[children.length - 1] += found
    else children.push(found)
  }
  const parser = new SaxesParser({ xmlns: false })
  parser.on('error', fault => {
    throw fault
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element: Tree = { name, attributes: Object.entries(attributes), children: [] }
    open.at(-1)!.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => open.pop())
  parser.on('text', addText)
  parser.on('cdata', addText)
  try {
    parser.write(text).close()
  } catch {
    return undefined
  }
  return withoutBlanks(top.children.find(child => typeof child !== 'string')!)
}

const isWellFormed = (octets: Uint8Array): boolean => {
  try {
    XmlDocument.fromBuffer(octets, { option: ParseOption.XML_PARSE_NONET }).dispose()
    return true
  } catch {
    return false
  }
}

const byOurs = (text: string): Markup | undefined => {
  const limits = { depth: 10_000, nodes: 1_000_000, attributes: 1000, stringTable: 0 }
  const reader = new XmlReader(text, vocabulary, limits)
  try {
    reader.root()
    const tree = reader.extension()
    reader.finish()
    return tree
  } catch (fault) {
    if (fault instanceof Malformed) return undefined
    throw fault
  }
}

/** What is refused on purpose although it is XML. */
const isRefusedOnPurpose = (text: string) =>
  // Nobody needs declarations, and entities are an attack.
  /<!DOCTYPE[^>]*\[/.test(text)

/** What is accepted on purpose although it is not well-formed. */
const isAcceptedOnPurpose = (text: string) =>
  // All beyond ASCII may stand in names: they are only ever compared with ours, or passed on.
  /[^\0-\x7f]/.test(text) ||
  // The XML declaration and the DOCTYPE are passed over without a look at their grammar; Baraza's is wrong.
  !/^<\?xml version="1\.0"( encoding="UTF-8")?\?>/.test(text) ||
  text.includes('<!DOCTYPE') ||
  // A name may begin with a colon after its prefix, or hold several: namespaces are not looked at.
  /<\/?[^\s<>]*:|\s[\w:.-]*:[\w:.-]*\s*=/.test(text)

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const corpus = readCases().map(({ xml }) => new TextEncoder().encode(xml))

it('finds in the golden cases what saxes finds', () => {
  for (const octets of corpus) {
    const text = utf8.decode(octets)
    expect(byOurs(text)).toEqual(bySaxes(text))
    expect(isWellFormed(octets)).toBe(true)
  }
})

it('agrees with saxes and libxml2 on damaged documents, except on purpose', () => {
  const random = new Random(11)
  const small = corpus.filter(({ length }) => length < 1500)
  const verdicts = { accepted: 0, refused: 0 }
  for (let count = 0; count < 6000; count++) {
    const octets = mutate(random, small, xmlWords)
    let text: string
    try {
      text = utf8.decode(octets)
    } catch {
      continue // refused before it comes to XML
    }
    const [theirs, ours] = [bySaxes(text), byOurs(text)]
    const others = isWellFormed(octets)
    if (theirs !== undefined && others) {
      verdicts.accepted++
      if (!isRefusedOnPurpose(text)) expect(ours, text).toEqual(theirs)
    } else if (theirs === undefined && !others) {
      verdicts.refused++
      if (!isAcceptedOnPurpose(text)) expect(ours, text).toBeUndefined()
    }
  }
  expect(verdicts.accepted).toBeGreaterThan(300)
  expect(verdicts.refused).toBeGreaterThan(1000)
})
