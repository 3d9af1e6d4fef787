import { encode, type Syntax } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { describe as tell } from './describe.ts'

const login = (syntax: Syntax) =>
  encode({
    version: '1.2',
    syntax,
    transactions: [
      {
        mode: 'Request',
        id: '1',
        primitive: {
          name: 'LoginRequest',
          body: {
            userId: 'wv:romeo@verona.example',
            clientId: { url: 'http://phones.example/1' },
            password: 'rosaline is forgotten',
            sessionCookie: 'cookie-of-romeo',
          },
        },
      },
    ],
  })

describe('a message that is told', () => {
  it('is readable XML, whatever it was on the wire', () => {
    for (const syntax of ['xml', 'wbxml'] as const) {
      expect(tell(login(syntax))).toContain('\n  <Session>\n')
      expect(tell(login(syntax))).toContain('<UserID>wv:romeo@verona.example</UserID>')
    }
  })

  it('keeps passwords and cookies to itself', () => {
    for (const syntax of ['xml', 'wbxml'] as const) {
      expect(tell(login(syntax))).not.toContain('rosaline is')
      expect(tell(login(syntax))).not.toContain('cookie-of')
    }
    // What cannot be read is told as it is, and may be nearly a login.
    const xml = login('xml') as string
    expect(tell(xml.slice(0, -20))).not.toContain('rosaline is')
    expect(tell(xml.slice(0, xml.indexOf('forgotten')))).not.toContain('rosaline is')
    const binary = login('wbxml') as Uint8Array
    expect(tell(binary.slice(0, -3))).not.toContain(Buffer.from('rosaline').toString('hex').replace(/../g, '$& '))
  })
})
