import { describe, expect, it } from 'vitest'
import { encode } from '../src/codec/index.ts'
import { namespaceOf } from '../src/schema/namespaces.ts'
import { bodyOf, bytes, read, wbxmlAround, xmlAround } from './documents.ts'

const presence = ` xmlns="${namespaceOf('presence', '1.2')}"`
const colibria = ' xmlns="http://imps.colibria.com/PA-ext-1.2"'
const known = '<StatusText><PresenceValue>Hi</PresenceValue></StatusText>'

const listOf = (document: string | Uint8Array) => bodyOf(document).presenceSubList
const update = (list: string) => xmlAround(`<UpdatePresence-Request>${list}</UpdatePresence-Request>`)
const inXml = (inside: string, declared = presence) =>
  listOf(update(`<PresenceSubList${declared}>${inside}</PresenceSubList>`))

/** UpdatePresence-Request on page 4, PresenceSubList on page 0, and what is in it from page 5 on. */
const inWbxml = (inside: readonly number[], table = '') =>
  listOf(wbxmlAround([0x00, 0x04, 0x5c, 0x00, 0x00, 0x63, 0x00, 0x05, ...inside, 0x01, 0x01], '1.2', table))
/** StatusText with the value `Hi`. */
const knownInWbxml = [0x6b, 0x00, 0x00, 0x64, 0x03, 0x48, 0x69, 0x00, 0x01, 0x01]

describe('CSP 8.3.4.2: presence attributes that do not exist, in XML', () => {
  it('are told by name, and the others read as ever', () => {
    const list = inXml(`<Mood><PresenceValue>blue</PresenceValue></Mood>${known}<Aura/>`)
    expect(list).toMatchObject({ unknown: ['Mood', 'Aura'], statusText: { presenceValue: 'Hi' } })
  })

  it('are told where the list has no namespace, or a prefix, and where the element says the same itself', () => {
    expect(inXml('<Mood/>', '').unknown).toEqual(['Mood'])
    expect(inXml(`<Mood${presence}/>`, '').unknown).toEqual(['Mood'])
    const prefixed = `<p:PresenceSubList${presence.replace('xmlns', 'xmlns:p')}><p:Mood/></p:PresenceSubList>`
    expect(listOf(update(prefixed)).unknown).toEqual(['Mood'])
  })

  it('are told where the element exists, and is no attribute', () => {
    expect(inXml('<ClientType>PDA</ClientType><UserID>u</UserID>').unknown).toEqual(['ClientType', 'UserID'])
  })

  it('are not told where they are in a foreign namespace (Colibria: ClientTypeDetail)', () => {
    const foreign = [`<Mood${colibria}/>`, `<x:Mood${colibria.replace('xmlns', 'xmlns:x')}/>`, '<x:Mood/>']
    for (const inside of foreign) expect(inXml(inside + known)).not.toHaveProperty('unknown')
  })

  it('are not looked for within attributes, or in other elements', () => {
    expect(inXml('<ClientInfo><Colour>red</Colour></ClientInfo>')).not.toHaveProperty('unknown')
    expect(bodyOf(xmlAround('<Logout-Request><Colour/></Logout-Request>'))).not.toHaveProperty('unknown')
  })

  it('are few and short, whatever is sent', () => {
    const { unknown } = inXml(`<${'x'.repeat(100_000)}/>`.repeat(3) + '<Mood/>'.repeat(1000))
    expect(unknown.map((name: string) => name.length)).toEqual([64, 64, 64, 4, 4, 4, 4, 4])
  })

  it('are never written', () => {
    const message = read(update(`<PresenceSubList${presence}>${known}<Mood/></PresenceSubList>`))
    expect(encode(message as never)).not.toContain('Mood')
  })
})

describe('CSP 8.3.4.2: presence attributes that do not exist, in WBXML', () => {
  it('are told by their token on the page of attributes', () => {
    const list = inWbxml([0x3f, ...[0x00, 0x05], ...knownInWbxml])
    expect(list).toMatchObject({ unknown: ['(page 5 token 0x3f)'], statusText: { presenceValue: 'Hi' } })
    expect(inWbxml([0x2f]).unknown).toEqual(['Cap'])
  })

  it('are told by their name, at most 64 octets of it', () => {
    expect(inWbxml([0x44, 0x00, 0x03, 0x61, 0x00, 0x01], 'Mood\0').unknown).toEqual(['Mood'])
    expect(inWbxml([0x04, 0x00], `${'x'.repeat(100)}\0`).unknown).toEqual(['x'.repeat(64)])
  })

  it('are not told where they are on another page, or in a foreign namespace', () => {
    expect(inWbxml([0x00, 0x00, 0x3a])).not.toHaveProperty('unknown')
    expect(inWbxml([0x04, 0x00], 'x:Mood\0')).not.toHaveProperty('unknown')
    const attribute = [0x04, 5, 0x03, ...bytes('http://imps.colibria.com/PA-ext-1.2'), 0x00, 0x01]
    expect(inWbxml([0x84, 0x00, ...attribute], 'Mood\0xmlns\0')).not.toHaveProperty('unknown')
  })
})
