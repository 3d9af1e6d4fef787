import { fromBase64, isBase64 } from './base64.ts'
import type { Info } from './mail.ts'
import { charsets } from './text-encoding.ts'

/** Text is carried as UTF-8, which every client must be able to read (CSP 5.6.1). */
const carried = 'utf-8'

interface Text {
  readonly info: Info
  readonly content: string | Uint8Array | undefined
}

/**
 * Text in another character set, as UTF-8 (CSP 5.6.2). The characters of a document are no longer in the set that their
 * sender named; octets are converted where the set is known and they are valid in it, and else go on as they are. Octets
 * are what comes in BASE64, too: in XML there is no other way to send them.
 */
export function inUtf8({ info, content }: Text): Text {
  const { contentType, contentEncoding } = info
  const charset = contentType && /^text\//i.test(contentType) ? charsetIn(contentType) : undefined
  if (charset === undefined || content === undefined) return { info, content }
  const text = textOf(content, charset, contentEncoding)
  if (text === undefined) return { info, content }
  const converted = { ...info, contentType: withCharset(contentType!, carried), contentEncoding: undefined }
  return { info: converted, content: text }
}

function textOf(content: string | Uint8Array, charset: string, contentEncoding: string | undefined) {
  if (contentEncoding === undefined) return typeof content === 'string' ? content : decoded(content, charset)
  const octets = isBase64({ contentEncoding }) && typeof content === 'string' ? fromBase64(content) : undefined
  return octets && decoded(octets, charset)
}

/** MIBenum of UTF-8, and of sets in which characters of US-ASCII have the same octets. */
const utf8 = 106
const likeAscii = [3, 4]

/**
 * Text as octets for a client that does not read UTF-8, in the first of the sets it reads (by MIBenum) that has all of
 * its characters. Undefined where it can stay as it is, or has to: it reads it, said nothing, or no set will do.
 */
export function inCharsetOf(
  readable: readonly number[],
  text: string,
  contentType = 'text/plain',
): { readonly contentType: string; readonly octets: Uint8Array } | undefined {
  if (readable.includes(utf8) || !/^text\/plain\b/i.test(contentType)) return undefined
  if (/^[\0-\x7f]*$/.test(text) && readable.some(set => likeAscii.includes(set))) return undefined
  for (const set of readable) {
    const charset = charsets.get(set)
    const octets = charset?.write(text)
    if (octets !== undefined) return { contentType: withCharset(contentType, charset!.name), octets }
  }
  return undefined
}

const charsetParameter = /(;\s*charset\s*=\s*)(?:"([^"]*)"|([^\s;]+))/i

function charsetIn(contentType: string): string | undefined {
  const [, , quoted, bare] = charsetParameter.exec(contentType) ?? []
  return quoted ?? bare
}

const withCharset = (contentType: string, charset: string): string =>
  charsetParameter.test(contentType)
    ? contentType.replace(charsetParameter, `$1${charset}`)
    : `${contentType}; charset=${charset}`

function decoded(octets: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(octets)
  } catch {
    return undefined
  }
}
