import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressFault, format, parseAddress, parseUserId } from './address.ts'
import { escapePart } from './escapes.ts'

const home = 'imps.com'
const keyOf = (text: string) => parseAddress(text, home)?.key ?? expect.fail(`${text}: ${addressFault(text, home)}`)

// Parts as a person would write them, before escaping; forbidden characters are for the examples above.
const internetPart = fc
  .tuple(fc.constantFrom('a', 'Z', '$', '_', '\u00e9'), fc.string({ unit: 'grapheme-ascii', maxLength: 12 }))
  .map(([first, rest]) => first + rest.replaceAll(/[/@:"*?]/g, '.'))
const userPart = fc.oneof(internetPart, fc.stringMatching(/^\+?[0-9]{1,15}$/))
const localPart = fc.oneof(
  userPart.map(user => [user]),
  fc.tuple(fc.oneof(userPart, fc.constant('')), internetPart),
)
const domainPart = fc.stringMatching(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,8}[a-zA-Z0-9])?(\.[a-zA-Z0-9]{1,8}){0,2}$/)

/** Writes the parts as an address, each character bare, escaped or in the other case as `choices` has it. */
const spell = (parts: readonly string[], domain: string, choices: readonly number[]): string => {
  let turn = 0
  const choose = () => choices[turn++ % choices.length] ?? 0
  const spelled = parts.map(part => {
    const isMobile = part.startsWith('+')
    return [...part]
      .map((character, index) => {
        const choice = choose()
        const cased = choice & 1 ? character.toUpperCase() : character.toLowerCase()
        if (isMobile && index === 0) return choice & 2 ? '%2b' : '+'
        if (choice & 2 && cased < '\u0080') return `%${cased.charCodeAt(0).toString(16).padStart(2, '0')}`
        return escapePart(cased)
      })
      .join('')
  })
  return `${choose() & 4 ? 'WV:' : 'wv:'}${spelled.join('/')}@${choose() & 1 ? domain.toUpperCase() : domain}`
}
const choices = fc.array(fc.nat(7), { minLength: 1, maxLength: 24 })

describe('addresses', () => {
  it('format(parse(x)) is x, up to the scheme', () => {
    fc.assert(
      fc.property(localPart, domainPart, choices, fc.boolean(), (parts, domain, how, local) => {
        const text = local ? spell(parts, domain, how).replace(/@.*/, '') : spell(parts, domain, how)
        const address = parseAddress(text, domain)!
        expect(format(address, local ? 'local' : 'qualified', domain)).toBe(text.replace(/^WV:/, 'wv:'))
        expect(address.isLocal).toBe(local)
      }),
    )
  })

  it('a key is an address and its own key', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a/@:%+*.0-9A-F$]{0,20}$/), fc.webUrl()), text => {
        const address = parseAddress(text, home)
        fc.pre(address !== undefined)
        expect(parseAddress(address.key, home)).toMatchObject({ key: address.key, kind: address.kind, isLocal: false })
        expect(address.key).toMatch(/^wv:[!-~]+$/)
        expect(address.key).toBe(address.key.toLowerCase())
      }),
      { numRuns: 300 },
    )
  })

  it('a key survives any single character, where one is allowed', () => {
    for (let code = 0x80; code <= 0x10ffff; code += code < 0x3000 ? 1 : 61) {
      const address = parseAddress(`wv:a${escapePart(String.fromCodePoint(code))}`, home)
      if (address !== undefined && keyOf(address.key) !== address.key) expect.fail(`U+${code.toString(16)}`)
    }
  })

  it('keys do not depend on case, escapes or scheme', () => {
    fc.assert(
      fc.property(localPart, domainPart, choices, choices, (parts, domain, one, other) => {
        expect(keyOf(spell(parts, domain, one))).toBe(keyOf(spell(parts, domain, other)))
      }),
    )
  })

  it('keys are equal only for the same parts', () => {
    const address = fc.tuple(localPart, domainPart)
    const plain = ([parts, domain]: [string[], string]) => JSON.stringify([parts, domain]).toLowerCase()
    fc.assert(
      fc.property(address, address, choices, (one, other, how) => {
        const same = keyOf(spell(...one, how)) === keyOf(spell(...other, how))
        expect(same).toBe(plain(one) === plain(other))
      }),
    )
  })

  it('those of SIP and mail are those of users with the same words, in the domains that are given', () => {
    const words = fc.oneof(fc.stringMatching(/^[a-c/@:%+;?*.0-4]{0,16}(@imps.com)?$/), fc.emailAddress(), fc.string())
    fc.assert(
      fc.property(fc.constantFrom('sip:', 'MAILTO:'), words, fc.boolean(), (scheme, text, isServed) => {
        const other = parseUserId(scheme + text, home, isServed ? [home] : ['imps.org'])
        if (other !== undefined) expect(other).toEqual(parseUserId(`wv:${text}`, 'imps.net'))
        expect(other === undefined || other.domain === (isServed ? home : 'imps.org')).toBe(true)
        expect(parseUserId(scheme + text, home)).toBeUndefined()
      }),
      { numRuns: 1000 },
    )
  })

  it('says why exactly when it does not parse', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(addressFault(text, home) === undefined).toBe(parseAddress(text, home) !== undefined)
      }),
    )
  })
})
