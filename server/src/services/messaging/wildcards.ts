/**
 * Wildcards in block and grant lists (CSP 9.3.1.1): `*` stands for any text, `?` for a character or none. The clause
 * says "a single character", and then has "Anonymous??" block ANONYMOUS: what it shows is taken for what it means.
 */

export const hasWildcards = (text: string): boolean => /[*?]/.test(text)

export const countWildcards = (pattern: string): number => pattern.match(/[*?]/g)?.length ?? 0

/** The same pattern with nothing superfluous: beside a star other wildcards say nothing. */
export const simplify = (pattern: string): string =>
  pattern.replaceAll(/[*?]+/g, run => (run.includes('*') ? '*' : run))

/** What is read of a text. */
type Text = Pick<string, 'length' | 'charCodeAt'>

/** A stretch of a pattern without wildcards. */
interface Part {
  readonly literal: string
  /** How many characters the wildcards before it can stand for at most. */
  readonly gap: number
  /** For each of its beginnings, how long the longest end of that is which is a beginning as well. */
  readonly borders: Uint32Array
}

/**
 * Matches whole texts, which have to be folded as the pattern is. All positions that the pattern can have reached so far
 * are followed at once, and each part is looked for as Knuth, Morris and Pratt do: no character is read twice for it.
 * So the time grows with the length of the text times the number of wildcards, however long the parts between them are.
 */
export const compilePattern = (pattern: string): ((text: Text) => boolean) => {
  const parts: Part[] = []
  let gap = 0
  for (const piece of pattern.split(/([*?]+)/)) {
    if (hasWildcards(piece)) gap = piece.includes('*') ? Number.POSITIVE_INFINITY : piece.length
    else if (piece !== '') {
      parts.push({ literal: piece, gap, borders: bordersOf(piece) })
      gap = 0
    }
  }
  return text => {
    let reached: readonly number[] = [0]
    for (const part of parts) {
      reached = stepOver(part, reached, text)
      if (reached.length === 0) return false
    }
    return text.length - reached.at(-1)! <= gap
  }
}

/** Where a pattern can be behind one more of its parts, in rising order. */
const stepOver = ({ literal, gap, borders }: Part, reached: readonly number[], text: Text): readonly number[] => {
  const ends: number[] = []
  const last = reached.at(-1)! + gap
  let [matched, before] = [0, 0]
  for (let at = reached[0]!; at < text.length && at - matched <= last; at++) {
    matched = lengthened(literal, borders, matched, text.charCodeAt(at))
    if (matched < literal.length) continue
    const start = at + 1 - matched
    while (before + 1 < reached.length && reached[before + 1]! <= start) before++
    if (start - reached[before]! <= gap) ends.push(at + 1)
    matched = borders[matched - 1]!
  }
  return ends
}

const bordersOf = (literal: string): Uint32Array => {
  const borders = new Uint32Array(literal.length)
  for (let at = 1; at < literal.length; at++)
    borders[at] = lengthened(literal, borders, borders[at - 1]!, literal.charCodeAt(at))
  return borders
}

/** How much of a literal is there with one more character, where so much of it was there before. */
const lengthened = (literal: string, borders: Uint32Array, matched: number, code: number): number => {
  let length = matched
  while (length > 0 && literal.charCodeAt(length) !== code) length = borders[length - 1]!
  return literal.charCodeAt(length) === code ? length + 1 : length
}
