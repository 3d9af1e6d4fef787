import type { Random } from './random.ts'

/** Ways to damage a document: what goes wrong on the way, and what an attacker would try. */
export function mutate(random: Random, corpus: readonly Uint8Array[], words: readonly Uint8Array[]): Uint8Array {
  let octets: Uint8Array = random.pick(corpus).slice()
  for (let count = random.pick([1, 1, 1, 2, 3, 8]); count > 0; count--) octets = damage(random, octets, corpus, words)
  return octets.length > maxLength ? octets.subarray(0, maxLength) : octets
}

/** The largest input that is held to the time limit. */
const maxLength = 65_536

function damage(random: Random, octets: Uint8Array, corpus: readonly Uint8Array[], words: readonly Uint8Array[]) {
  const at = random.between(0, octets.length)
  const end = Math.min(octets.length, at + random.pick([1, 2, 4, 16, 200]))
  switch (random.between(0, 8)) {
    case 0: // a bit
      if (at < octets.length) octets[at]! ^= 1 << random.between(0, 7)
      return octets
    case 1: // an octet
      if (at < octets.length) octets[at] = random.pick(telling)
      return octets
    case 2: // cut off
      return octets.subarray(0, at)
    case 3: // a piece left out
      return join(octets.subarray(0, at), octets.subarray(end))
    case 4: {
      // a piece repeated
      const piece = octets.subarray(at, end)
      const times = random.pick([1, 1, 2, 50])
      return join(octets.subarray(0, end), ...Array.from({ length: times }, () => piece), octets.subarray(end))
    }
    case 5: {
      // the rest of another document
      const other = random.pick(corpus)
      return join(octets.subarray(0, at), other.subarray(random.between(0, other.length)))
    }
    case 6: // a telling word put in
      return join(octets.subarray(0, at), random.pick(words), octets.subarray(at))
    case 7: // or written over what is there
      return join(octets.subarray(0, at), random.pick(words), octets.subarray(end))
    default: {
      // two pieces exchanged
      const to = random.between(end, octets.length)
      const until = Math.min(octets.length, to + (end - at))
      const [first, second] = [octets.subarray(at, end), octets.subarray(to, until)]
      return join(octets.subarray(0, at), second, octets.subarray(end, to), first, octets.subarray(until))
    }
  }
}

const telling = [0, 1, 2, 3, 4, 5, 0x22, 0x26, 0x3c, 0x3e, 0x40, 0x43, 0x44, 0x7f, 0x80, 0x83, 0xc3, 0xc4, 0xff]

const join = (...pieces: Uint8Array[]) => {
  const joined = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    joined.set(piece, at)
    at += piece.length
  }
  return joined
}

const utf8 = new TextEncoder()

export const xmlWords = [
  ...['<', '</', '>', '/>', '<a>', '</a>', '<a/>', '<a b="c">', '&', '&amp;', '&lt;', '&#0;', '&#x1F600;', '&#xD800;'],
  ...['&x;', '<![CDATA[', ']]>', '<!--', '-->', '--', '<?p', '?>', '<!DOCTYPE a [<!ENTITY x "y">]>', '\0', '\ufeff'],
  ...['xmlns="', "'", '"', '<User>', '<UserID>', '</UserID>', '<Session>', '<Transaction>', '<SessionID>x</SessionID>'],
  ...['<TransactionContent>', '<Result><Code>200</Code></Result>', '<Poll>T</Poll>', '99999999999', 'T', '-1', '1e3'],
].map(word => utf8.encode(word))

export const wbxmlWords = [
  ...[[0], [1], [1, 1], [3, 0], [3, 0x78, 0], [4, 0], [0x44, 0], [0x84, 0], [0xc4, 0], [0x83, 0], [0x83, 5], [2, 65]],
  ...[
    [2, 0x80],
    [0x43, 5, 3, 0x31, 0, 1],
    [0x80, 0x2c],
    [0x80, 0x0b],
    [0x80, 0xff, 0x7f],
    [0xc3, 0],
    [0xc3, 1, 0],
  ],
  ...[
    [0xc3, 0x8f, 0xff, 0xff, 0xff, 0x7f],
    [0xc3, 0x90, 0x80, 0x80, 0x80, 0],
    [0x8f, 0xff, 0xff, 0xff, 0xff, 0xff],
  ],
  ...[[0, 0], [0, 1], [0, 5], [0, 9], [0, 0x0a], [0, 0xff], [0xff, 0xff], [0x6d], [0x72], [0x74], [0xf3, 1], [0x79]],
  ...[
    [0xc3, 6, 0x1f, 0x46, 0x73, 0x0e, 0xbb, 0x5a],
    [0xc9, 0x0b, 3, 0x31, 0x2e, 0x33, 0, 1],
    [3, 0xc3, 0x28, 0],
  ],
].map(word => Uint8Array.from(word))
