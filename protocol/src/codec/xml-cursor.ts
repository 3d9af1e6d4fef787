import { type Fault, Malformed } from './malformed.ts'
import { isNameCode, isSpace, plain, reference, skipDocumentType } from './xml-text.ts'

export const [LESS, SLASH, BANG, QUESTION, SPACE, GREATER] = [60, 47, 33, 63, 32, 62]
const [TAB, LF, CR, AMP] = [9, 10, 13, 38]

/**
 * A place in an XML document, and what stands between its tags: text with character references and the five entities,
 * CDATA sections, comments and processing instructions. A DOCTYPE without internal subset is skipped, one with it
 * refused.
 */
export abstract class XmlCursor {
  depth = 0
  /** The text of a DOCTYPE, from which an older client's version may be told. */
  documentType = ''

  protected readonly text: string
  protected pos = 0
  /** Where the names of the open elements stand: start and end of each, by depth. */
  protected readonly names: number[] = [0, 0]

  constructor(text: string) {
    this.text = text
  }

  malformed(fault: Fault, reason: string, below?: string): Malformed {
    const path: string[] = []
    for (let depth = 1; depth <= this.depth; depth++) path.push(this.nameAt(depth))
    if (below !== undefined) path.push(below)
    return new Malformed(fault, reason, path.join('/'), utf8Length(this.text, Math.min(this.pos, this.text.length)))
  }

  /** The name of the element at a depth, shortened for a fault. */
  protected nameAt(depth: number) {
    const [start, end] = [this.names[2 * depth]!, this.names[2 * depth + 1]!]
    return this.text.slice(start, Math.min(end, start + longestNameInPath))
  }

  /** Character data with references resolved and line ends normalised. */
  protected unescape(start: number, end: number): string {
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
  protected skipMarkup(): string {
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
  protected skipMisc(isProlog: boolean): void {
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

  protected skipSpace(): boolean {
    const start = this.pos
    while (isSpace(this.text.charCodeAt(this.pos))) this.pos++
    return this.pos > start
  }

  protected skipPast(mark: string, otherwise: string) {
    const end = this.text.indexOf(mark, this.pos)
    if (end < 0) throw this.malformed('syntax', otherwise)
    this.pos = end + mark.length
  }
}

/** Faults name where they are, and names are the sender's to choose. */
const longestNameInPath = 64

/** How many octets the first `end` UTF-16 units take in UTF-8; only needed to say where a fault is. */
const utf8Length = (text: string, end: number) => new TextEncoder().encode(text.slice(0, end)).length
