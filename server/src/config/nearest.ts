/** The candidate that a person most likely meant by `word`, or nothing when none is close. */
export const nearest = (word: string, candidates: readonly string[]): string | undefined => {
  const wanted = word.toLowerCase()
  const ranked = candidates
    .map(candidate => ({ candidate, steps: distance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps)
  const best = ranked[0]
  if (best !== undefined && best.steps <= Math.max(2, Math.floor(word.length / 4))) return best.candidate
  // `port` for `http.port`: right word, wrong table. Said only when one option alone fits.
  const tails = candidates.filter(candidate => candidate.toLowerCase().endsWith(`.${wanted.split('.').at(-1)}`))
  return tails.length === 1 ? tails[0] : undefined
}

/** Levenshtein distance: how many characters must be put in, taken out or replaced. */
const distance = (from: string, to: string): number => {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const replace = above[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1)
      current.push(Math.min(replace, above[column]! + 1, current[column - 1]! + 1))
    }
    above = current
  }
  return above[to.length]!
}
