import type { Markup } from '../schema/kit.ts'
import { isOwnNamespace } from '../schema/namespaces.ts'
import { imageOf, isAt, type Likely, likelyAt, type Word } from './likely.ts'
import type { Limits } from './source.ts'
import { nextHash, type Vocabulary } from './vocabulary.ts'
import { GREATER, SLASH, SPACE, XmlCursor } from './xml-cursor.ts'
import { attributeText, isNameCode, isSpace, plain } from './xml-text.ts'

const [QUOTE, APOSTROPHE, COLON, EQUALS] = [34, 39, 58, 61]

type Attributes = Markup['attributes']
const noAttributes: Attributes = []

/** The tags of XML, with their attributes. */
export abstract class XmlScanner extends XmlCursor {
  /** The namespace of the root element; empty where it has none. */
  namespace = ''

  /** The text once more: what is structure is found in it, what is said is cut from the text. */
  protected readonly image: Uint8Array
  /** The element opened last was `<x/>` and has not been closed yet. */
  protected isEmptyTag = false
  private readonly vocabulary: Vocabulary
  private readonly limits: Limits
  private nodes = 0
  /** Attributes of the element opened last; where it has only `xmlns`, the value of that is noted instead. */
  private attributes: Attributes = noAttributes
  private namespaceStart = 0
  private namespaceEnd = 0
  /** The names of the open elements that were found to be likely ones; by depth. */
  private readonly words: (Word | undefined)[] = [undefined]

  constructor(text: string, vocabulary: Vocabulary, limits: Limits, image = imageOf(text)) {
    super(text)
    this.image = image
    this.vocabulary = vocabulary
    this.limits = limits
  }

  /** At `<` of a start tag; returns its tag, by local name, since phones contradict themselves in namespaces. */
  protected openTag(likely?: Likely): number {
    const start = this.pos + 1
    if (likely !== undefined) {
      const word = likelyAt(likely, this.image, start)
      if (word !== undefined) {
        const end = start + word.name.length
        const code = this.image[end]
        if (code === GREATER || code === SLASH || code === SPACE) {
          this.enter(start, start, end, word)
          return word.tag
        }
      }
    }
    return this.openAnyTag(start)
  }

  private openAnyTag(start: number): number {
    const { text } = this
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
    this.enter(start, local, i, undefined)
    return this.vocabulary.find(text, local, i, hash)
  }

  /** Goes on after the name of a start tag, which stands from `start` (`local` without its prefix) to `end`. */
  private enter(start: number, local: number, end: number, word: Word | undefined) {
    const { image } = this
    if (++this.nodes > this.limits.nodes) throw this.malformed('limit', `more than ${this.limits.nodes} elements`)
    if (this.depth >= this.limits.depth)
      throw this.malformed('limit', `elements nested deeper than ${this.limits.depth}`)
    const depth = ++this.depth
    this.names[2 * depth] = start
    this.names[2 * depth + 1] = end
    this.words[depth] = word
    this.pos = end
    this.attributes = noAttributes
    this.namespaceEnd = 0
    const code = image[end]
    if (code === GREATER) this.pos = end + 1
    else if (code === SLASH && image[end + 1] === GREATER) {
      this.pos = end + 2
      this.isEmptyTag = true
    } else if (!this.passNamespace()) this.attributes = this.readAttributes()
    if (depth === 1) this.namespace = this.namespaceOf(this.text.slice(start, local))
  }

  /** Nearly all attributes are one `xmlns` with a plain value: passes over it, or does nothing if there is more. */
  private passNamespace(): boolean {
    const { image } = this
    if (!this.text.startsWith(' xmlns="', this.pos)) return false
    const start = this.pos + 8
    let i = start
    let code = image[i]!
    while (code >= SPACE && code < 128 && plain[code] === 1 && code !== QUOTE) code = image[++i]!
    if (code !== QUOTE || image[i + 1] !== GREATER) return false
    this.namespaceStart = start
    this.namespaceEnd = i
    this.pos = i + 2
    return true
  }

  private namespaceOf(prefix: string): string {
    if (this.namespaceEnd > 0) return prefix === '' ? this.text.slice(this.namespaceStart, this.namespaceEnd) : ''
    const wanted = prefix === '' ? 'xmlns' : `xmlns:${prefix.slice(0, -1)}`
    return this.attributes.find(([name]) => name === wanted)?.[1] ?? ''
  }

  /** An element is where its parent is if it has the same prefix and declares no namespace itself. */
  stranger(): string | undefined {
    const name = this.wholeName(this.depth)
    const prefix = prefixOf(name)
    const declared = this.namespaceOf(prefix)
    const isOwn = declared === '' ? prefix === prefixOf(this.wholeName(this.depth - 1)) : isOwnNamespace(declared)
    return isOwn ? name.slice(prefix.length) : undefined
  }

  private wholeName(depth: number) {
    return this.text.slice(this.names[2 * depth]!, this.names[2 * depth + 1]!)
  }

  /** From the end of the name to after `>` or `/>`. */
  private readAttributes(): Attributes {
    const { text } = this
    const found: [string, string][] = []
    for (;;) {
      const spaced = this.skipSpace()
      const code = text.charCodeAt(this.pos)
      if (code === GREATER) {
        this.pos++
        return found
      }
      if (code === SLASH && text.charCodeAt(this.pos + 1) === GREATER) {
        this.pos += 2
        this.isEmptyTag = true
        return found
      }
      if (!spaced) throw this.malformed('syntax', 'a tag has no end')
      const name = this.attributeName()
      const value = this.attributeValue()
      if (found.some(other => other[0] === name)) throw this.malformed('syntax', 'an attribute stands twice')
      if (found.push([name, value]) > this.limits.attributes)
        throw this.malformed('limit', `more than ${this.limits.attributes} attributes`)
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
  protected closeTag(): void {
    const word = this.words[this.depth]
    if (word !== undefined && isAt(word.close, this.image, this.pos)) {
      this.pos += word.close.length
      this.depth--
    } else this.closeAnyTag()
  }

  private closeAnyTag() {
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
      throw this.malformed('syntax', 'an element is closed by another name')
    while (isSpace(code)) code = text.charCodeAt(++i)
    if (code !== GREATER) throw this.malformed('syntax', 'an end tag has no end')
    this.pos = i + 1
    this.depth--
  }

  /** The element opened last as foreign markup, its children yet to come. */
  protected markup(): Markup {
    const { namespaceStart, namespaceEnd } = this
    const attributes: Attributes =
      namespaceEnd > 0 ? [['xmlns', this.text.slice(namespaceStart, namespaceEnd)]] : this.attributes
    return { name: this.wholeName(this.depth), attributes, children: [] }
  }
}

/** With its colon. */
const prefixOf = (name: string) => name.slice(0, name.lastIndexOf(':') + 1)
