import { decode, encode, type Message, type PrimitiveInput, type Transaction } from '@village/protocol'

/** Messages as people read them: XML whatever was on the wire, indented, without what is nobody else's business. */

export function describe(body: string | Uint8Array): string {
  const octets = typeof body === 'string' ? new TextEncoder().encode(body) : body
  if (octets.length === 0) return '(nothing)'
  try {
    return clip(redact(indent(asXml(decode(octets)))))
  } catch {
    return clip(redact(isText(octets) ? new TextDecoder().decode(octets) : hexOf(octets)))
  }
}

const asXml = (message: Message): string => {
  const { transactions, ...envelope } = message
  const readable = transactions.filter(hasPrimitive)
  const refused = transactions.filter(it => it.primitive === undefined)
  const xml = readable.length > 0 ? (encode({ ...envelope, syntax: 'xml', transactions: readable }) as string) : ''
  return [xml, ...refused.map(it => `(transaction ${it.id ?? ''}: ${it.refusal?.description})`)].join('\n')
}

const hasPrimitive = (it: Transaction): it is Transaction & { primitive: PrimitiveInput } => it.primitive !== undefined

/** One element a line; text stays with its element. */
const indent = (xml: string): string => {
  let depth = 0
  return xml
    .replace(/^<\?xml[^>]*\?>/, '')
    .split(/(?<=>)(?=<)/)
    .map(piece => {
      if (piece.startsWith('</')) depth--
      const line = '  '.repeat(Math.max(0, depth)) + piece
      if (/^<[^/!?]/.test(piece) && !piece.includes('</') && !piece.endsWith('/>')) depth++
      return line
    })
    .join('\n')
}

const secret = /(<(Password|DigestBytes|Nonce|SessionID|SessionCookie)>)([^<]*)(<|$)/g
const redact = (text: string): string =>
  text.replace(secret, (_, open, _name, value, rest) => open + mask(value) + rest)
/** Enough to tell two apart, too little to use. */
const mask = (value: string): string => (value.length > 12 ? `${value.slice(0, 3)}…` : '…')

const longest = 6000
const clip = (text: string) => (text.length > longest ? `${text.slice(0, longest)}… (${text.length} in all)` : text)
const isText = (octets: Uint8Array) => octets[0]! > 3
/** The beginning only: further in, secrets could not be told from the rest. */
const hexOf = (octets: Uint8Array) =>
  `${Buffer.from(octets.subarray(0, 48)).toString('hex').replace(/../g, '$& ')}(${octets.length} octets)`
