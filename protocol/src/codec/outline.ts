import type { Refusal } from '../refusal.ts'
import { Description } from '../schema/common.ts'
import * as envelope from '../schema/envelope.ts'
import { isHarmless } from '../schema/harmless.ts'
import { type Element, nameIn, type Version } from '../schema/kit.ts'
import { SegmentInfo } from '../schema/segments.ts'
import { readerOf } from './index.ts'
import { primitives, vocabulary } from './language.ts'
import { Malformed } from './malformed.ts'
import { END, type Source, UNKNOWN } from './source.ts'
import { below } from './vocabulary.ts'

/** What is looked into above the primitives; the rest of the envelope is not told. */
const envelopeBelow = new Map<Element, readonly Element[]>([
  [envelope.Message, [envelope.Session]],
  [envelope.Session, [envelope.Transaction]],
  [envelope.Transaction, [envelope.TransactionDescriptor, envelope.TransactionContent, envelope.ExtBlock]],
  [envelope.TransactionDescriptor, [SegmentInfo]],
  [envelope.TransactionContent, primitives],
])

const roots = [envelope.Message, ...primitives]

/**
 * What the transactions of a document say, as it came and as far as it can be read: an element a line, indented by two
 * blanks a level. Texts are shown only where they are harmless; passwords, Session-IDs, what people write and all else
 * is `(hidden)`, and content is told by its size. Of foreign elements not even the name is shown: a password with a `<`
 * in it may look like one.
 * @param mostCharacters of all lines together; what is beyond is left out
 */
export function outline(body: Uint8Array, version: Version, mostCharacters: number): string[][] {
  const transactions: string[][] = []
  let left = mostCharacters
  const say = (level: number, text: string) => {
    if (left <= 0) return
    left -= 2 * level + text.length
    transactions.at(-1)?.push('  '.repeat(level) + (left > 0 ? text : '...'))
  }

  const tell = (element: Element, parent: Element, source: Source, level: number) => {
    const name = nameIn(version, element)
    if (element.kind !== undefined) return say(level, `${name}${scalar(element, parent, source)}`)
    say(level, name)
    tellBelow(element, source, level + 1)
  }

  const tellBelow = (element: Element, source: Source, level: number) => {
    const around = envelopeBelow.get(element)
    const expected = around ?? below(element)
    for (let tag = source.open(); tag !== END; tag = source.open()) {
      const child = expected.find(it => vocabulary.tagOf(it) === tag)
      if (child === envelope.Transaction) transactions.push([])
      if (child !== undefined && envelopeBelow.has(child)) tellBelow(child, source, level)
      else if (child !== undefined) tell(child, element, source, level)
      else {
        if (around === undefined || element === envelope.TransactionContent)
          say(level, tag === UNKNOWN ? '(unknown element)' : `${vocabulary.names[tag]}: (not expected here)`)
        source.skip()
      }
    }
    const bare = element.facts.bareText && element.parts?.[element.facts.bareText]?.of
    const text = bare && source.loose()
    if (text) say(level, `(text): ${isHarmless(bare, element) ? quoted(text) : hidden}`)
  }

  try {
    const source = readerOf(body)
    const tag = source.root()
    source.version = version
    const root = roots.find(it => vocabulary.tagOf(it) === tag)
    if (root === envelope.Message) tellBelow(root, source, 0)
    else if (root !== undefined) {
      transactions.push([])
      tell(root, root, source, 0)
    }
  } catch (fault) {
    if (!(fault instanceof Malformed)) throw fault
    say(0, '(the rest cannot be read)')
  }
  return transactions
}

const hidden = '(hidden)'
const longestText = 200

const quoted = (text: string): string =>
  JSON.stringify(text.slice(0, longestText)) + (text.length > longestText ? ` ... (${text.length} characters)` : '')

/** What is told of the element opened last, to follow its name. */
function scalar(element: Element, parent: Element, source: Source): string {
  if (element.kind === 'empty' || element.kind === 'extension') {
    source.skip()
    return element.kind === 'empty' ? '' : `: ${hidden}`
  }
  try {
    return `: ${told(element, parent, source)}`
  } catch (fault) {
    if (!(fault instanceof Malformed) || !fault.isRecoverable) throw fault
    return `: (not of the kind ${element.kind})`
  }
}

function told(element: Element, parent: Element, source: Source): string {
  switch (element.kind) {
    case 'int':
      return String(source.int())
    case 'bool':
      return source.bool() ? 'T' : 'F'
    case 'date':
      return source.date().toISOString()
    case 'content': {
      const content = source.content()
      return typeof content === 'string' ? `(text, ${content.length} characters)` : `(${content.length} octets)`
    }
    default: {
      const text = source.string()
      if (text === '') return '(empty)'
      if (!isHarmless(element, parent)) return hidden
      return quoted(element === Description ? withoutQuotes(text) : text)
    }
  }
}

/** Faults quote the value they are about, and name the elements around it, which may be foreign ones. */
const withoutQuotes = (text: string): string => text.replace(/"[\s\S]*"/, '(hidden)').replace(/ \(at [\s\S]*$/, '')

/** Why something could not be read, with the place, and without anything that was sent. */
export const harmlessReason = ({ message, path = '' }: Refusal | Malformed): string => {
  const place = path.split('/').map(name => (vocabulary.has(name) ? name : '?'))
  return withoutQuotes(message) + (path === '' ? '' : ` (at ${place.join('/')})`)
}
