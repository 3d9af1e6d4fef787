/** Character sets in which text can be written besides UTF-8, by their MIBenum: those that old phones name. */

interface Charset {
  readonly name: string
  /** Undefined where the text has a character that the set has not. */
  write(text: string): Uint8Array | undefined
}

const latin1 = (text: string) => (/^[\0-\xff]*$/.test(text) ? new Uint8Array(Buffer.from(text, 'latin1')) : undefined)
const utf16le = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le'))
const utf16be = (text: string) => new Uint8Array(Buffer.from(text, 'utf16le').swap16())

export const charsets: ReadonlyMap<number, Charset> = new Map([
  [4, { name: 'iso-8859-1', write: latin1 }],
  [1013, { name: 'utf-16be', write: utf16be }],
  [1014, { name: 'utf-16le', write: utf16le }],
  // The one whose octets say themselves in which order they are.
  [1015, { name: 'utf-16', write: text => utf16be(`\ufeff${text}`) }],
])
