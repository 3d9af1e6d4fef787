import type { Version } from '../schema/kit.ts'
import { marks } from '../schema/namespaces.ts'
import { vocabulary } from './language.ts'
import { Malformed } from './malformed.ts'
import type { Message, MessageInput, Syntax } from './message.ts'
import { readMessage } from './read-message.ts'
import { defaultLimits, type Limits } from './source.ts'
import { WbxmlReader } from './wbxml-reader.ts'
import { writeMessage } from './write-message.ts'
import { XmlReader } from './xml-reader.ts'

export interface DecodeOptions {
  /** The media type that came with the document; without one the document is looked at. */
  readonly contentType?: string | undefined
  /** The version of a session, asked only where the document does not tell. */
  readonly versionOf?: ((sessionId: string) => Version | undefined) | undefined
  readonly limits?: Limits | undefined
}

/** A media type without its parameters, in lower case. */
export const bareType = (contentType: string): string => {
  const end = contentType.indexOf(';')
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase()
}

/** The syntax of a media type: XML or WBXML of CSP or in general; undefined for others (CSP Trans; RFC 7303). */
export const syntaxOfContentType = (contentType: string): Syntax | undefined => {
  const type = bareType(contentType)
  if (type.endsWith('wbxml')) return 'wbxml'
  return type.endsWith('xml') ? 'xml' : undefined
}

/** The media type of CSP in a syntax and version. */
export const contentTypeOf = (syntax: Syntax, version: Version): string =>
  `application/vnd.wv.csp${version === '1.3' ? '+' : '.'}${syntax}`

/** WBXML begins with its version, XML with `<`, white space or a byte order mark. */
const sniff = (body: Uint8Array): Syntax => (body.length > 0 && body[0]! >= 1 && body[0]! <= 3 ? 'wbxml' : 'xml')

/**
 * Reads one CSP message.
 * @param body at most as long as the caller allows; its length is the first limit and is checked before this.
 * @throws Malformed when not even one transaction could be recognised.
 */
export function decode(body: Uint8Array, options: DecodeOptions = {}): Message {
  const source = readerOf(body, options.limits)
  if (source instanceof WbxmlReader)
    return readMessage(source, 'wbxml', { announced: () => source.announced, versionOf: options.versionOf })
  const announced = () => announcedBy(source.documentType)
  return readMessage(source, 'xml', { announced, versionOf: options.versionOf })
}

/**
 * A reader over a document, of the syntax it is in: phones have been seen to label one as the other, but the first octet
 * cannot be mistaken.
 * @throws Malformed when it is XML that is no text
 */
export function readerOf(body: Uint8Array, limits: Limits = defaultLimits): WbxmlReader | XmlReader {
  if (sniff(body) === 'wbxml') return new WbxmlReader(body, vocabulary, limits)
  const text = textOf(body)
  return new XmlReader(text, vocabulary, limits, text.length === body.length ? body : undefined)
}

/** Writes one CSP message: XML as text, WBXML as octets. */
export const encode = (message: MessageInput): string | Uint8Array => writeMessage(message)

const announcedBy = (documentType: string): Version | undefined => {
  if (documentType === '') return undefined
  for (const [version, { publicIdTexts }] of Object.entries(marks))
    if (publicIdTexts.some(text => documentType.includes(text))) return version as Version
  return undefined
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8, or UTF-16 with a byte order mark. */
function textOf(body: Uint8Array): string {
  const mark = body.length >= 2 ? (body[0]! << 8) | body[1]! : 0
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : undefined
  try {
    return encoding ? new TextDecoder(encoding, { fatal: true }).decode(body) : utf8.decode(body)
  } catch {
    throw new Malformed('syntax', 'the document is not UTF-8 text', '', 0)
  }
}
