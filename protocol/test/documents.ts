import { decode } from '../src/codec/index.ts'
import { Malformed } from '../src/codec/malformed.ts'
import type { Message } from '../src/codec/message.ts'
import type { Version } from '../src/schema/kit.ts'
import { namespaceOf } from '../src/schema/namespaces.ts'

/** Hand-made documents for tests. */

export const bytes = (...pieces: (number | string | readonly number[] | Uint8Array)[]): Uint8Array =>
  Uint8Array.from(
    pieces.flatMap(piece => {
      if (typeof piece === 'number') return [piece]
      return typeof piece === 'string' ? [...new TextEncoder().encode(piece)] : [...piece]
    }),
  )

/** A message around the content of one transaction. */
export const xmlAround = (content: string, version: Version = '1.2', id = '<TransactionID>t1</TransactionID>') =>
  `<WV-CSP-Message xmlns="${namespaceOf('session', version)}"><Session><SessionDescriptor>` +
  '<SessionType>Inband</SessionType><SessionID>s1</SessionID></SessionDescriptor><Transaction><TransactionDescriptor>' +
  `<TransactionMode>Request</TransactionMode>${id}</TransactionDescriptor>` +
  `<TransactionContent xmlns="${namespaceOf('transaction', version)}">${content}</TransactionContent>` +
  '</Transaction></Session></WV-CSP-Message>'

const starts = { '1.1': [0x05, 0x07], '1.2': [0x08, 0x0a], '1.3': [0x0b, 0x0d] } as const
const publicIds = { '1.1': 0x10, '1.2': 0x11, '1.3': 0x12 } as const

/** The same in WBXML, with session `s1` and transaction `t1`; the content begins on page 0. */
export const wbxmlAround = (content: readonly number[], version: Version = '1.2', table = ''): Uint8Array => {
  const [session, transaction] = starts[version]
  const strings = bytes(table)
  return bytes(
    [0x03, publicIds[version], 0x6a, strings.length],
    strings,
    [0xc9, session, 0x03, ...bytes(version), 0, 0x01, 0x6d, 0x6e, 0x70, 0x80, 0x11, 0x01, 0x6f, 0x03],
    's1',
    [0, 0x01, 0x01, 0x72, 0x74, 0x76, 0x80, 0x20, 0x01, 0x75, 0x03],
    't1',
    [0, 0x01, 0x01, 0xf3, transaction, 0x03, ...bytes(version), 0, 0x01],
    content,
    [0x01, 0x01, 0x01, 0x01],
  )
}

export const read = (document: string | Uint8Array): Message =>
  decode(typeof document === 'string' ? bytes(document) : document)

/** The primitive of the only transaction, which must have been understood. */
export const bodyOf = (document: string | Uint8Array): any => {
  const [transaction] = read(document).transactions
  if (transaction!.refusal) throw transaction!.refusal
  return transaction!.primitive!.body
}

export const refusalOf = (document: string | Uint8Array) => read(document).transactions[0]?.refusal

/** The fault a document is refused with as a whole. */
export const faultOf = (document: string | Uint8Array): Malformed => {
  try {
    read(document)
  } catch (fault) {
    if (fault instanceof Malformed) return fault
    throw fault
  }
  throw new Error('the document was accepted')
}
