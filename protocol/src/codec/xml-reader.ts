import type { Markup, Version } from '../schema/kit.ts'
import type { Likely } from './likely.ts'
import { parseBool, parseDate, parseInteger } from './scalars.ts'
import { defaultLimits, END, type Limits, type Source } from './source.ts'
import type { Vocabulary } from './vocabulary.ts'
import { BANG, LESS, QUESTION, SLASH } from './xml-cursor.ts'
import { XmlScanner } from './xml-scanner.ts'
import { isSpace, plain, trimSpace } from './xml-text.ts'

/** A pull reader over an XML document. No recursion. */
export class XmlReader extends XmlScanner implements Source {
  version: Version = '1.2'
  private looseStart = 0
  private looseEnd = 0
  private readonly octets: Uint8Array | undefined

  /** @param octets of the text, where it is all ASCII: then they are its image. */
  constructor(text: string, vocabulary: Vocabulary, limits: Limits = defaultLimits, octets?: Uint8Array) {
    super(text, vocabulary, limits, octets)
    this.octets = octets
  }

  get position() {
    return this.pos
  }

  root(likely?: Likely): number {
    const { text } = this
    if (text.charCodeAt(0) === 0xfeff) this.pos = 1
    if (text.startsWith('<?xml', this.pos)) this.skipPast('?>', 'the XML declaration has no end')
    this.skipMisc(true)
    if (text.charCodeAt(this.pos) !== LESS) throw this.malformed('syntax', 'an element is expected')
    return this.openTag(likely)
  }

  open(likely?: Likely): number {
    if (this.isEmptyTag) {
      this.isEmptyTag = false
      this.depth--
      this.looseEnd = this.looseStart = 0
      return END
    }
    const { image } = this
    let start = this.pos
    for (;;) {
      if (image[this.pos] !== LESS) {
        const next = this.text.indexOf('<', this.pos)
        if (next < 0) throw this.malformed('syntax', 'the element has no end')
        this.passText(next)
      }
      const code = image[this.pos + 1]
      if (code === SLASH) {
        this.looseStart = start
        this.looseEnd = this.pos
        this.closeTag()
        return END
      }
      if (code !== BANG && code !== QUESTION) return this.openTag(likely)
      this.skipMarkup()
      start = this.pos
    }
  }

  /** Text between elements means nothing, and must be well-formed all the same. */
  private passText(end: number) {
    const { image } = this
    let i = this.pos
    while (i < end && isSpace(image[i]!)) i++
    if (i < end) this.unescape(i, end)
    this.pos = end
  }

  loose(): string {
    return this.looseStart === this.looseEnd ? '' : trimSpace(this.unescape(this.looseStart, this.looseEnd))
  }

  skip() {
    const outside = this.depth - 1
    while (this.depth > outside) this.open()
  }

  finish() {
    this.skipMisc(false)
    if (this.pos < this.text.length) throw this.malformed('syntax', 'something follows the root element')
  }

  string(): string {
    const text = this.content()
    // Hardly ever is there anything to trim.
    return text.charCodeAt(0) <= 32 || text.charCodeAt(text.length - 1) <= 32 ? trimSpace(text) : text
  }

  int(): number {
    const text = this.string()
    const value = parseInteger(text)
    if (value === undefined) throw this.notA('number from 0 to 4294967295', text)
    return value
  }

  bool(): boolean {
    const text = this.string()
    const value = parseBool(text)
    if (value === undefined) throw this.notA('T or F', text)
    return value
  }

  date(): Date {
    const text = this.string()
    const value = parseDate(text)
    if (value === undefined) throw this.notA('date and time such as 20260131T235901Z', text)
    return value
  }

  empty(): true {
    this.skip()
    return true
  }

  /** All text of the current element as it is, entities resolved; elements inside are skipped. */
  content(): string {
    if (this.isEmptyTag) {
      this.isEmptyTag = false
      this.depth--
      return ''
    }
    const { image } = this
    const start = this.pos
    let i = start
    while (plain[image[i]!] === 1) i++
    this.pos = i
    if (image[i] === LESS && image[i + 1] === SLASH) {
      this.closeTag()
      return this.text.slice(start, i)
    }
    return this.rareContent(start)
  }

  extension(): Markup {
    const { text } = this
    const outside = this.depth - 1
    const top = this.markup()
    const stack = [top]
    while (this.depth > outside) {
      const children = stack[stack.length - 1]!.children as (Markup | string)[]
      if (this.isEmptyTag) {
        this.isEmptyTag = false
        this.depth--
        stack.pop()
        continue
      }
      const next = text.indexOf('<', this.pos)
      if (next < 0) throw this.malformed('syntax', 'the element has no end')
      addText(children, this.unescape(this.pos, next))
      this.pos = next
      const code = text.charCodeAt(next + 1)
      if (code === SLASH) {
        this.closeTag()
        stack.pop()
      } else if (code === BANG || code === QUESTION) addText(children, this.skipMarkup())
      else {
        this.openTag()
        const child = this.markup()
        children.push(child)
        stack.push(child)
      }
    }
    return top
  }

  /** As octets where the document came as such: they are not copied, and digested in half the time. */
  between(start: number, end: number): string | Uint8Array {
    return this.octets?.subarray(start, end) ?? this.text.slice(start, end)
  }

  private notA(what: string, text: string) {
    const closed = this.nameAt(this.depth + 1) // the element at fault, which has been read to its end
    return this.malformed('value', `${JSON.stringify(text.slice(0, 40))} is not a ${what}`, closed)
  }

  /** A text with references, CDATA sections, comments or elements in it. */
  private rareContent(start: number): string {
    let from = start
    let found = ''
    for (;;) {
      const next = this.text.indexOf('<', this.pos)
      if (next < 0) throw this.malformed('syntax', 'the element has no end')
      found += this.unescape(from, next)
      this.pos = next
      const code = this.text.charCodeAt(next + 1)
      if (code === SLASH) {
        this.closeTag()
        return found
      }
      if (code === BANG || code === QUESTION) found += this.skipMarkup()
      else {
        this.openTag()
        this.skip()
      }
      from = this.pos
    }
  }
}

/** Adds text that is more than white space, joined to text that stands just before it. */
const addText = (children: (Markup | string)[], text: string) => {
  const last = children.at(-1)
  if (typeof last === 'string') children[children.length - 1] = last + text
  else if (trimSpace(text) !== '') children.push(text)
}
