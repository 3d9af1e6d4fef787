// Escapes of the user and resource parts of an address (CSP 5.3.3, RFC 2396 2.4): %XX stands for one octet of UTF-8.

const isHexDigit = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66)

/** Whether `text` has two hexadecimal digits after the `%` at `index`. */
export const isEscape = (text: string, index: number): boolean =>
  isHexDigit(text.charCodeAt(index + 1)) && isHexDigit(text.charCodeAt(index + 2))

/** The text an escaped part stands for, decoded once; undefined where the octets are not UTF-8. */
export const unescapePart = (part: string): string | undefined => {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/**
 * Escapes text for use as the user or resource part of an address: everything but letters, digits and `- _ . ! ~ ' ( )`
 * (CSP 5.3.3). Not for mobile identities, whose leading `+` stays as it is (CSP 5.3.4). Unpaired surrogates, which no
 * octets can stand for, become U+FFFD. Whether the part is allowed in an address is for `parseAddress` to say.
 */
export const escapePart = (text: string): string => encodeURIComponent(text.toWellFormed()).replaceAll('*', '%2A')

/** Lower case, and one spelling for a letter that Unicode can write as one character or as letter and accent. */
export const foldCase = (text: string): string => text.toLowerCase().normalize('NFC')

/** Control and format characters, line separators, unassigned code points: what nobody can see nobody may tell apart. */
export const hasUnseenCharacters = (text: string): boolean => /[\p{C}\p{Zl}\p{Zp}]/u.test(text)
