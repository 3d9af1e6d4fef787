import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compilePattern, countWildcards, simplify } from './wildcards.ts'

const matches = (pattern: string, text: string) => compilePattern(pattern)(text)

describe('CSP 9.3.1.1: wildcards', () => {
  it.each([
    ['*applicationbothersme*', 'thisapplicationbothersmev1.0', true],
    ['*applicationbothersme*', 'thatapplicationbothersme', true],
    ['*applicationbothersme*', 'applicationbothers', false],
    ['wv:spammer*', 'wv:spammer.joe@foo.com', true],
    ['wv:spammer*', 'wv:spammer', true],
    ['wv:spammer*', 'wv:aspammer', false],
    ['anonymous??', 'anonymous1', true],
    ['anonymous??', 'anonymous99', true],
    ['anonymous??', 'anonymous', true],
    ['anonymous??', 'anonymous100', false],
    ['a?c', 'ac', true],
    ['a?c', 'abbc', false],
    ['a*b*c', 'a.b.b.c', true],
    ['a*b*c', 'a.c.b', false],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a.c', 'abc', false],
  ])('%j on %j: %s', (pattern, text, isMatch) => {
    expect(matches(pattern, text)).toBe(isMatch)
  })

  it('say what an expression of the language says', () => {
    const some = (characters: string, longest: number) =>
      fc.array(fc.constantFrom(...characters), { maxLength: longest }).map(parts => parts.join(''))
    fc.assert(
      fc.property(some('ab*?', 7), some('ab', 7), (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.?')}$`)
        expect(matches(pattern, text)).toBe(expression.test(text))
        expect(matches(simplify(pattern), text)).toBe(expression.test(text))
      }),
      { numRuns: 2000 },
    )
  })

  it('beside a star say nothing', () => {
    expect(simplify(`a${'*'.repeat(500)}?*b??c?`)).toBe('a*b??c?')
    expect(countWildcards('a*b??c?')).toBe(4)
  })

  it('take no longer for a pattern that was made to', () => {
    const isMatch = compilePattern(`${'*a'.repeat(32)}?b`)
    const text = 'a'.repeat(600)
    const start = performance.now()
    for (let run = 0; run < 20; run++) expect(isMatch(text)).toBe(false)
    expect(performance.now() - start).toBeLessThan(500)
  })
})
