import { describe, expect, it } from 'vitest'
import type { Info } from './mail.ts'
import { inCharsetOf, inUtf8 } from './text-charset.ts'

const info = (contentType?: string, contentEncoding?: string): Info => ({
  recipient: { users: [{ userId: 'wv:bob' }] },
  sender: { user: { userId: 'wv:alice' } },
  contentType,
  contentEncoding,
})
const latin1 = new Uint8Array([0x67, 0x72, 0xfc, 0xdf])
const carried = (contentType: string | undefined, content: string | Uint8Array, encoding?: string) => {
  const made = inUtf8({ info: info(contentType, encoding), content })
  return [made.info.contentType, made.content]
}

describe('CSP 5.6.2: text in another character set', () => {
  it('is carried as UTF-8 and said to be so', () => {
    expect(carried('text/plain; charset=iso-8859-1', latin1)).toEqual(['text/plain; charset=utf-8', 'grüß'])
    expect(carried('Text/Plain;Charset="ISO-8859-1";format=flowed', latin1)).toEqual([
      'Text/Plain;Charset=utf-8;format=flowed',
      'grüß',
    ])
    expect(carried('text/plain; charset=utf-16le', new Uint8Array([0x41, 0x04]))).toEqual([
      'text/plain; charset=utf-8',
      'с',
    ])
  })

  it('is text already where a document carried it', () => {
    expect(carried('text/plain; charset=iso-8859-1', 'grüß')).toEqual(['text/plain; charset=utf-8', 'grüß'])
  })

  it('stays as it is where the set is unknown, named by nobody, or not what the octets are in', () => {
    for (const contentType of ['text/plain; charset=x-klingon', 'text/plain', undefined, 'image/gif; charset=utf-8'])
      expect(carried(contentType, latin1)).toEqual([contentType, latin1])
    expect(carried('text/plain; charset=utf-8', latin1)).toEqual(['text/plain; charset=utf-8', latin1])
    for (const [text, encoding] of [
      ['Z3L83w==', 'quoted-printable'],
      ['Z3L!', 'BASE64'],
    ] as const)
      expect(carried('text/plain; charset=iso-8859-1', text, encoding)).toEqual([
        'text/plain; charset=iso-8859-1',
        text,
      ])
    expect(carried('text/plain', 'Z3L83w==', 'BASE64')).toEqual(['text/plain', 'Z3L83w=='])
  })

  it('is octets in BASE64 as well, which is how a document carries them', () => {
    const made = inUtf8({ info: info('text/plain; charset=iso-8859-1', 'base64'), content: 'Z3L8\n3w==' })
    expect(made).toMatchObject({
      info: { contentType: 'text/plain; charset=utf-8', contentEncoding: undefined },
      content: 'grüß',
    })
  })
})

describe('CSP 6.9.1, PlainTextCharset: text for a client that does not read UTF-8', () => {
  const [ascii, latin, utf16, utf16be, utf16le, utf8] = [3, 4, 1015, 1013, 1014, 106]
  const written = (readable: number[], text: string, contentType?: string) => {
    const made = inCharsetOf(readable, text, contentType)
    return made && [made.contentType, [...made.octets]]
  }

  it('is written in the first set of its own that has all characters', () => {
    expect(written([latin], 'grüß')).toEqual(['text/plain; charset=iso-8859-1', [...latin1]])
    expect(written([latin, utf16be], 'с', 'text/plain; charset=utf-8; format=flowed')).toEqual([
      'text/plain; charset=utf-16be; format=flowed',
      [4, 0x41],
    ])
    expect(written([utf16le], 'с')).toEqual(['text/plain; charset=utf-16le', [0x41, 4]])
    expect(written([utf16], 'a')).toEqual(['text/plain; charset=utf-16', [0xfe, 0xff, 0, 0x61]])
  })

  it('stays what it is where it can be read so, or nothing else will do', () => {
    const texts = [
      [[], 'grüß'],
      [[latin, utf8], 'grüß'],
      [[ascii], 'grass'],
      [[latin], 'grass'],
      [[ascii], 'grüß'],
      [[latin], 'с'],
      [[2027], 'grüß'],
    ] as const
    for (const [readable, text] of texts) expect(written([...readable], text)).toBeUndefined()
    expect(written([latin], 'grüß', 'text/html')).toBeUndefined()
  })
})
