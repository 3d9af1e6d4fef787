import { catalogue, type PrimitiveName } from '../schema/catalogue.ts'
import * as envelope from '../schema/envelope.ts'
import { type Element, type Version, versions } from '../schema/kit.ts'
import { SegmentInfo } from '../schema/segments.ts'
import { compileRead, type Read } from './compile-read.ts'
import { compileWrite, type Write } from './compile-write.ts'
import { makeVocabulary } from './vocabulary.ts'
import { WbxmlWriter } from './wbxml-writer.ts'
import { XmlWriter } from './xml-writer.ts'

/** The schema compiled: done once, when the module is loaded. */

const entries = Object.entries(catalogue) as [PrimitiveName, { readonly element: Element }][]
/** The elements that are primitives. */
export const primitives: readonly Element[] = entries.map(([, { element }]) => element)

export const vocabulary = makeVocabulary([...primitives, ...Object.values(envelope), SegmentInfo])

export interface ReadablePrimitive {
  readonly name: PrimitiveName
  readonly read: Read
}

const reads = new Map()

/** By tag: how the primitive of that name is read. */
export const readers: readonly (ReadablePrimitive | undefined)[] = (() => {
  const byTag: (ReadablePrimitive | undefined)[] = new Array(vocabulary.names.length).fill(undefined)
  for (const [name, { element }] of entries)
    byTag[vocabulary.tagOf(element)] = { name, read: compileRead(element, vocabulary, reads) }
  return byTag
})()

export const readSegmentInfo = compileRead(SegmentInfo, vocabulary, reads)

type Writers = Readonly<Record<PrimitiveName, Write>>

const writersOf = (sink: XmlWriter | WbxmlWriter, version: Version): Writers => {
  const done = new Map()
  return Object.fromEntries(
    entries.map(([name, { element }]) => [name, compileWrite(element, sink, version, done)]),
  ) as unknown as Writers
}

const makePens = (version: Version) => {
  const xml = new XmlWriter(version)
  const wbxml = new WbxmlWriter(version)
  return {
    xml: { syntax: 'xml', sink: xml, primitives: writersOf(xml, version) } as const,
    wbxml: { syntax: 'wbxml', sink: wbxml, primitives: writersOf(wbxml, version) } as const,
  }
}

/** One writer for each syntax and version, with every primitive compiled for it. */
export const pens = Object.fromEntries(versions.map(version => [version, makePens(version)])) as Record<
  Version,
  ReturnType<typeof makePens>
>
