/**
 * The names that are likely in one place. Comparing with these few costs a fraction of reading a name letter by letter
 * and looking it up.
 */
export type Likely = readonly (readonly Word[])[]

/** One way to write a tag. */
export interface Word {
  readonly tag: number
  readonly name: Uint8Array
  /** The end tag in its usual form. */
  readonly close: Uint8Array
}

const utf8 = new TextEncoder()

/** Whether a word stands at an offset. */
export const isAt = (word: Uint8Array, image: Uint8Array, at: number): boolean => {
  for (let i = 0; i < word.length; i++, at++) if (image[at] !== word[i]) return false
  return true
}

/** A number below 64 that tells apart most names that share a place, from the first three octets of a tag. */
const initials = (image: Uint8Array, at: number) => (image[at]! + 3 * image[at + 1]! + 5 * image[at + 2]!) & 63

/** @param names each with its tag. */
export function makeLikely(names: readonly (readonly [name: string, tag: number])[]): Likely {
  const likely: Word[][] = Array.from({ length: 64 }, () => [])
  // What begins with another name comes before it. The third octet after a name of two letters is no letter.
  for (const [name, tag] of [...names].sort(([a], [b]) => b.length - a.length)) {
    const word = { tag, name: utf8.encode(name), close: utf8.encode(`</${name}>`) }
    for (const slot of new Set([`${name}>`, `${name}/`].map(start => initials(utf8.encode(start), 0))))
      likely[slot]!.push(word)
  }
  return likely
}

/** The name at an offset; it may still be the beginning of one that is not among these. */
export const likelyAt = (likely: Likely, image: Uint8Array, at: number): Word | undefined => {
  const words = likely[initials(image, at)]!
  for (let i = 0; i < words.length; i++) if (isAt(words[i]!.name, image, at)) return words[i]
  return undefined
}

/**
 * A text with one octet for each UTF-16 unit, so that offsets agree: ASCII as it is, 0xff for other characters, 0 for
 * what XML does not allow.
 */
export const imageOf = (text: string): Uint8Array => {
  const image = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    image[i] = code < 128 ? code : code < 0xfffe ? 0xff : 0
  }
  return image
}
