import type { Info } from './mail.ts'

/** Text is carried as UTF-8, which every client must be able to read (CSP 5.6.1). */
const carried = 'utf-8'

interface Text {
  readonly info: Info
  readonly content: string | Uint8Array | undefined
}

/**
 * Text in another character set, as UTF-8 (CSP 5.6.2). The characters of a document are no longer in the set that their
 * sender named; octets are converted where the set is known and they are valid in it, and else go on as they are.
 */
export function inUtf8({ info, content }: Text): Text {
  const { contentType, contentEncoding } = info
  const charset = contentType && /^text\//i.test(contentType) ? charsetIn(contentType) : undefined
  if (charset === undefined || contentEncoding !== undefined || content === undefined) return { info, content }
  const text = typeof content === 'string' ? content : decoded(content, charset)
  if (text === undefined) return { info, content }
  return { info: { ...info, contentType: contentType!.replace(charsetParameter, `$1${carried}`) }, content: text }
}

const charsetParameter = /(;\s*charset\s*=\s*)(?:"([^"]*)"|([^\s;]+))/i

function charsetIn(contentType: string): string | undefined {
  const [, , quoted, bare] = charsetParameter.exec(contentType) ?? []
  return quoted ?? bare
}

function decoded(octets: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(octets)
  } catch {
    return undefined
  }
}
