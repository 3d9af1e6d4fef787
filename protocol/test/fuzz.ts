import { isDeepStrictEqual, parseArgs } from 'node:util'
import { decode, encode } from '../src/codec/index.ts'
import { Malformed } from '../src/codec/malformed.ts'
import type { Message, MessageInput, Syntax, Transaction } from '../src/codec/message.ts'
import { catalogue } from '../src/schema/catalogue.ts'
import { isWithin } from '../src/schema/kit.ts'
import { readCases } from './cases.ts'
import { mutate, wbxmlWords, xmlWords } from './mutations.ts'
import { Random } from './random.ts'

/**
 * Damages the golden messages again and again and holds the readers to what they promise: whatever comes in, they
 * return a message or throw Malformed, within the time limit, and what was understood is written and read as the same.
 * By itself: `node protocol/test/fuzz.ts --inputs 1000000 --seed 1`.
 */
export interface Finding {
  readonly input: Uint8Array
  readonly problem: string
}

export interface Campaign {
  readonly syntax: Syntax
  readonly inputs: number
  readonly accepted: number
  readonly slowestMilliseconds: number
  readonly findings: readonly Finding[]
}

/** Of the processor, for inputs up to 64 KiB; a first miss is measured once more, for it may have met a collection. */
const timeLimitMilliseconds = 50

export function fuzz(syntax: Syntax, inputs: number, seed: number): Campaign {
  const random = new Random(seed)
  const utf8 = new TextEncoder()
  const corpus = readCases().map(({ xml, wbxml }) => (syntax === 'xml' ? utf8.encode(xml) : wbxml))
  const words = syntax === 'xml' ? xmlWords : wbxmlWords
  const findings: Finding[] = []
  let accepted = 0
  let slowestMilliseconds = 0
  for (let count = 0; count < inputs; count++) {
    const input = mutate(random, corpus, words)
    let [milliseconds, outcome] = timed(input)
    if (milliseconds > timeLimitMilliseconds) [milliseconds, outcome] = timed(input)
    slowestMilliseconds = Math.max(slowestMilliseconds, milliseconds)
    if (milliseconds > timeLimitMilliseconds) findings.push({ input, problem: `took ${milliseconds} ms` })
    if (!(outcome instanceof Error)) {
      accepted++
      const problem = rewritten(outcome)
      if (problem !== undefined) findings.push({ input, problem })
    } else if (!(outcome instanceof Malformed)) findings.push({ input, problem: outcome.stack ?? outcome.message })
  }
  return { syntax, inputs, accepted, slowestMilliseconds, findings }
}

const timed = (input: Uint8Array): [number, Message | Error] => {
  const { user } = process.cpuUsage()
  let outcome: Message | Error
  try {
    outcome = decode(input)
  } catch (fault) {
    outcome = fault as Error
  }
  return [(process.cpuUsage().user - user) / 1000, outcome]
}

/** Writes what was understood and exists in the version, reads it, and does so again: the second time nothing may change any more. */
function rewritten(message: Message): string | undefined {
  const isSayable = ({ primitive, refusal }: Transaction) =>
    primitive !== undefined && refusal === undefined && isWithin(message.version, catalogue[primitive.name])
  const understood = message.transactions.filter(isSayable)
  if (understood.length === 0) return undefined
  try {
    const once = again({ ...message, transactions: understood } as MessageInput)
    const twice = again(once)
    return isDeepStrictEqual(saying(once), saying(twice)) ? undefined : 'is not read as it was written'
  } catch (fault) {
    return `cannot be written or read again: ${(fault as Error).stack}`
  }
}

const again = (message: MessageInput): MessageInput => {
  const written = encode(message)
  const read = decode(typeof written === 'string' ? new TextEncoder().encode(written) : written)
  const refusal = read.transactions.find(it => it.refusal !== undefined)?.refusal
  if (refusal) throw refusal
  return read as MessageInput
}

const saying = ({ version, sessionId, transactions, poll, cir }: MessageInput) => ({
  ...{ version, sessionId, poll, cir },
  transactions: transactions.map(({ mode, id, primitive, segment, extensions }) => ({
    ...{ mode, id, primitive, segment, extensions },
  })),
})

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      inputs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      syntax: { type: 'string', multiple: true, default: ['xml', 'wbxml'] },
    },
  })
  for (const syntax of values.syntax as Syntax[]) {
    const { inputs, accepted, slowestMilliseconds, findings } = fuzz(syntax, Number(values.inputs), Number(values.seed))
    const slowest = slowestMilliseconds.toFixed(1)
    console.log(`${syntax}: ${inputs} inputs, ${accepted} accepted, slowest ${slowest} ms, ${findings.length} findings`)
    for (const { input, problem } of findings.slice(0, 5)) console.log(problem, Buffer.from(input).toString('base64'))
    if (findings.length > 0) process.exitCode = 1
  }
}
