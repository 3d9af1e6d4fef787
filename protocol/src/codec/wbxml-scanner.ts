import { type Markup, type Version, versions } from '../schema/kit.ts'
import { marks } from '../schema/namespaces.ts'
import { type Fault, Malformed } from './malformed.ts'
import { maxInteger } from './scalars.ts'
import { type Limits, UNKNOWN } from './source.ts'
import { nameOfValue } from './value-tokens.ts'
import type { Vocabulary } from './vocabulary.ts'
import { decodeUtf8, readAscii } from './wbxml-text.ts'
import { token } from './wbxml-tokens.ts'

type Attributes = Markup['attributes']
const noAttributes: Attributes = []

/**
 * The grammar of WBXML 1.1 to 1.3 as CSP uses it: header, tags, attributes and pieces of text, straight from the
 * octets. Every length is compared with what is left before anything is taken, and what the string table may expand to
 * is bounded.
 */
export abstract class WbxmlScanner {
  depth = 0
  /** The namespace of the root element; empty where it has none. */
  namespace = ''
  /** The version that the public identifier names, if any. */
  readonly announced: Version | undefined

  protected readonly bytes: Uint8Array
  protected pos = 0
  /** The element opened last has no content and has not been closed yet. */
  protected isEmptyTag = false
  private readonly vocabulary: Vocabulary
  private readonly limits: Limits
  private current: Version = '1.2'
  private tags: Int16Array
  private page = 0
  private nodes = 0
  /** For each open element, by depth: the page it is on, its token, and the offset of its name if it has none. */
  protected readonly pages: number[] = [0]
  private readonly identities: number[] = [0]
  protected readonly literals: number[] = [0]
  private tableStart = 0
  private tableEnd = 0
  /** Octets that string-table references may still expand to. */
  private expansion: number
  protected attributes: Attributes = noAttributes

  constructor(bytes: Uint8Array, vocabulary: Vocabulary, limits: Limits) {
    this.bytes = bytes
    this.vocabulary = vocabulary
    this.limits = limits
    this.tags = vocabulary.byToken[this.current]
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
    if (literal === undefined) return versionOfPublicId.get(publicId)
    return versionOfPublicId.get(this.tableString(this.tableReference(literal)))
  }

  protected byte(): number {
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

  protected switchPage() {
    this.page = this.byte()
  }

  protected openTag(byte: number): number {
    const identity = byte & 0x3f
    if (identity < 5 && identity !== token.LITERAL)
      throw this.malformed('syntax', `token 0x${byte.toString(16)} is not allowed here`)
    if (++this.nodes > this.limits.nodes) throw this.malformed('limit', `more than ${this.limits.nodes} elements`)
    if (this.depth >= this.limits.depth)
      throw this.malformed('limit', `elements nested deeper than ${this.limits.depth}`)
    const { page } = this
    const literal = identity === token.LITERAL ? this.tableReference() : 0
    const depth = ++this.depth
    this.pages[depth] = page
    this.identities[depth] = identity
    this.literals[depth] = literal
    this.attributes =
      (byte & token.HAS_ATTRIBUTES) === 0 ? noAttributes : (this.passNamespace() ?? this.readAttributes())
    if (depth === 1) this.namespace = this.attributes.find(([name]) => name === 'xmlns')?.[1] ?? ''
    this.isEmptyTag = (byte & token.HAS_CONTENT) === 0
    return identity === token.LITERAL ? UNKNOWN : this.tagOf(page, identity)
  }

  private tagOf(page: number, identity: number): number {
    return page < 12 ? this.tags[page * 64 + identity]! : UNKNOWN
  }

  /** Nearly all attributes are one namespace of CSP: passes over it, or does nothing if there is anything else. */
  private passNamespace(): Attributes | undefined {
    const { bytes, pos } = this
    const isUsual =
      bytes[pos + 1] === token.STR_I &&
      bytes[pos + 2] === 0x31 &&
      bytes[pos + 3] === 0x2e &&
      bytes[pos + 5] === 0 &&
      bytes[pos + 6] === token.END
    const usual = isUsual ? usualAttributes[bytes[pos]! * 4 + bytes[pos + 4]! - 0x31] : undefined
    if (usual !== undefined) this.pos = pos + 7
    return usual
  }

  /** An attribute list up to its END: an element's, or a processing instruction's. */
  protected readAttributes(): Attributes {
    const found: [string, string][] = []
    for (;;) {
      const byte = this.byte()
      if (byte === token.END) return found
      if (byte === token.SWITCH_PAGE) this.byte()
      else if (isText(byte)) {
        const last = found.at(-1)
        if (!last) throw this.malformed('syntax', 'an attribute value without attribute')
        last[1] += asText(this.piece(byte))
      } else if (byte === token.LITERAL) found.push([this.tableString(this.tableReference()), ''])
      else if (byte < 0x80) found.push(['xmlns', prefixes[byte] ?? ''])
      else throw this.malformed('syntax', `attribute value token 0x${byte.toString(16)} is unknown`)
      if (found.length > this.limits.attributes)
        throw this.malformed('limit', `more than ${this.limits.attributes} attributes`)
    }
  }

  /** One piece of text (or opaque data) that begins with `byte`. */
  protected piece(byte: number): string | Uint8Array {
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
        return this.tableString(this.tableReference())
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

  /** Where a string of the table starts; its length is counted, whether or not it will be looked at. */
  private tableReference(offset = this.multiByte()): number {
    const start = this.tableStart + offset
    if (start >= this.tableEnd) throw this.malformed('syntax', 'a reference beyond the string table')
    this.expansion -= this.tableStringEnd(start) - start
    if (this.expansion < 0) throw this.malformed('limit', 'the string table is expanded too often')
    return start
  }

  private tableStringEnd(start: number): number {
    let end = start
    while (end < this.tableEnd && this.bytes[end] !== 0) end++
    return end
  }

  private tableString(start: number): string {
    return this.utf8(start, this.tableStringEnd(start))
  }

  private utf8(start: number, end: number): string {
    const text = decodeUtf8(this.bytes.subarray(start, end))
    if (text === undefined) throw this.malformed('syntax', 'text that is not UTF-8')
    return text
  }

  /** The name of the element at a depth, shortened for a fault. */
  protected nameAt(depth: number): string {
    const literal = this.literals[depth]!
    if (literal > 0) {
      const end = Math.min(this.tableStringEnd(literal), literal + longestNameInPath)
      return new TextDecoder().decode(this.bytes.subarray(literal, end))
    }
    const [page, identity] = [this.pages[depth]!, this.identities[depth]!]
    const tag = this.tagOf(page, identity)
    return tag > 0 ? this.vocabulary.names[tag]! : `(page ${page} token 0x${identity.toString(16)})`
  }

  protected markup(): Markup {
    const literal = this.literals[this.depth]!
    const name = literal > 0 ? this.tableString(literal) : this.nameAt(this.depth)
    return { name, attributes: this.attributes, children: [] }
  }
}

/** Faults name where they are, and literal names are the sender's to choose. */
const longestNameInPath = 64

/** By number and by text. */
const versionOfPublicId = new Map<number | string, Version>(
  versions.flatMap(version => [marks[version].publicId, ...marks[version].publicIdTexts].map(id => [id, version])),
)

/** Namespace names without their digits, by attribute start token. */
const prefixes: readonly (string | undefined)[] = (() => {
  const found: (string | undefined)[] = []
  for (const mark of Object.values(marks))
    for (const { name, token: start } of Object.values(mark.prefixes)) found[start] = name
  return found
})()

/** Attribute lists of one namespace with the digits of a version, by start token * 4 + last digit - 1. */
const usualAttributes: readonly (Attributes | undefined)[] = Array.from(prefixes).flatMap(name =>
  Array.from({ length: 4 }, (_, index) => {
    const version = versions[index]
    return name === undefined || version === undefined ? undefined : [['xmlns', name + version] as const]
  }),
)

export const isText = (byte: number) =>
  byte === token.STR_I ||
  byte === token.EXT_T_0 ||
  byte === token.OPAQUE ||
  byte === token.STR_T ||
  byte === token.ENTITY

/** Octets stand for no text where only text can be. */
export const asText = (piece: string | Uint8Array) => (typeof piece === 'string' ? piece : '')
