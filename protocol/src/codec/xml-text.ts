/** Character classes and small texts of XML 1.0, shared by the XML reader and writer. */

/** 1 for octets of an image (see likely.ts) that may stand in text and mean themselves. */
export const plain = new Uint8Array(256)
for (let code = 0; code < 256; code++) plain[code] = code >= 32 || code === 9 || code === 10 ? 1 : 0
for (const special of '<&]\r') plain[special.charCodeAt(0)] = 0

const nameCodes = new Uint8Array(128)
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:')
  nameCodes[character.charCodeAt(0)] = 1

/** Whether a UTF-16 unit may stand in a name; beyond ASCII all letters and more are let through. */
export const isNameCode = (code: number) => (code < 128 ? nameCodes[code] === 1 : code < 0xfffe)

export const isSpace = (code: number) => code === 32 || code === 10 || code === 13 || code === 9

/** Text without white space around it; `trim` would take characters beyond those of XML, and those may be meant. */
export const trimSpace = (text: string): string => {
  let end = text.length
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--
  let start = 0
  while (start < end && isSpace(text.charCodeAt(start))) start++
  return end - start === text.length ? text : text.slice(start, end)
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

const isXmlCharacter = (code: number) =>
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff) ||
  code === 9 ||
  code === 10 ||
  code === 13

/** What stands between `&` and `;`: one of the five entities or a character reference. */
export const reference = (name: string): string | undefined => {
  if (!name.startsWith('#')) return Object.hasOwn(entities, name) ? entities[name] : undefined
  const digits = name.startsWith('#x') ? name.slice(2) : name.slice(1)
  if (!(name.startsWith('#x') ? /^[0-9a-fA-F]{1,6}$/ : /^[0-9]{1,7}$/).test(digits)) return undefined
  const code = Number.parseInt(digits, name.startsWith('#x') ? 16 : 10)
  return isXmlCharacter(code) ? String.fromCodePoint(code) : undefined
}

/** What makes an attribute value more than its text. */
const attributeMarks = /[^ !"#$%'-;=-\ufffd]/

/** An attribute value with references resolved; undefined if it is not well-formed. */
export const attributeText = (raw: string): string | undefined => {
  if (!attributeMarks.test(raw)) return raw
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i)
    if (code === 60 || code >= 0xfffe || (code < 32 && !isSpace(code))) return undefined
  }
  let isGood = true
  const value = raw.replace(/&([^;&]{0,12};)?|\r\n?|[\n\t]/g, (found, name?: string) => {
    if (!found.startsWith('&')) return ' '
    const character = name === undefined ? undefined : reference(name.slice(0, -1))
    if (character === undefined) isGood = false
    return character ?? ''
  })
  return isGood ? value : undefined
}

/**
 * The offset after the DOCTYPE at `start`; undefined if it declares anything itself (CSP needs none, and entities
 * are an attack) or has no end. COMPAT: Baraza leaves out the word PUBLIC, so the grammar is not checked.
 */
export const skipDocumentType = (text: string, start: number): number | undefined => {
  let quote = ''
  for (let i = start; i < text.length; i++) {
    const character = text[i]!
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '[') return undefined
    else if (character === '>') return i + 1
  }
  return undefined
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

/** What XML cannot carry at all; a writer drops it, because one such character would spoil a whole message. */
const isSpeakable = (character: string) => isXmlCharacter(character.codePointAt(0)!)

/** Text as character data. */
export const escapeText = (text: string): string => {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 128 ? plain[code] === 1 && code !== 62 : code < 0xd800) continue
    return [...text]
      .filter(isSpeakable)
      .map(character => escapes[character] ?? character)
      .join('')
  }
  return text
}
