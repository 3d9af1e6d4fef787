import type { Markup } from '../schema/kit.ts'
import { isOwnNamespace } from '../schema/namespaces.ts'
import { maxInteger, parseBool, parseDate, parseInteger } from './scalars.ts'
import { defaultLimits, END, type Limits, type Source } from './source.ts'
import type { Vocabulary } from './vocabulary.ts'
import { asText, isText, WbxmlScanner } from './wbxml-scanner.ts'
import { unpackDate } from './wbxml-text.ts'
import { token } from './wbxml-tokens.ts'
import { trimSpace } from './xml-text.ts'

/** A pull reader over a WBXML document. No recursion. */
export class WbxmlReader extends WbxmlScanner implements Source {
  private looseText = ''

  constructor(bytes: Uint8Array, vocabulary: Vocabulary, limits: Limits = defaultLimits) {
    super(bytes, vocabulary, limits)
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
      const byte = this.byte()
      if (byte === token.END && this.depth > 0) {
        this.depth--
        this.looseText = loose
        return END
      }
      if (byte === token.SWITCH_PAGE) this.switchPage()
      else if (isText(byte)) loose += asText(this.piece(byte))
      else if (byte === token.PI) this.readAttributes()
      else return this.openTag(byte)
    }
  }

  stranger(page: number): string | undefined {
    const { depth, attributes } = this
    if (this.literals[depth] === 0 && this.pages[depth] !== page) return undefined
    const name = this.nameAt(depth)
    const isDeclaredForeign = attributes.some(([name, value]) => name === 'xmlns' && !isOwnNamespace(value))
    return isDeclaredForeign || name.includes(':') ? undefined : name
  }

  loose(): string {
    return trimSpace(this.looseText)
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

  int(): number {
    const usual = this.passInteger()
    if (usual !== undefined) return usual
    const found = this.content(true)
    if (typeof found !== 'string') return this.integerOf(found)
    const value = parseInteger(trimSpace(found))
    if (value === undefined) throw this.notA('number from 0 to 4294967295', found)
    return value
  }

  bool(): boolean {
    const text = this.string()
    const value = parseBool(trimSpace(text))
    if (value === undefined) throw this.notA('T or F', text)
    return value
  }

  date(): Date {
    const found = this.content(true)
    const value = typeof found === 'string' ? parseDate(trimSpace(found)) : unpackDate(found)
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
    let more: Piece[] | undefined
    for (;;) {
      const byte = this.byte()
      if (byte === token.END) {
        this.depth--
        return more === undefined ? (found ?? '') : join(more)
      }
      if (isText(byte)) {
        const piece = this.piece(byte)
        if (found === undefined) found = piece
        else if (isScalar && (typeof found !== 'string' || typeof piece !== 'string'))
          throw this.malformed('syntax', 'opaque data mixed with text')
        else if (more === undefined) more = [found, piece]
        else more.push(piece)
      } else if (byte === token.SWITCH_PAGE) this.switchPage()
      else if (byte === token.PI) this.readAttributes()
      else {
        this.openTag(byte)
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
        this.openTag(byte)
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

  /** Nearly all integers are one short opaque piece: passes over it, or does nothing if there is anything else. */
  private passInteger(): number | undefined {
    const { bytes, pos } = this
    const length = bytes[pos + 1]!
    const isUsual = !this.isEmptyTag && bytes[pos] === token.OPAQUE && length <= 4
    if (!isUsual || bytes[pos + 2 + length] !== token.END) return undefined
    let value = 0
    for (let i = pos + 2; i < pos + 2 + length; i++) value = value * 256 + bytes[i]!
    this.pos = pos + 3 + length
    this.depth--
    return value
  }

  private integerOf(bytes: Uint8Array): number {
    let value = 0
    for (const byte of bytes.length > 16 ? [1, 0, 0, 0, 0] : bytes) value = value * 256 + byte
    if (value > maxInteger) throw this.notA('number from 0 to 4294967295', 'the opaque data')
    return value
  }

  private notA(what: string, text: string) {
    const closed = this.nameAt(this.depth + 1) // the element at fault, which has been read to its end
    return this.malformed('value', `${JSON.stringify(text.slice(0, 40))} is not a ${what}`, closed)
  }
}

type Piece = string | Uint8Array

/** Many pieces may come, so they are put together once. */
const join = (pieces: readonly Piece[]): Piece => {
  if (pieces.every(piece => typeof piece === 'string')) return pieces.join('')
  const utf8 = new TextEncoder()
  const octets = pieces.map(piece => (typeof piece === 'string' ? utf8.encode(piece) : piece))
  const joined = new Uint8Array(octets.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of octets) {
    joined.set(piece, at)
    at += piece.length
  }
  return joined
}
