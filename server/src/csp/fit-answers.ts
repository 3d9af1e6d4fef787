import { type MessageInput, sizeOf, type TransactionInput } from '@village/protocol'
import type { Segments } from '../services/access/segments.ts'
import { mostOctetsTogether } from './parser-size.ts'
import type { Session } from './session.ts'

/**
 * Answers as their client can read them in one message (ParserSize, CSP 6.9.1, 6.10). Each is cut, shortened or refused
 * where it is too large by itself. Where they are too large only together, the large ones are cut into segments, each
 * has as much room as any other, and short ones leave theirs to the others. What cannot be cut stays as it is: ParserSize
 * speaks of one primitive, and what has been carried out is not refused for coming along with something else.
 * @param around the message they go into, without transactions
 */
export function fitAnswers(
  answers: readonly TransactionInput[],
  around: MessageInput,
  session: Session,
  segments: Segments,
): readonly TransactionInput[] {
  const limit = session.agreement.capabilities?.parserSize
  if (limit === undefined || mostOctetsTogether(answers) <= limit) return answers
  const sizes = answers.map(it => sizeOf({ ...around, transactions: [it] }))
  const envelope = sizeOf({ ...around, transactions: [] })
  const fitting = [...answers]
  let room = limit - envelope
  let left = answers.length
  for (const index of [...answers.keys()].sort((one, other) => sizes[one]! - sizes[other]!)) {
    const answer = answers[index]!
    const share = envelope + Math.floor(room / left--)
    const fits = sizes[index]! <= share || isSegment(answer)
    const made = fits ? answer : segments.fit(answer, around, session, limit, share)
    fitting[index] = made
    room -= (made === answer ? sizes[index]! : sizeOf({ ...around, transactions: [made] })) - envelope
  }
  return fitting
}

/** Segments were cut to fit, and are not cut again. */
const isSegment = ({ primitive }: TransactionInput) => primitive.name === 'GetSegmentResponse'
