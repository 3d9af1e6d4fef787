import { catalogue, type PrimitiveFacts } from '../schema/catalogue.ts'
import * as envelope from '../schema/envelope.ts'
import { isWithin, type Version, versions } from '../schema/kit.ts'
import { SegmentInfo } from '../schema/segments.ts'
import { compileWrite } from './compile-write.ts'
import { pens } from './language.ts'
import type { MessageInput, Syntax, TransactionInput } from './message.ts'
import type { WbxmlWriter } from './wbxml-writer.ts'
import type { XmlWriter } from './xml-writer.ts'

/** The envelope in one syntax and version: what stands around primitives, in the order of the DTD. */
function envelopeWriter(sink: XmlWriter | WbxmlWriter, version: Version) {
  const { Message, Session, SessionDescriptor, Transaction, TransactionDescriptor, TransactionContent } = envelope
  const around = (element: (typeof envelope)[keyof typeof envelope]) => {
    const [open, close] = [sink.open(element), sink.close(element)]
    return (inside: () => void) => {
      const start = open()
      inside()
      close(start)
    }
  }
  const [message, session, sessionDescriptor] = [around(Message), around(Session), around(SessionDescriptor)]
  const [transaction, descriptor] = [around(Transaction), around(TransactionDescriptor)]
  const content = around(TransactionContent)
  const sessionType = sink.scalar(envelope.SessionType, 'token')
  const sessionId = sink.scalar(envelope.SessionID, 'string')
  const mode = sink.scalar(envelope.TransactionMode, 'token')
  const transactionId = sink.scalar(envelope.TransactionID, 'string')
  const poll = sink.scalar(envelope.Poll, 'bool')
  const cir = sink.scalar(envelope.CIR, 'bool')
  const extension = sink.scalar(envelope.ExtBlock, 'extension')
  const segment = compileWrite(SegmentInfo, sink, version)
  const pollInDescriptor = version === '1.1' // the flag moved to Session in 1.2, where CIR joined it

  return (input: MessageInput, write: (it: TransactionInput) => void) =>
    message(() =>
      session(() => {
        sessionDescriptor(() => {
          sessionType(input.sessionId === undefined ? 'Outband' : 'Inband')
          if (input.sessionId !== undefined) sessionId(input.sessionId)
        })
        const last = input.transactions.at(-1)
        for (const it of input.transactions)
          transaction(() => {
            descriptor(() => {
              mode(it.mode)
              if (it.id !== undefined) transactionId(it.id)
              if (pollInDescriptor && it === last && input.poll !== undefined) poll(input.poll)
              if (it.segment !== undefined && isWithin(version, SegmentInfo.facts)) segment(it.segment)
            })
            content(() => write(it))
            if (!pollInDescriptor) for (const block of it.extensions ?? []) extension(block)
          })
        if (pollInDescriptor) return
        if (input.poll !== undefined) poll(input.poll)
        if (input.cir !== undefined) cir(input.cir)
      }),
    )
}

const envelopes = Object.fromEntries(
  versions.map(version => [
    version,
    {
      xml: envelopeWriter(pens[version].xml.sink, version),
      wbxml: envelopeWriter(pens[version].wbxml.sink, version),
    },
  ]),
) as Record<Version, Record<Syntax, ReturnType<typeof envelopeWriter>>>

const declaration = '<?xml version="1.0" encoding="UTF-8"?>'

/**
 * Writes a message: XML as text, WBXML as octets.
 * @throws TypeError if a mandatory part is missing, which is a mistake of the caller.
 */
export function writeMessage(input: MessageInput): string | Uint8Array {
  const pen = pens[input.version][input.syntax]
  const writeOne = (it: TransactionInput) => pen.primitives[it.primitive.name](it.primitive.body)
  try {
    if (pen.syntax === 'xml') pen.sink.raw(declaration)
    const [first] = input.transactions
    const isBare = first !== undefined && (catalogue[first.primitive.name] as PrimitiveFacts).document === true
    if (isBare) writeOne(first)
    else envelopes[input.version][input.syntax](input, writeOne)
    return pen.sink.take()
  } catch (mistake) {
    pen.sink.take()
    throw mistake
  }
}
