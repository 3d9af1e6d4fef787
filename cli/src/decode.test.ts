import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode, type MessageInput } from '@village/protocol'
import { afterAll, describe, expect, it } from 'vitest'
import { village } from '../test/village.ts'
import { readHexDump } from './hex-dump.ts'
import { printable } from './printable.ts'

const folder = mkdtempSync(join(tmpdir(), 'village-decode-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const login = (syntax: 'xml' | 'wbxml'): MessageInput => ({
  version: '1.2',
  syntax,
  transactions: [
    {
      mode: 'Request',
      id: 't1',
      primitive: {
        name: 'LoginRequest',
        body: {
          userId: 'wv:alice@village.local',
          clientId: { url: 'urn:x' },
          password: 'hush',
          digestBytes: 'aHVzaA==',
          sessionCookie: 'c1',
        },
      },
    },
  ],
})

const shown = `  Request t1
    LoginRequest
      userId: "wv:alice@village.local"
      clientId
        url: "urn:x"
      password: (hidden)
      digestBytes: (hidden)
      sessionCookie: "c1"
`

describe('village decode', () => {
  it('shows messages in both syntaxes and as hex digits, and hides what is secret', async () => {
    const octets = encode(login('wbxml')) as Uint8Array
    const dump = `# a login\n${Buffer.from(octets).toString('hex').replaceAll(/(..)/g, '$1 ')} # end\n`
    const [xml, wbxml, hex] = [file('a.xml', encode(login('xml'))), file('a.wbxml', octets), file('a.hex', dump)]
    const { stdout, code } = await village(['decode', xml, wbxml, hex])
    expect(stdout).toBe(
      `# ${xml}\nCSP 1.2 XML, no session (Outband)\n${shown}` +
        `# ${wbxml}\nCSP 1.2 WBXML, no session (Outband)\n${shown}` +
        `# ${hex}\nCSP 1.2 WBXML, no session (Outband)\n${shown}`,
    )
    expect(code).toBe(0)
  })

  it('says what a file is not', async () => {
    const [nothing, dump] = [file('empty', ''), file('a.xxd', '00000000: 0311 6a00 c908  ..j...\n')]
    const { stderr, code } = await village(['decode', nothing, dump])
    expect(stderr).toContain(`${nothing}: there is nothing in it`)
    expect(stderr).toContain(`${dump}: neither XML nor WBXML; a hex dump has hex digits`)
    expect(code).toBe(1)
  })

  it('says where a document is broken, and goes on', async () => {
    const xml = encode(login('xml')) as string
    const cut = file('cut.xml', xml.slice(0, xml.indexOf('<TransactionDescriptor>')))
    const whole = file('whole.xml', xml)
    const { stdout, stderr, code } = await village(['decode', cut, join(folder, 'none.xml'), whole])
    expect(stderr).toMatch(/broken {2}.*cut\.xml: .*at WV-CSP-Message\/.*byte \d+/)
    expect(stderr).toContain('none.xml: there is no such file')
    expect(stdout).toContain(shown)
    expect(code).toBe(1)
  })

  it('says where a primitive is broken, in a message that can be read otherwise', async () => {
    const xml = (encode(login('xml')) as string).replace('<UserID>wv:alice@village.local</UserID>', '')
    const { stdout, code } = await village(['decode', '-'], { input: xml })
    expect(stdout).toMatch(/Request t1\n {4}broken: .*UserID.*Login-Request.*byte \d+/)
    expect(code).toBe(1)
  })
})

describe('a hex dump', () => {
  it('is pairs of digits and comments, and nothing else', () => {
    expect(readHexDump('# x 00\n03 11\n6A00 # end')).toEqual(new Uint8Array([3, 0x11, 0x6a, 0]))
    for (const text of ['', '# only', '0', '03 1', '0x03', '<a/>', '03 zz']) expect(readHexDump(text)).toBeUndefined()
  })
})

describe('text from elsewhere', () => {
  it('cannot work the terminal', () => {
    expect(printable('a\x1b[2Jb\x07\u202ec\r\nd\te')).toBe('a�[2Jb��c\nd\te')
  })
})
