import { describe, expect, it } from 'vitest'
import type { Info } from './mail.ts'
import { inUtf8 } from './text-charset.ts'

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
    expect(carried('text/plain; charset=iso-8859-1', 'Z3L832==', 'BASE64')).toEqual([
      'text/plain; charset=iso-8859-1',
      'Z3L832==',
    ])
  })
})
