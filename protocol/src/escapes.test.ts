import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapePart, foldCase, hasUnseenCharacters, isEscape, unescapePart } from './escapes.ts'

describe('isEscape', () => {
  it('wants two hexadecimal digits', () => {
    for (const text of ['%00', '%aF', '%Fa', '%99']) expect(isEscape(text, 0)).toBe(true)
    for (const text of ['%', '%1', '%1g', '%g1', '% 1', '%%1', '%/0', '%:0', '%@0', '%`0']) {
      expect(isEscape(text, 0)).toBe(false)
    }
  })
})

describe('escapePart and unescapePart', () => {
  it('undo each other, in characters an address can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const escaped = escapePart(text)
        expect(escaped).toMatch(/^(?:[A-Za-z0-9_.!~'()-]|%[0-9A-F]{2})*$/)
        expect(unescapePart(escaped)).toBe(text.toWellFormed())
      }),
    )
  })

  it('escape what CSP 5.3.3 names', () => {
    expect(escapePart('<>,?:&=+$"')).toBe('%3C%3E%2C%3F%3A%26%3D%2B%24%22')
    expect(escapePart('\ud800*')).toBe('%EF%BF%BD%2A')
  })

  it('refuse octets that are not UTF-8', () => {
    for (const part of ['%E9', '%C0%AF', '%ED%A0%80', '%F5%80%80%80', 'a%80b'])
      expect(unescapePart(part)).toBeUndefined()
  })
})

describe('foldCase', () => {
  it('changes nothing the second time, whichever the character', () => {
    const unstable: string[] = []
    for (let code = 0; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue
      const once = foldCase(String.fromCodePoint(code))
      if (foldCase(once) !== once) unstable.push(code.toString(16))
    }
    expect(unstable).toEqual([])
  })

  it('unites upper and lower case, composed and decomposed letters', () => {
    expect(foldCase('\u00c9MILE')).toBe(foldCase('e\u0301mile'))
  })
})

describe('hasUnseenCharacters', () => {
  it('finds controls, zero width and direction marks, but lets blanks and letters be', () => {
    for (const text of ['a\0', '\t', '\u007f', '\u200b', '\u202e', '\u2028', '\ufeff', '\ue000']) {
      expect(hasUnseenCharacters(text)).toBe(true)
    }
    for (const text of ['', 'a b', 'J\u00fcrgen', '\u65e5\u672c', '\u{1f600}'])
      expect(hasUnseenCharacters(text)).toBe(false)
  })
})
