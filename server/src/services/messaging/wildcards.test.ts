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
      fc.property(some('aab*?', 9), some('aab', 12), (pattern, text) => {
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

  it.each([
    ['many wildcards', `${'*a'.repeat(32)}?b`, 'a'.repeat(600)],
    ['long parts', `*${'a'.repeat(40)}*${'a'.repeat(20)}*a*a*a*a*b`, 'a'.repeat(170)],
    ['parts that nearly repeat', `*${'ab'.repeat(100)}c?${'ab'.repeat(100)}`, 'ab'.repeat(300)],
  ])('read no character twice for one part: %s', (_, pattern, text) => {
    let count = 0
    const charCodeAt = (at: number) => {
      count++
      return text.charCodeAt(at)
    }
    expect(compilePattern(pattern)({ length: text.length, charCodeAt })).toBe(false)
    expect(count).toBeLessThanOrEqual(text.length * (countWildcards(pattern) + 1))
  })
})
