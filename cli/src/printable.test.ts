import { describe, expect, it } from 'vitest'
import { jsonLine, oneLine, printable } from './printable.ts'

const csi = '\u009b'
const hostile = `\u001b[31m${csi}2J a\u2028b\u0085c\u202ed\u007f`

describe('What others wrote', () => {
  it('cannot steer a terminal', () => {
    expect(printable(`${csi}31m\u001b[2Ja\r\nb\tc`)).toBe('�31m�[2Ja\nb\tc')
    expect(oneLine('a\n\tb')).toBe('a  b')
  })

  it('cannot do so as JSON either, stays in its line, and is still the same', () => {
    const line = jsonLine({ text: hostile })
    expect(line).toMatch(/^[\x20-\x7e]*$/)
    expect(JSON.parse(line)).toEqual({ text: hostile })
    expect(jsonLine({ text: 'grüß dich' })).toBe('{"text":"grüß dich"}')
  })
})
