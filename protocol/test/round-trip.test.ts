import { describe, expect, it } from 'vitest'
import { decode, encode } from '../src/codec/index.ts'
import type { Message, MessageInput, Syntax } from '../src/codec/message.ts'
import { Random } from './random.ts'
import { everyPrimitive, Sampler } from './samples.ts'

const rounds = 12

const octetsOf = (written: string | Uint8Array) =>
  typeof written === 'string' ? new TextEncoder().encode(written) : written

const reread = (message: MessageInput, syntax: Syntax) => {
  const read = decode(octetsOf(encode({ ...message, syntax })))
  for (const { refusal } of read.transactions) expect(refusal, refusal?.message).toBeUndefined()
  return read
}

/** What a message says, without how it came. */
const sayings = ({ version, sessionId, transactions, poll, cir }: MessageInput | Message) => ({
  ...{ version, sessionId, poll, cir },
  transactions: transactions.map(({ mode, id, primitive, segment, extensions }) => ({
    ...{ mode, id, primitive, segment },
    extensions: extensions ?? [],
  })),
})

describe.each(everyPrimitive)('$name in $version', ({ name, version }) => {
  it('reads what it writes, in XML as in WBXML', () => {
    const random = new Random(1)
    for (let round = 0; round < rounds; round++) {
      const message = new Sampler(random, version).message(name, 'xml')
      const said = sayings(message)
      expect(sayings(reread(message, 'xml'))).toEqual(said)
      expect(sayings(reread(message, 'wbxml'))).toEqual(said)
    }
  })

  it('keeps octets in WBXML', () => {
    const random = new Random(2)
    for (let round = 0; round < 3; round++) {
      const message = new Sampler(random, version, { octets: true }).message(name, 'wbxml')
      expect(sayings(reread(message, 'wbxml'))).toEqual(sayings(message))
    }
  })
})
