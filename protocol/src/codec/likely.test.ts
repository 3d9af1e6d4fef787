import { describe, expect, it } from 'vitest'
import { imageOf, isAt, likelyAt, makeLikely } from './likely.ts'

describe('likely names', () => {
  const names = ['MF', 'MP', 'Contact', 'ContactList', 'ClientID', 'ClientType', 'URL']
  const likely = makeLikely(names.map((name, index) => [name, index + 1]))
  const tagAt = (text: string, at = 1) => likelyAt(likely, imageOf(text), at)?.tag

  it.each(names)('%s is found, open and empty', name => {
    const tag = names.indexOf(name) + 1
    expect([`<${name}>`, `<${name}/>`].map(text => tagAt(text))).toEqual([tag, tag])
  })

  it('prefers the longer of two names that begin alike', () => {
    expect(tagAt('<ContactList>')).toBe(names.indexOf('ContactList') + 1)
    expect(tagAt('<ContactLis>')).toBe(names.indexOf('Contact') + 1)
  })

  it.each(['<', '<C', '<Contac', '<client>', '<MG>', '<\u0443\u0440\u043b>'])('finds none in %s', text => {
    expect(tagAt(text)).toBeUndefined()
  })

  it('knows the end tag', () => {
    const { close } = likelyAt(likely, imageOf('<URL>'), 1)!
    expect(['</URL>', '</URLs>', '</URL', '</URL >'].map(text => isAt(close, imageOf(text), 0))).toEqual([
      ...[true, false, false, false],
    ])
  })
})

it('an image keeps offsets, ASCII, and what is not allowed apart', () => {
  expect([...imageOf('a\u00e9\u20ac\u{1f600}\ufffe\uffff<')]).toEqual([97, 255, 255, 255, 255, 0, 0, 60])
})
