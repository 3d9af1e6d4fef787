import { createCipheriv } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { generatePassword, judgePassword } from './password.ts'

describe('generatePassword', () => {
  it('gives 16 characters that are not mistaken for each other, never the same twice', () => {
    const made = Array.from({ length: 500 }, () => generatePassword())
    for (const password of made) expect(password).toMatch(/^[a-hjkmnp-z2-9]{16}$/)
    expect(new Set(made).size).toBe(500)
    expect(new Set(made.join('')).size).toBe(31)
    for (const password of made) expect(judgePassword(password)).toEqual({ accepted: true, warning: undefined })
  })

  it('favours no character', () => {
    const stream = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16))
    const drawn = (count: number) => stream.update(Buffer.alloc(count))
    const text = Array.from({ length: 20_000 }, () => generatePassword(drawn)).join('')
    const expected = text.length / 31
    for (const group of Object.values(Object.groupBy(text, character => character))) {
      // Six standard deviations; taking octets modulo 31 would put eight characters nine deviations off.
      expect(Math.abs((group?.length ?? 0) - expected)).toBeLessThan(6 * Math.sqrt(expected))
    }
  })
})

describe('judgePassword', () => {
  it('advises ten characters, and warns below', () => {
    expect(judgePassword('ten chars!')).toEqual({ accepted: true, warning: undefined })
    expect(judgePassword('nine char')).toMatchObject({
      accepted: true,
      warning: expect.stringContaining('9 characters'),
    })
  })

  it.each(['', 'abc', 'x'.repeat(51), 'tab\there now', 'Password123', '1234567890'])('refuses %j with a hint', text => {
    expect(judgePassword(text)).toMatchObject({ accepted: false, hint: expect.stringMatching(/^[A-Z].*\.$/) })
  })

  it('counts characters, not octets or halves of them', () => {
    expect(judgePassword('😀😀😀').accepted).toBe(false)
    expect(judgePassword('ää'.repeat(25)).accepted).toBe(true)
  })
})
