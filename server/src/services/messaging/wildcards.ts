/**
 * Wildcards in block and grant lists (CSP 9.3.1.1): `*` stands for any text, `?` for a character or none. The clause
 * says "a single character", and then has "Anonymous??" block ANONYMOUS: what it shows is taken for what it means.
 */

export const hasWildcards = (text: string): boolean => /[*?]/.test(text)

export const countWildcards = (pattern: string): number => pattern.match(/[*?]/g)?.length ?? 0

/** The same pattern with nothing superfluous: beside a star other wildcards say nothing. */
export const simplify = (pattern: string): string =>
  pattern.replaceAll(/[*?]+/g, run => (run.includes('*') ? '*' : run))

/**
 * Matches whole texts, which have to be folded as the pattern is. All positions that the pattern can have reached so
 * far are followed at once, so nothing is ever tried twice: the time grows with the product of both lengths at most.
 */
export const compilePattern = (pattern: string): ((text: string) => boolean) => {
  const parts = pattern.split(/([*?])/).filter(part => part !== '')
  return text => {
    let reached: readonly number[] = [0]
    for (const part of parts) {
      reached = stepOver(part, reached, text)
      if (reached.length === 0) return false
    }
    return reached.at(-1) === text.length
  }
}

/** Where a pattern can be behind one more of its parts, in rising order. */
const stepOver = (part: string, reached: readonly number[], text: string): readonly number[] => {
  if (part === '*') return Array.from({ length: text.length + 1 - reached[0]! }, (_, index) => reached[0]! + index)
  if (part === '?') return [...new Set(reached.flatMap(at => (at < text.length ? [at, at + 1] : [at])))]
  return reached.filter(at => text.startsWith(part, at)).map(at => at + part.length)
}
