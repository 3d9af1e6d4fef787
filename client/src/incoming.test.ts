import { describe, expect, it } from 'vitest'
import { readMessage } from './incoming.ts'

const [alice, bob] = ['wv:alice@example.com', 'wv:bob@example.com']
const recipient = { users: [{ userId: alice }], groups: [], contactLists: [] }
const messageInfo = { messageId: 'm1', sender: { user: { userId: bob } }, recipient, extBlockEtems: [] }

const textOf = (contentType: string | undefined, contentData: string | Uint8Array, contentEncoding?: string) =>
  readMessage({ messageInfo: { ...messageInfo, contentType, contentEncoding }, contentData }).text

const latin = Uint8Array.from([0x67, 0x72, 0xfc, 0xdf])
const utf8 = new TextEncoder().encode('grüß')
const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64')

describe('text that arrives', () => {
  it.each([
    ['text/plain; charset=iso-8859-1', latin, 'grüß'],
    ['text/plain;charset="ISO-8859-1"; format=flowed', latin, 'grüß'],
    ['text/x-vCard; CHARSET = utf-16le', Uint8Array.from([0x41, 0x04]), 'с'],
    ['text/plain; charset=shift_jis', Uint8Array.from([0x83, 0x65]), 'テ'],
    ['text/plain; charset=utf-8', utf8, 'grüß'],
    ['text/plain', utf8, 'grüß'],
    [undefined, utf8, 'grüß'],
    ['text/plain; charset=klingon', utf8, 'grüß'],
    ['text/plain; charset=', utf8, 'grüß'],
  ])('as %s is read by its charset, as octets and in BASE64', (contentType, octets, text) => {
    expect(textOf(contentType, octets)).toBe(text)
    expect(textOf(contentType, base64(octets), 'BASE64')).toBe(text)
  })

  it('as text is what it is, whatever it says', () => {
    expect(textOf('text/plain; charset=iso-8859-1', 'grüß')).toBe('grüß')
  })
})
