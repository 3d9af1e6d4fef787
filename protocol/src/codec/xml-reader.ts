import type { Markup, Version } from '../schema/kit.ts'
import { type Fault, Malformed } from './malformed.ts'
import { parseBool, parseDate, parseInteger } from './scalars.ts'
import { defaultLimits, END, type Limits, type Source } from './source.ts'
import { nextHash, type Vocabulary } from './vocabulary.ts'
import { attributeText, isNameCode, isSpace, plain, reference, skipDocumentType, trimSpace } from './xml-text.ts'

const [TAB, LF, CR, SPACE, BANG, QUOTE, AMP, APOSTROPHE, SLASH, COLON, LESS, EQUALS, GREATER, QUESTION] = [
  9, 10, 13, 32, 33, 34, 38, 39, 47, 58, 60, 61, 62, 63,
]

type Attribute = readonly [name: string, value: string]
const noAttributes: readonly Attribute[] = []

/**
 * XML as far as CSP needs it: elements, attributes, text, CDATA sections, comments, processing instructions,
 * character references and the five entities. A DOCTYPE without internal subset is skipped, one with it refused.
 * Elements are matched by local name, since phones contradict themselves in namespaces. No recursion.
 */
export class XmlReader implements Source {
  version: Version = '1.2'
  depth = 0
  namespace = ''
  /** The text of a DOCTYPE, from which an older client's version may be told. */
  documentType = ''

  private readonly text: string
  private readonly vocabulary: Vocabulary
  private readonly limits: Limits
  private pos = 0
  private nodes = 0
  /** Attributes of the element opened last. */
  private attributes: readonly Attribute[] = noAttributes
  /** The element opened last was `<x/>` and has not been closed yet. */
  private isEmptyTag = false
  /** Where the names of the open elements stand: start and end of each, by depth. */
  private readonly names: Int32Array
  private looseStart = 0
  private looseEnd = 0

  constructor(text: string, vocabulary: Vocabulary, limits: Limits = defaultLimits) {
    this.text = text
    this.vocabulary = vocabulary
    this.limits = limits
    this.names = new Int32Array(2 * limits.depth + 2)
  }

  get position() {
    return this.pos
  }

  root(): number {
    const { text } = this
    if (text.charCodeAt(0) === 0xfeff) this.pos = 1
    if (text.startsWith('<?xml', this.pos)) this.skipPast('?>', 'the XML declaration has no end')
    this.skipMisc(true)
    if (text.charCodeAt(this.pos) !== LESS) throw this.malformed('syntax', 'an element is expected')
    return this.openTag()
  }

  open(): number {
    if (this.isEmptyTag) {
      this.isEmptyTag = false
      this.depth--
      this.looseEnd = this.looseStart = 0
      return END
    }
    const { text } = this
    let start = this.pos
    for (;;) {
      if (text.charCodeAt(this.pos) !== LESS) {
        const next = text.indexOf('<', this.pos)
        if (next < 0) throw this.malformed('syntax', 'the element has no end')
        this.pos = next
      }
      const code = text.charCodeAt(this.pos + 1)
      if (code === SLASH) {
        this.looseStart = start
        this.looseEnd = this.pos
        this.closeTag()
        return END
      }
      if (code !== BANG && code !== QUESTION) return this.openTag()
      this.skipMarkup()
      start = this.pos
    }
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
    return trimSpace(this.content())
  }

  token(): string {
    return trimSpace(this.content())
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
    const { text } = this
    const start = this.pos
    let i = start
    let code = text.charCodeAt(i)
    while (code < 128 ? plain[code] === 1 : code < 0xfffe) code = text.charCodeAt(++i)
    this.pos = i
    if (code === LESS && text.charCodeAt(i + 1) === SLASH) {
      this.closeTag()
      return text.slice(start, i)
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

  between(start: number, end: number): string {
    return this.text.slice(start, end)
  }

  malformed(fault: Fault, reason: string, below?: string): Malformed {
    const path: string[] = []
    for (let depth = 1; depth <= this.depth; depth++) path.push(this.nameAt(depth))
    if (below !== undefined) path.push(below)
    return new Malformed(fault, reason, path.join('/'), utf8Length(this.text, Math.min(this.pos, this.text.length)))
  }

  private notA(what: string, text: string) {
    return this.malformed('value', `${JSON.stringify(text.slice(0, 40))} is not a ${what}`)
  }

  private nameAt(depth: number) {
    return this.text.slice(this.names[2 * depth]!, this.names[2 * depth + 1]!)
  }

  /** At `<` of a start tag. */
  private openTag(): number {
    const { text } = this
    const start = this.pos + 1
    let local = start
    let hash = 0
    let i = start
    let code = text.charCodeAt(i)
    if (!isNameCode(code) || code === COLON || (code >= 45 && code <= 57))
      throw this.malformed('syntax', 'a tag begins with what is no name')
    while (isNameCode(code)) {
      if (code === COLON) {
        local = i + 1
        hash = 0
      } else hash = nextHash(hash, code)
      code = text.charCodeAt(++i)
    }
    if (++this.nodes > this.limits.nodes) throw this.malformed('limit', `more than ${this.limits.nodes} elements`)
    if (this.depth >= this.limits.depth)
      throw this.malformed('limit', `elements nested deeper than ${this.limits.depth}`)
    const depth = ++this.depth
    this.names[2 * depth] = start
    this.names[2 * depth + 1] = i
    this.namespace = ''
    this.pos = i
    this.attributes = noAttributes
    if (code === GREATER) this.pos = i + 1
    else this.readAttributes(local === start ? 'xmlns' : `xmlns:${text.slice(start, local - 1)}`)
    return this.vocabulary.find(text, local, i, hash)
  }

  /** From the end of the name to after `>` or `/>`; keeps the value of the attribute called `wanted`. */
  private readAttributes(wanted: string): void {
    const { text } = this
    const found: Attribute[] = []
    for (;;) {
      const spaced = this.skipSpace()
      const code = text.charCodeAt(this.pos)
      if (code === GREATER) {
        this.pos++
        return
      }
      if (code === SLASH && text.charCodeAt(this.pos + 1) === GREATER) {
        this.pos += 2
        this.isEmptyTag = true
        return
      }
      if (!spaced) throw this.malformed('syntax', 'a tag has no end')
      const name = this.attributeName()
      const value = this.attributeValue()
      if (found.some(other => other[0] === name)) throw this.malformed('syntax', `the attribute ${name} stands twice`)
      if (found.push([name, value]) > this.limits.attributes)
        throw this.malformed('limit', `more than ${this.limits.attributes} attributes`)
      this.attributes = found
      if (name === wanted) this.namespace = value
    }
  }

  private attributeName(): string {
    const { text } = this
    const start = this.pos
    let i = start
    while (isNameCode(text.charCodeAt(i))) i++
    this.pos = i
    const first = text.charCodeAt(start)
    if (i === start || (first >= 45 && first <= 57)) throw this.malformed('syntax', 'an attribute has no name')
    return text.slice(start, i)
  }

  private attributeValue(): string {
    const { text } = this
    this.skipSpace()
    if (text.charCodeAt(this.pos) !== EQUALS) throw this.malformed('syntax', 'an attribute has no value')
    this.pos++
    this.skipSpace()
    const quote = text.charCodeAt(this.pos)
    if (quote !== QUOTE && quote !== APOSTROPHE) throw this.malformed('syntax', 'an attribute value has no quotes')
    const end = text.indexOf(quote === QUOTE ? '"' : "'", this.pos + 1)
    if (end < 0) throw this.malformed('syntax', 'an attribute value has no end')
    const value = attributeText(text.slice(this.pos + 1, end))
    if (value === undefined) throw this.malformed('syntax', 'an attribute value holds what it may not')
    this.pos = end + 1
    return value
  }

  /** At `</`. */
  private closeTag(): void {
    const { text } = this
    let from = this.names[2 * this.depth]!
    const to = this.names[2 * this.depth + 1]!
    let i = this.pos + 2
    while (from < to && text.charCodeAt(from) === text.charCodeAt(i)) {
      from++
      i++
    }
    let code = text.charCodeAt(i)
    if (from < to || (code !== GREATER && !isSpace(code)))
      throw this.malformed('syntax', `${this.nameAt(this.depth)} is closed by another name`)
    while (isSpace(code)) code = text.charCodeAt(++i)
    if (code !== GREATER) throw this.malformed('syntax', 'an end tag has no end')
    this.pos = i + 1
    this.depth--
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

  /** Character data with references resolved and line ends normalised. */
  private unescape(start: number, end: number): string {
    const { text } = this
    let from = start
    let found = ''
    for (let i = start; i < end; i++) {
      const code = text.charCodeAt(i)
      if (code < 128 ? plain[code] === 1 : code < 0xfffe) continue
      if (code === AMP) {
        const close = text.indexOf(';', i)
        const character = close < 0 || close > i + 12 ? undefined : reference(text.slice(i + 1, close))
        if (character === undefined) {
          this.pos = i
          throw this.malformed('syntax', 'a reference that is not one of the five entities or a character')
        }
        found += text.slice(from, i) + character
        i = close
        from = close + 1
      } else if (code === CR) {
        found += text.slice(from, i) + (text.charCodeAt(i + 1) === LF ? '' : '\n')
        from = i + 1
      } else if (code !== 93 || text.startsWith(']]>', i)) {
        this.pos = i
        throw this.malformed('syntax', 'a character that XML does not allow')
      }
    }
    return found + text.slice(from, end)
  }

  /** At `<!` or `<?` inside an element; returns the text of a CDATA section, else nothing. */
  private skipMarkup(): string {
    const { text } = this
    const start = this.pos
    if (text.startsWith('<![CDATA[', start)) {
      this.skipPast(']]>', 'a CDATA section has no end')
      const found = text.slice(start + 9, this.pos - 3)
      for (let i = 0; i < found.length; i++) {
        const code = found.charCodeAt(i)
        if ((code < SPACE && code !== TAB && code !== LF && code !== CR) || code >= 0xfffe)
          throw this.malformed('syntax', 'a character that XML does not allow')
      }
      return found.includes('\r') ? found.replace(/\r\n?/g, '\n') : found
    }
    if (text.startsWith('<!--', start)) {
      this.pos = start + 4
      const dashes = text.indexOf('--', this.pos)
      if (dashes < 0 || text.charCodeAt(dashes + 2) !== GREATER)
        throw this.malformed('syntax', 'a comment has no proper end')
      this.pos = dashes + 3
    } else if (text.charCodeAt(start + 1) === QUESTION) {
      const isName = isNameCode(text.charCodeAt(start + 2)) && !/^xml[\s?]/i.test(text.slice(start + 2, start + 6))
      if (!isName) throw this.malformed('syntax', 'a processing instruction without a proper name')
      this.skipPast('?>', 'a processing instruction has no end')
    } else throw this.malformed('syntax', 'markup that does not belong here')
    return ''
  }

  /** White space, comments and processing instructions outside the root; before it, one DOCTYPE. */
  private skipMisc(isProlog: boolean): void {
    const { text } = this
    for (;;) {
      this.skipSpace()
      if (text.charCodeAt(this.pos) !== LESS) return
      const code = text.charCodeAt(this.pos + 1)
      if (code === BANG && isProlog && this.documentType === '' && text.startsWith('<!DOCTYPE', this.pos)) {
        const end = skipDocumentType(text, this.pos)
        if (end === undefined) throw this.malformed('syntax', 'a DOCTYPE with declarations inside, or without an end')
        this.documentType = text.slice(this.pos, end)
        this.pos = end
      } else if ((code === BANG && text.startsWith('<!--', this.pos)) || code === QUESTION) this.skipMarkup()
      else return
    }
  }

  private skipSpace(): boolean {
    const start = this.pos
    while (isSpace(this.text.charCodeAt(this.pos))) this.pos++
    return this.pos > start
  }

  private skipPast(mark: string, otherwise: string) {
    const end = this.text.indexOf(mark, this.pos)
    if (end < 0) throw this.malformed('syntax', otherwise)
    this.pos = end + mark.length
  }

  /** The element opened last as foreign markup, its children yet to come. */
  private markup(): Markup {
    return { name: this.nameAt(this.depth), attributes: this.attributes, children: [] }
  }
}

/** Adds text that is more than white space, joined to text that stands just before it. */
const addText = (children: (Markup | string)[], text: string) => {
  const last = children.at(-1)
  if (typeof last === 'string') children[children.length - 1] = last + text
  else if (trimSpace(text) !== '') children.push(text)
}

/** How many octets the first `end` UTF-16 units take in UTF-8; only needed to say where a fault is. */
const utf8Length = (text: string, end: number) => new TextEncoder().encode(text.slice(0, end)).length
