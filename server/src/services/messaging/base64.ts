import type { Info } from './mail.ts'

/** Whether content comes in the one transfer encoding that this server knows (CSP 6.9.1). */
export const isBase64 = ({ contentEncoding }: Pick<Info, 'contentEncoding'>): boolean =>
  contentEncoding?.toLowerCase() === 'base64'

/** What says of itself that it is BASE64, as the characters it is written in, also where a binary client sent octets. */
export const asBase64 = (content: string | Uint8Array): string =>
  typeof content === 'string' ? content : Buffer.from(content).toString('latin1')

/** The octets of a text in BASE64, with or without line breaks; undefined where it is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  const dense = text.replaceAll(/[\t\n\r ]+/g, '')
  if (dense.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(dense)) return undefined
  return new Uint8Array(Buffer.from(dense, 'base64'))
}
