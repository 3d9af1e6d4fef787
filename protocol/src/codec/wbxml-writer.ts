import type { Element, Kind, Markup, Version } from '../schema/kit.ts'
import { marks } from '../schema/namespaces.ts'
import type { Sink, Write } from './compile-write.ts'
import { formatDate } from './scalars.ts'
import { tokensOfValues } from './value-tokens.ts'
import { multiByte, token } from './wbxml-tokens.ts'

const utf8 = new TextEncoder()

/** WBXML 1.3. */
const wbxmlVersion = 0x03
/** Version, public identifier, character set, length of the string table. */
const headLength = 4
/** Small enough that a document kept for long may keep its neighbours; large enough to hold many. */
const bufferLength = 16_384

/** A part of a document that can stand wherever the same code page is switched to. */
interface Passage {
  readonly bytes: Uint8Array
  readonly pageBefore: number
  readonly pageAfter: number
}

/**
 * WBXML of one version, one document after the other in a buffer: `take` gives away the part that was written, which
 * is never touched again, and starts afresh behind it. Value tokens replace whole values only; dates are written as
 * text, since readers in the field disagree about the opaque form.
 */
export class WbxmlWriter implements Sink {
  private readonly version: Version
  private readonly head: readonly number[]
  private bytes = new Uint8Array(bufferLength)
  /** Where the document begins. */
  private start = 0
  private pos = 0
  private page = 0
  /** Names for which there is no token: the string table of this document. */
  private readonly strings: string[] = []

  constructor(version: Version) {
    this.version = version
    this.head = [wbxmlVersion, marks[version].publicId, token.UTF_8]
    this.reset()
  }

  /** The document: header, string table, body. */
  take(): Uint8Array {
    if (this.strings.length > 0) return this.withTable()
    const document = this.bytes.subarray(this.start, this.pos)
    this.start = this.pos
    this.reset()
    return document
  }

  /** The header stands in front already, but says that there is no table. */
  private withTable(): Uint8Array {
    const table = utf8.encode(`${this.strings.join('\0')}\0`)
    const head = [...this.head, ...multiByte(table.length), ...table]
    const body = this.bytes.subarray(this.start + headLength, this.pos)
    const document = new Uint8Array(head.length + body.length)
    document.set(head)
    document.set(body, head.length)
    this.reset()
    return document
  }

  /** Forgets what was written and not taken. */
  reset() {
    this.pos = this.start
    this.room(headLength)
    for (const byte of this.head) this.bytes[this.pos++] = byte
    this.bytes[this.pos++] = 0
    this.page = 0
    this.strings.length = 0
  }

  open(element: Element): () => number {
    const { page, token: tag } = element
    const namespace = this.namespaceBytes(element)
    return () => {
      this.room(8)
      const at = this.tag(page, tag | token.HAS_CONTENT | (namespace ? token.HAS_ATTRIBUTES : 0)) - this.start
      if (namespace) this.put(namespace)
      return at
    }
  }

  close(element: Element): (start: number) => void {
    const after = 1 + (this.namespaceBytes(element)?.length ?? 0)
    return at => {
      this.room(1)
      const start = this.start + at
      if (this.pos === start + after) this.bytes[start]! &= ~token.HAS_CONTENT
      else this.bytes[this.pos++] = token.END
    }
  }

  remembering(write: Write): Write {
    const remembered = new WeakMap<object, Passage>()
    return value => {
      if (!Object.isFrozen(value)) return write(value)
      const passage = remembered.get(value)
      if (passage?.pageBefore === this.page) {
        this.room(passage.bytes.length)
        this.bytes.set(passage.bytes, this.pos)
        this.pos += passage.bytes.length
        this.page = passage.pageAfter
        return
      }
      const pageBefore = this.page
      const from = this.pos - this.start // the buffer may be another one afterwards
      write(value)
      if (this.strings.length > 0) return // it may refer to the table of this document
      const bytes = this.bytes.slice(this.start + from, this.pos)
      remembered.set(value, { bytes, pageBefore, pageAfter: this.page })
    }
  }

  scalar(element: Element, kind: Kind): Write {
    const { page, token: tag } = element
    const full = tag | token.HAS_CONTENT
    switch (kind) {
      case 'string':
        return (value: string) => this.leafText(page, tag, value)
      case 'token': {
        const tokens = tokensOfValues(this.version, page)
        return (value: string) => {
          const number = tokens.get(value)
          if (number === undefined) this.leafText(page, tag, value)
          else this.leafToken(page, full, number)
        }
      }
      case 'content':
        return (value: string | Uint8Array) => {
          if (typeof value === 'string') this.leafText(page, tag, value)
          else this.leafOpaque(page, full, value)
        }
      case 'int':
        return (value: number) => this.leafInteger(page, full, value)
      case 'bool': {
        const tokens = tokensOfValues(this.version, page)
        const [yes, no] = [tokens.get('T')!, tokens.get('F')!]
        return (value: boolean) => this.leafToken(page, full, value ? yes : no)
      }
      case 'date':
        return (value: Date) => this.leafText(page, tag, formatDate(value))
      case 'empty':
        return () => {
          this.room(8)
          this.tag(page, tag)
        }
      case 'extension':
        return (value: Markup) => this.markup(value, element)
    }
  }

  private put(bytes: ArrayLike<number>) {
    this.room(bytes.length)
    for (let i = 0; i < bytes.length; i++) this.bytes[this.pos++] = bytes[i]!
  }

  /** A tag on its page, switching to it if need be; returns where the tag byte is. Room was made. */
  private tag(page: number, byte: number): number {
    if (page !== this.page) {
      this.bytes[this.pos++] = token.SWITCH_PAGE
      this.bytes[this.pos++] = page
      this.page = page
    }
    this.bytes[this.pos] = byte
    return this.pos++
  }

  private leafText(page: number, tag: number, value: string) {
    this.room(value.length * 3 + 8)
    if (value === '') {
      this.tag(page, tag)
      return
    }
    this.tag(page, tag | token.HAS_CONTENT)
    this.text(value)
    this.bytes[this.pos++] = token.END
  }

  /** The attribute list of an element that declares a namespace: a token for the name, its digits as text. */
  private namespaceBytes(element: Element): number[] | undefined {
    const { namespace } = element.facts
    if (namespace === undefined) return undefined
    const digits = [...this.version].map(character => character.charCodeAt(0))
    return [marks[this.version].prefixes[namespace].token, token.STR_I, ...digits, 0, token.END]
  }

  private leafToken(page: number, tag: number, number: number) {
    this.room(8)
    this.tag(page, tag)
    this.bytes[this.pos++] = token.EXT_T_0
    if (number > 127) this.bytes[this.pos++] = 0x80 | (number >> 7)
    this.bytes[this.pos++] = number & 127
    this.bytes[this.pos++] = token.END
  }

  /** Unsigned, most significant octet first, no leading zeros, at least one octet. */
  private leafInteger(page: number, tag: number, value: number) {
    this.room(12)
    this.tag(page, tag)
    const length = value > 0xffffff ? 4 : value > 0xffff ? 3 : value > 0xff ? 2 : 1
    this.bytes[this.pos++] = token.OPAQUE
    this.bytes[this.pos++] = length
    for (let shift = length - 1; shift >= 0; shift--) this.bytes[this.pos++] = (value >>> (8 * shift)) & 255
    this.bytes[this.pos++] = token.END
  }

  private leafOpaque(page: number, tag: number, value: Uint8Array) {
    this.room(value.length + 12)
    this.tag(page, tag)
    this.opaque(value)
    this.bytes[this.pos++] = token.END
  }

  private opaque(value: Uint8Array) {
    this.bytes[this.pos++] = token.OPAQUE
    for (const byte of multiByte(value.length)) this.bytes[this.pos++] = byte
    this.bytes.set(value, this.pos)
    this.pos += value.length
  }

  /** An inline string; NUL would end it early and is dropped. Room was made. */
  private text(value: string) {
    const { bytes } = this
    let { pos } = this
    bytes[pos++] = token.STR_I
    const start = pos
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i)
      if (code > 127) {
        pos = start + utf8.encodeInto(value.replaceAll('\0', ''), bytes.subarray(start)).written
        break
      }
      if (code !== 0) bytes[pos++] = code
    }
    bytes[pos++] = 0
    this.pos = pos
  }

  /** Foreign markup: names as literals; its depth was bounded when it was read, so recursion is as well. */
  private markup(markup: Markup, known?: Element) {
    this.room(16)
    const flags =
      (markup.attributes.length > 0 ? token.HAS_ATTRIBUTES : 0) + (markup.children.length > 0 ? token.HAS_CONTENT : 0)
    if (known) this.tag(known.page, known.token | flags)
    else {
      this.bytes[this.pos++] = token.LITERAL | flags
      this.put(multiByte(this.tableOffset(markup.name)))
    }
    for (const [name, value] of markup.attributes) {
      this.room(value.length * 3 + 16)
      this.bytes[this.pos++] = token.LITERAL
      this.put(multiByte(this.tableOffset(name)))
      this.room(value.length * 3 + 16)
      this.text(value)
    }
    this.room(1)
    if (markup.attributes.length > 0) this.bytes[this.pos++] = token.END
    for (const child of markup.children) {
      if (typeof child === 'string') {
        this.room(child.length * 3 + 8)
        this.text(child)
      } else if (child instanceof Uint8Array) {
        this.room(child.length + 8)
        this.opaque(child)
      } else this.markup(child)
    }
    this.room(1)
    if (markup.children.length > 0) this.bytes[this.pos++] = token.END
  }

  private tableOffset(name: string): number {
    let offset = 0
    for (const other of this.strings) {
      if (other === name) return offset
      offset += utf8.encode(other).length + 1
    }
    this.strings.push(name)
    return offset
  }

  private room(length: number) {
    if (this.pos + length > this.bytes.length) this.moveOn(length)
  }

  /** Takes the document to a new buffer, with room for twice of it and `length` octets more. */
  private moveOn(length: number) {
    const written = this.bytes.subarray(this.start, this.pos)
    this.bytes = new Uint8Array(Math.max(bufferLength, 2 * written.length + length))
    this.bytes.set(written)
    this.start = 0
    this.pos = written.length
  }
}
