import { contentTypeOf, encode, type Syntax, type TransactionInput, type Version } from '@village/protocol'

/** How messages are written. */
export interface Dialect {
  readonly version: Version
  readonly syntax: Syntax
}

/** An HTTP request, as latin1 text, with these values in the places of its marks. */
export type Template = (...values: readonly string[]) => string

const latin1 = (body: string | Uint8Array) => Buffer.from(body as Uint8Array).toString('latin1')

/**
 * A message that the codec writes once, with marks where something differs from one time to the next. The marks have
 * to be in the order in which the message has them.
 */
export function template(
  dialect: Dialect,
  places: readonly string[],
  ...transactions: readonly TransactionInput[]
): Template {
  const sessionId = places.find(place => place === mark.session)
  const parts: string[] = []
  let rest = latin1(encode({ ...dialect, sessionId, transactions }))
  for (const place of places) {
    const at = rest.indexOf(place)
    if (at < 0) throw new Error(`${transactions[0]?.primitive.name} has no ${place}, or in another order`)
    parts.push(rest.slice(0, at))
    rest = rest.slice(at + place.length)
  }
  const fixed = parts.reduce((sum, part) => sum + part.length, rest.length)
  const head = `POST /imps HTTP/1.1\r\nHost: bench\r\nContent-Type: ${contentTypeOf(dialect.syntax, dialect.version)}\r\nContent-Length: `
  return (...values) => {
    let length = fixed
    let body = ''
    for (let n = 0; n < parts.length; n++) {
      length += values[n]!.length
      body += parts[n]! + values[n]!
    }
    return `${head}${length}\r\n\r\n${body}${rest}`
  }
}

/** Finds the text behind a mark's place in an answer; `from` is where to look. */
export type Finder = (answer: string, from?: number) => { readonly text: string; readonly end: number } | undefined

/** Learns from a sample, written by the codec, what stands before and behind a mark. */
export function finder(dialect: Dialect, place: string, transaction: TransactionInput): Finder {
  const sample = latin1(encode({ ...dialect, sessionId: mark.session, transactions: [transaction] }))
  const at = sample.indexOf(place)
  const before = sample.slice(dialect.syntax === 'xml' ? sample.lastIndexOf('<', at) : at - 2, at)
  const behind = sample[at + place.length]!
  return (answer, from = 0) => {
    const found = answer.indexOf(before, from)
    if (found < 0) return undefined
    const start = found + before.length
    const end = answer.indexOf(behind, start)
    return { text: answer.slice(start, end), end }
  }
}

/** Places that differ, as they are written into templates. */
export const mark = {
  session: '@session@',
  transaction: '@transaction@',
  message: '@message@',
  user: '@user@',
  sender: '@sender@',
  digest: '@digest@',
  nonce: '@nonce@',
  text: '@text@',
} as const
