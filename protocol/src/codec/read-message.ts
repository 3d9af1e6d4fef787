import { Refusal } from '../refusal.ts'
import type { Primitive } from '../schema/catalogue.ts'
import * as envelope from '../schema/envelope.ts'
import { type Markup, type Version, versions } from '../schema/kit.ts'
import { namespaceOf } from '../schema/namespaces.ts'
import { SegmentInfo } from '../schema/segments.ts'
import { primitives, readers, readSegmentInfo, vocabulary } from './language.ts'
import { Malformed } from './malformed.ts'
import type { Message, Syntax, Transaction, TransactionMode } from './message.ts'
import { END, type Source } from './source.ts'

const tag = Object.fromEntries(
  Object.entries(envelope).map(([name, element]) => [name, vocabulary.tagOf(element)]),
) as Record<keyof typeof envelope, number>
const segmentInfo = vocabulary.tagOf(SegmentInfo)

/** What is likely where. */
const likely = {
  document: vocabulary.likely([envelope.Message]),
  message: vocabulary.likely([envelope.Session]),
  session: vocabulary.likely([envelope.SessionDescriptor, envelope.Transaction, envelope.Poll, envelope.CIR]),
  sessionDescriptor: vocabulary.likely([envelope.SessionType, envelope.SessionID]),
  transaction: vocabulary.likely([envelope.TransactionDescriptor, envelope.TransactionContent, envelope.ExtBlock]),
  transactionDescriptor: vocabulary.likely([
    ...[envelope.TransactionMode, envelope.TransactionID],
    ...[envelope.Poll, SegmentInfo],
  ]),
  content: vocabulary.likely(primitives),
}

const versionOfNamespace = new Map(versions.map(version => [namespaceOf('session', version), version]))

export interface Hints {
  /** The version that the document itself announces outside the root namespace, in public identifier or DOCTYPE. */
  readonly announced: () => Version | undefined
  /** The version of a session, for documents that announce none. */
  readonly versionOf?: ((sessionId: string) => Version | undefined) | undefined
}

type Draft = { -readonly [K in keyof Message]: Message[K] } & { transactions: Transaction[] }

/**
 * Reads a whole document. What cannot be understood inside one transaction is that transaction's refusal; a fault
 * of the document itself is thrown as Malformed, unless a transaction has been recognised that can be told so.
 */
export function readMessage(source: Source, syntax: Syntax, hints: Hints): Message {
  const root = source.root(likely.document)
  const certain = versionOfNamespace.get(source.namespace) ?? hints.announced()
  const message: Draft = {
    version: certain ?? '1.2',
    syntax,
    sessionId: undefined,
    transactions: [],
    poll: undefined,
    cir: undefined,
  }
  source.version = message.version
  const onSession = (id: string) => {
    message.sessionId = id
    const version = certain === undefined ? hints.versionOf?.(id) : undefined
    if (version !== undefined) source.version = message.version = version
  }
  if (root !== tag.Message) {
    readBareDocument(source, root, message)
    return message
  }
  try {
    for (let next = source.open(likely.message); next !== END; next = source.open(likely.message))
      if (next === tag.Session) readSession(source, message, onSession)
      else source.skip()
    source.finish()
  } catch (fault) {
    if (!(fault instanceof Malformed) || message.transactions.length === 0) throw fault
  }
  if (message.transactions.length === 0) throw source.malformed('part', 'Transaction is missing', 'WV-CSP-Message')
  return message
}

/** Version discovery is a document of its own, the same in every version, and marked as the latest (CSP 6.3). */
function readBareDocument(source: Source, root: number, message: Draft) {
  source.version = message.version = '1.3'
  const reader = root > 0 ? readers[root] : undefined
  if (reader === undefined) throw source.malformed('part', 'the root element is not WV-CSP-Message')
  const start = source.position
  const primitive = { name: reader.name, body: reader.read(source) } as Primitive
  source.finish()
  const mode = reader.name.endsWith('Response') ? 'Response' : 'Request'
  message.transactions.push({
    mode,
    id: undefined,
    primitive,
    refusal: undefined,
    segment: undefined,
    extensions: [],
    source: source.between(start, source.position),
  })
}

function readSession(source: Source, message: Draft, onSession: (id: string) => void) {
  for (let next = source.open(likely.session); next !== END; next = source.open(likely.session)) {
    if (next === tag.Transaction) readTransaction(source, message)
    else if (next === tag.SessionDescriptor) readSessionDescriptor(source, message, onSession)
    else if (next === tag.Poll) message.poll = source.bool()
    else if (next === tag.CIR) message.cir = source.bool()
    else source.skip()
  }
}

function readSessionDescriptor(source: Source, message: Draft, onSession: (id: string) => void) {
  for (let next = source.open(likely.sessionDescriptor); next !== END; next = source.open(likely.sessionDescriptor)) {
    if (next !== tag.SessionID) {
      source.skip()
      continue
    }
    if (message.sessionId !== undefined) throw source.malformed('syntax', 'SessionID stands twice')
    const id = source.string()
    if (id !== '') onSession(id)
  }
}

type TransactionDraft = { -readonly [K in keyof Transaction]: Transaction[K] } & { extensions: Markup[] }

function readTransaction(source: Source, message: Draft) {
  const transaction: TransactionDraft = {
    mode: 'Request',
    id: undefined,
    primitive: undefined,
    refusal: undefined,
    segment: undefined,
    extensions: [],
    source: '',
  }
  let hasDescriptor = false
  try {
    for (let next = source.open(likely.transaction); next !== END; next = source.open(likely.transaction)) {
      if (next === tag.TransactionContent) readContent(source, transaction)
      else if (next === tag.TransactionDescriptor) {
        hasDescriptor = true
        readTransactionDescriptor(source, transaction, message)
      } else if (next === tag.ExtBlock) transaction.extensions.push(source.extension())
      else source.skip()
    }
  } catch (fault) {
    // The document cannot be read on, but whoever sent it can be told which transaction broke (CSP 6.1).
    if (fault instanceof Malformed && hasDescriptor) {
      transaction.primitive = undefined
      transaction.refusal = refusalOf(fault)
      message.transactions.push(transaction)
    }
    throw fault
  }
  if (transaction.primitive === undefined && transaction.refusal === undefined)
    transaction.refusal = new Refusal('BadRequest', { description: 'TransactionContent is missing' })
  message.transactions.push(transaction)
}

function readTransactionDescriptor(source: Source, transaction: TransactionDraft, message: Draft) {
  for (
    let next = source.open(likely.transactionDescriptor);
    next !== END;
    next = source.open(likely.transactionDescriptor)
  ) {
    if (next === tag.TransactionID) {
      if (transaction.id !== undefined) throw source.malformed('syntax', 'TransactionID stands twice')
      transaction.id = source.string() || undefined
    } else if (next === tag.TransactionMode) transaction.mode = modeOf(source.string())
    else if (next === tag.Poll) message.poll = source.bool()
    else if (next === segmentInfo) transaction.segment = readSegmentInfo(source)
    else source.skip()
  }
}

const modeOf = (text: string): TransactionMode => (text === 'Response' ? 'Response' : 'Request')

function readContent(source: Source, transaction: TransactionDraft) {
  const inside = source.depth
  const start = source.position
  try {
    for (let next = source.open(likely.content); next !== END; next = source.open(likely.content)) {
      const reader = next > 0 ? readers[next] : undefined
      if (reader !== undefined && transaction.primitive === undefined)
        transaction.primitive = { name: reader.name, body: reader.read(source) } as Primitive
      else {
        if (transaction.primitive === undefined) {
          const { path } = source.malformed('part', 'unknown')
          transaction.refusal = new Refusal('NotImplemented', { description: 'No such primitive', path })
        }
        source.skip()
      }
    }
    if (transaction.primitive !== undefined) transaction.refusal = undefined
  } catch (fault) {
    if (!(fault instanceof Malformed) || !fault.isRecoverable) throw fault
    transaction.refusal = refusalOf(fault)
    while (source.depth >= inside) source.open()
  }
  transaction.source = source.between(start, source.position)
}

/** 402 for a value that cannot be understood, 400 for everything else (CSP 11.3.1, 11.3.3). */
const refusalOf = (fault: Malformed): Refusal =>
  new Refusal(fault.fault === 'value' ? 'BadParameter' : 'BadRequest', { description: fault.message, path: fault.path })
