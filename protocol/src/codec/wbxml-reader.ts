import type { Markup, Version } from '../schema/kit.ts'
import { marks } from '../schema/namespaces.ts'
import { type Fault, Malformed } from './malformed.ts'
import { maxInteger, parseBool, parseDate, parseInteger } from './scalars.ts'
import { defaultLimits, END, type Limits, type Source, UNKNOWN } from './source.ts'
import { nameOfValue } from './value-tokens.ts'
import type { Vocabulary } from './vocabulary.ts'
import { decodeUtf8, readAscii, unpackDate } from './wbxml-text.ts'
import { token } from './wbxml-tokens.ts'

type Attribute = readonly [name: string, value: string]
const noAttributes: readonly Attribute[] = []

/**
 * WBXML 1.1 to 1.3 as CSP uses it, read straight from the octets. Every length is compared with what is left
 * before anything is taken, and what the string table may expand to is bounded. No recursion.
 */
export class WbxmlReader implements Source {
  depth = 0
  namespace = ''
  /** The version that the public identifier names, if any. */
  readonly announced: Version | undefined

  private readonly bytes: Uint8Array
  private readonly vocabulary: Vocabulary
  private readonly limits: Limits
  private current: Version = '1.2'
  private tags: Int16Array
  private pos = 0
  private page = 0
  private nodes = 0
  /** The element opened last has no content and has not been closed yet. */
  private isEmptyTag = false
  /** Offset of the tag of each open element, by depth, and the page it is on. */
  private readonly starts: Int32Array
  private readonly pages: Uint8Array
  private tableStart = 0
  private tableEnd = 0
  /** Octets that string-table references may still expand to. */
  private expansion: number
  private attributes: readonly Attribute[] = noAttributes
  private looseText = ''

  constructor(bytes: Uint8Array, vocabulary: Vocabulary, limits: Limits = defaultLimits) {
    this.bytes = bytes
    this.vocabulary = vocabulary
    this.limits = limits
    this.tags = vocabulary.byToken[this.current]
    this.starts = new Int32Array(limits.depth + 1)
    this.pages = new Uint8Array(limits.depth + 1)
    this.expansion = Math.min(8 * bytes.length + 4096, 1 << 20)
    this.announced = this.header()
  }

  get version() {
    return this.current
  }

  set version(version: Version) {
    this.current = version
    this.tags = this.vocabulary.byToken[version]
  }

  get position() {
    return this.pos
  }

  root(): number {
    const tag = this.open()
    if (tag === END) throw this.malformed('syntax', 'an element is expected')
    return tag
  }

  open(): number {
    if (this.isEmptyTag) {
      this.isEmptyTag = false
      this.depth--
      this.looseText = ''
      return END
    }
    let loose = ''
    for (;;) {
      const start = this.pos
      const byte = this.byte()
      if (byte === token.END && this.depth > 0) {
        this.depth--
        this.looseText = loose
        return END
      }
      if (byte === token.SWITCH_PAGE) this.switchPage()
      else if (isText(byte)) loose += asText(this.piece(byte))
      else if (byte === token.PI) this.readAttributes()
      else return this.openTag(byte, start)
    }
  }

  loose(): string {
    return this.looseText.trim()
  }

  skip() {
    const outside = this.depth - 1
    while (this.depth > outside) this.open()
  }

  finish() {
    while (this.pos < this.bytes.length) {
      if (this.bytes[this.pos] !== token.PI) throw this.malformed('syntax', 'something follows the root element')
      this.pos++
      this.readAttributes()
    }
  }

  string(): string {
    const found = this.content(true)
    return typeof found === 'string' ? found : String(this.integerOf(found))
  }

  token(): string {
    return this.string()
  }

  int(): number {
    const found = this.content(true)
    if (typeof found !== 'string') return this.integerOf(found)
    const value = parseInteger(found.trim())
    if (value === undefined) throw this.notA('number from 0 to 4294967295', found)
    return value
  }

  bool(): boolean {
    const text = this.string()
    const value = parseBool(text.trim())
    if (value === undefined) throw this.notA('T or F', text)
    return value
  }

  date(): Date {
    const found = this.content(true)
    const value = typeof found === 'string' ? parseDate(found.trim()) : unpackDate(found)
    if (value === undefined) throw this.notA('date and time', typeof found === 'string' ? found : 'the opaque data')
    return value
  }

  empty(): true {
    this.skip()
    return true
  }

  /**
   * The pieces of the current element, joined: text, or octets as soon as one piece is opaque. With `isScalar`
   * one opaque piece stands alone (an integer or a date).
   */
  content(isScalar = false): string | Uint8Array {
    if (this.isEmptyTag) {
      this.isEmptyTag = false
      this.depth--
      return ''
    }
    let found: string | Uint8Array | undefined
    for (;;) {
      const start = this.pos
      const byte = this.byte()
      if (byte === token.END) {
        this.depth--
        return found ?? ''
      }
      if (isText(byte)) {
        const piece = this.piece(byte)
        if (found === undefined) found = piece
        else if (isScalar && (typeof found !== 'string' || typeof piece !== 'string'))
          throw this.malformed('syntax', 'opaque data mixed with text')
        else found = join(found, piece)
      } else if (byte === token.SWITCH_PAGE) this.switchPage()
      else if (byte === token.PI) this.readAttributes()
      else {
        this.openTag(byte, start)
        this.skip()
      }
    }
  }

  extension(): Markup {
    const outside = this.depth - 1
    const top = this.markup()
    const stack = [top]
    while (this.depth > outside) {
      const children = stack[stack.length - 1]!.children as (Markup | string | Uint8Array)[]
      if (this.isEmptyTag) {
        this.isEmptyTag = false
        this.depth--
        stack.pop()
        continue
      }
      const start = this.pos
      const byte = this.byte()
      if (byte === token.END) {
        this.depth--
        stack.pop()
      } else if (byte === token.SWITCH_PAGE) this.switchPage()
      else if (byte === token.PI) this.readAttributes()
      else if (isText(byte)) {
        const piece = this.piece(byte)
        const last = children.at(-1)
        if (typeof last === 'string' && typeof piece === 'string') children[children.length - 1] = last + piece
        else children.push(piece)
      } else {
        this.openTag(byte, start)
        const child = this.markup()
        children.push(child)
        stack.push(child)
      }
    }
    return top
  }

  between(start: number, end: number): Uint8Array {
    return this.bytes.subarray(start, end)
  }

  malformed(fault: Fault, reason: string, below?: string): Malformed {
    const path: string[] = []
    for (let depth = 1; depth <= this.depth; depth++) path.push(this.nameAt(depth))
    if (below !== undefined) path.push(below)
    return new Malformed(fault, reason, path.join('/'), Math.min(this.pos, this.bytes.length))
  }

  /** Version, public identifier, character set, string table; returns what the public identifier says. */
  private header(): Version | undefined {
    const version = this.byte()
    if (version < 1 || version > 3) throw this.malformed('syntax', 'not WBXML 1.1 to 1.3')
    const publicId = this.multiByte()
    const literal = publicId === 0 ? this.multiByte() : undefined
    const charset = this.multiByte()
    if (charset !== 0 && charset !== 3 && charset !== 106)
      throw this.malformed('syntax', `character set ${charset} is not UTF-8 (106)`)
    const length = this.multiByte()
    if (length > this.limits.stringTable) throw this.malformed('limit', 'the string table is too large')
    this.tableStart = this.pos
    this.take(length)
    this.tableEnd = this.pos
    const text = literal === undefined ? undefined : this.tableString(literal)
    for (const [name, mark] of Object.entries(marks))
      if (text === undefined ? mark.publicId === publicId : mark.publicIdTexts.includes(text)) return name as Version
    return undefined
  }

  private byte(): number {
    const { pos, bytes } = this
    if (pos >= bytes.length) throw this.malformed('syntax', 'the document ends too early')
    this.pos = pos + 1
    return bytes[pos]!
  }

  /** Moves over `length` octets and returns where they start. */
  private take(length: number): number {
    const start = this.pos
    if (length > this.bytes.length - start) throw this.malformed('syntax', 'a length reaches beyond the document')
    this.pos = start + length
    return start
  }

  private multiByte(): number {
    let value = 0
    for (let count = 0; count < 5; count++) {
      const byte = this.byte()
      value = value * 128 + (byte & 0x7f)
      if (byte < 0x80) {
        if (value > maxInteger) break
        return value
      }
    }
    throw this.malformed('syntax', 'a number has too many octets')
  }

  private switchPage() {
    this.page = this.byte()
  }

  private openTag(byte: number, start: number): number {
    const identity = byte & 0x3f
    if (identity !== token.LITERAL && identity < 5)
      throw this.malformed('syntax', `token 0x${byte.toString(16)} is not allowed here`)
    if (++this.nodes > this.limits.nodes) throw this.malformed('limit', `more than ${this.limits.nodes} elements`)
    if (this.depth >= this.limits.depth)
      throw this.malformed('limit', `elements nested deeper than ${this.limits.depth}`)
    const depth = ++this.depth
    this.starts[depth] = start
    this.pages[depth] = this.page
    if (identity === token.LITERAL) this.tableString(this.multiByte())
    this.namespace = ''
    this.attributes = noAttributes
    if ((byte & 0x80) !== 0) this.readAttributes()
    this.isEmptyTag = (byte & 0x40) === 0
    return identity === token.LITERAL ? UNKNOWN : this.page < 12 ? this.tags[this.page * 64 + identity]! : UNKNOWN
  }

  /** An attribute list up to its END: an element's, or a processing instruction's. */
  private readAttributes(): void {
    const found: [string, string][] = []
    this.attributes = found
    for (;;) {
      const byte = this.byte()
      if (byte === token.END) break
      if (byte === token.SWITCH_PAGE) this.byte()
      else if (isText(byte)) {
        const last = found.at(-1)
        if (!last) throw this.malformed('syntax', 'an attribute value without attribute')
        last[1] += asText(this.piece(byte))
      } else if (byte === token.LITERAL) found.push([this.tableString(this.multiByte()), ''])
      else if (byte < 0x80) found.push(['xmlns', prefixes[byte] ?? ''])
      else throw this.malformed('syntax', `attribute value token 0x${byte.toString(16)} is unknown`)
      if (found.length > this.limits.attributes)
        throw this.malformed('limit', `more than ${this.limits.attributes} attributes`)
    }
    for (const [name, value] of found) if (name === 'xmlns') this.namespace = value
  }

  /** One piece of text (or opaque data) that begins with `byte`. */
  private piece(byte: number): string | Uint8Array {
    switch (byte) {
      case token.STR_I:
        return this.inlineString()
      case token.EXT_T_0: {
        const number = this.multiByte()
        const value = nameOfValue(this.current, number, this.depth > 0 ? this.pages[this.depth]! : 0)
        if (value === undefined) throw this.malformed('syntax', `value token 0x${number.toString(16)} is unknown`)
        return value
      }
      case token.OPAQUE: {
        const length = this.multiByte()
        const start = this.take(length)
        return this.bytes.subarray(start, start + length)
      }
      case token.STR_T:
        return this.tableString(this.multiByte())
      default: {
        const code = this.multiByte()
        if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) || code === 0)
          throw this.malformed('syntax', 'a character reference to no character')
        return String.fromCodePoint(code)
      }
    }
  }

  private inlineString(): string {
    const { bytes, pos } = this
    let end = pos
    let bits = 0
    while (end < bytes.length) {
      const byte = bytes[end]!
      if (byte === 0) break
      bits |= byte
      end++
    }
    if (end >= bytes.length) throw this.malformed('syntax', 'a string has no end')
    this.pos = end + 1
    return bits < 0x80 ? readAscii(bytes, pos, end) : this.utf8(pos, end)
  }

  private tableString(offset: number): string {
    const start = this.tableStart + offset
    if (start >= this.tableEnd) throw this.malformed('syntax', 'a reference beyond the string table')
    let end = start
    while (end < this.tableEnd && this.bytes[end] !== 0) end++
    this.expansion -= end - start
    if (this.expansion < 0) throw this.malformed('limit', 'the string table is expanded too often')
    return this.utf8(start, end)
  }

  private utf8(start: number, end: number): string {
    const text = decodeUtf8(this.bytes.subarray(start, end))
    if (text === undefined) throw this.malformed('syntax', 'text that is not UTF-8')
    return text
  }

  private integerOf(bytes: Uint8Array): number {
    let value = 0
    for (const byte of bytes.length > 16 ? [1, 0, 0, 0, 0] : bytes) value = value * 256 + byte
    if (value > maxInteger) throw this.notA('number from 0 to 4294967295', 'the opaque data')
    return value
  }

  private notA(what: string, text: string) {
    return this.malformed('value', `${JSON.stringify(text.slice(0, 40))} is not a ${what}`)
  }

  /** The name of the open element at a depth, found anew from its octets: only needed for foreign ones and faults. */
  private nameAt(depth: number): string {
    const start = this.starts[depth]!
    const identity = this.bytes[start]! & 0x3f
    if (identity === token.LITERAL) {
      const back = this.pos
      this.pos = start + 1
      const name = this.tableString(this.multiByte())
      this.pos = back
      return name
    }
    const page = this.pages[depth]!
    const tag = page < 12 ? this.tags[page * 64 + identity]! : UNKNOWN
    return tag > 0 ? this.vocabulary.names[tag]! : `(page ${page} token 0x${identity.toString(16)})`
  }

  private markup(): Markup {
    return { name: this.nameAt(this.depth), attributes: this.attributes, children: [] }
  }
}

/** Namespace names without their digits, by attribute start token. */
const prefixes: readonly (string | undefined)[] = (() => {
  const found: (string | undefined)[] = []
  for (const mark of Object.values(marks))
    for (const { name, token: start } of Object.values(mark.prefixes)) found[start] = name
  return found
})()

const isText = (byte: number) =>
  byte === token.STR_I ||
  byte === token.EXT_T_0 ||
  byte === token.OPAQUE ||
  byte === token.STR_T ||
  byte === token.ENTITY

const asText = (piece: string | Uint8Array) => (typeof piece === 'string' ? piece : '')

const join = (a: string | Uint8Array, b: string | Uint8Array): string | Uint8Array => {
  if (typeof a === 'string' && typeof b === 'string') return a + b
  const [first, second] = [a, b].map(piece => (typeof piece === 'string' ? new TextEncoder().encode(piece) : piece))
  const both = new Uint8Array(first!.length + second!.length)
  both.set(first!)
  both.set(second!, first!.length)
  return both
}
