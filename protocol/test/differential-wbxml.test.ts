import { describe, expect, it } from 'vitest'
import { vocabulary } from '../src/codec/language.ts'
import { XmlReader } from '../src/codec/xml-reader.ts'
import type { Markup } from '../src/schema/kit.ts'
import { type Case, readCases } from './cases.ts'
import { byLibwbxml, byTshark, isInstalled } from './other-decoders.ts'

/** What we write in WBXML, read by others and compared with our XML of the same message: elements and text. */

const eventsOf = (xml: string): string[] => {
  const reader = new XmlReader(xml, vocabulary)
  reader.root()
  return eventsBelow(reader.extension())
}

const eventsBelow = ({ name, children }: Markup): string[] => [
  `<${name}>`,
  ...children.flatMap(child => (typeof child === 'string' ? child : eventsBelow(child as Markup))),
  `</${name}>`,
]

/** Names that others have for the same tokens; libwbxml does not know one of 1.2. */
const renamed: Readonly<Record<string, string>> = {
  'BlockEntity-Request': 'BlockUser-Request',
  'Auto-Subscribe': 'AutoSubscribe',
  PreferredContent: 'ReferredContent',
  PreferredvCard: 'ReferredvCard',
  Cname: 'CName',
  unknown: 'CIRURL',
  'WV-CSP-NSDiscovery-Request': 'WV-CSP-VersionDiscovery-Request',
  'WV-CSP-NSDiscovery-Response': 'WV-CSP-VersionDiscovery-Response',
}
const alike = (event: string) => event.replace(/^(<\/?)(.*)>$/, (_, start, name) => `${start}${renamed[name] ?? name}>`)

/** Octets are base64 in our XML and unreadable to others. */
const cases = readCases().filter(({ title }) => !title.includes('octets'))

describe.skipIf(!isInstalled('wbxml2xml'))('libwbxml (skipped where wbxml2xml is not installed)', () => {
  it('reads what we write in 1.1 and 1.2', () => {
    const known = cases.filter(({ title }) => !title.startsWith('1.3'))
    const language = ({ title }: Case) => (title.startsWith('1.1') ? 'CSP11' : 'CSP12')
    const found = byLibwbxml(known.map(it => ({ wbxml: it.wbxml, language: language(it) })))
    known.forEach(({ primitive, title, xml }, index) => {
      const [theirs, ours] = [eventsOf(found[index]!), eventsOf(xml)]
      expect(theirs.map(alike), `${primitive} ${title}`).toEqual(ours.map(alike))
    })
  })
})

describe.skipIf(!isInstalled('tshark'))('tshark (skipped where it is not installed)', () => {
  const unparsed = '(opaque)'
  /** A later addition to the protocol, for which there are tokens of our own only. */
  const isOurs = (event: string) => /^<\/?(ListManageNotification-Request|NCLS)>$/.test(event)

  /** The rendering column of a printed body: a tag, a text, or neither. */
  const eventsOfPrint = (print: string): string[] =>
    print.split('\n').flatMap(line => {
      const [, state, , rendering] = /^[\d ]+\| (\w+) *\|([^|]*)\|[^|]*\| *(.*)$/.exec(line) ?? []
      if (state !== 'Tag' || rendering === undefined) return []
      const tag = /^<(\/?)([\w-]+)(>| \/>|$)/.exec(rendering)
      if (tag) {
        const name = tag[2]!
        return tag[3] === ' />' ? [`<${name}>`, `</${name}>`] : [`<${tag[1]}${name}>`]
      }
      const text = /^(?:[\w ]+Value: )?'(.*)'$/.exec(rendering) ?? /^WV-CSP Integer: (\d+)$/.exec(rendering)
      if (text) return [text[1]!]
      return rendering.includes('opaque') ? [unparsed] : []
    })

  it('reads what we write in all versions', () => {
    const contentType = ({ title }: Case) =>
      title.startsWith('1.3') ? 'application/vnd.wv.csp+wbxml' : 'application/vnd.wv.csp.wbxml'
    const prints = byTshark(cases.map(it => ({ wbxml: it.wbxml, contentType: contentType(it) })))
    expect(prints.length).toBe(cases.length)
    cases.forEach(({ primitive, title, xml }, index) => {
      const theirs = eventsOfPrint(prints[index]!).map(alike)
      // Integers that tshark leaves as they are count as read; their octets are checked by other means.
      const ours = eventsOf(xml)
        .filter(event => !isOurs(event))
        .map((event, at) => (theirs[at] === unparsed && /^\d+$/.test(event) ? unparsed : alike(event)))
      expect(theirs, `${primitive} ${title}`).toEqual(ours)
    })
  })
})
