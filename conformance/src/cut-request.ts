import { isFinal, type PrimitiveInput, type Split, split } from '@village/protocol'
import { type Answer, answersIn, type Reply } from './answer.ts'
import { miss } from './expect.ts'
import { type Phone, pause } from './phone.ts'

const patienceMilliseconds = 5000
const lookMilliseconds = 50

/** Octets of a segment, unless it matters. */
const usualOctets = 1000

/** A request that its phone sends in segments, and hands out as the server asks for them (CSP 6.10). */
export class CutRequest {
  /** The segments that were asked for, in their order; the first came by itself. */
  readonly asked: number[] = []
  /** Whether the server has said that it needs them no more. */
  isDropped = false
  readonly #phone: Phone
  readonly #made: Split

  constructor(phone: Phone, primitive: PrimitiveInput, id = phone.nextId()) {
    const { version, syntax, sessionId } = phone
    const transactions = [{ mode: 'Request', id, primitive }] as const
    this.#phone = phone
    this.#made = split({ version, syntax, sessionId, transactions }, usualOctets) ?? miss('the request cannot be cut')
  }

  get segmentCount(): number {
    return this.#made.segments.length
  }

  /**
   * Sends it, and answers what the server asks until it is answered itself.
   * @param instead a status to give in place of the second segment that is asked for
   */
  async send(instead?: number): Promise<Answer> {
    const { first } = this.#made
    const questions: Answer[] = []
    let answer: Answer | undefined
    const hear = (reply: Reply) => {
      questions.push(...answersIn(reply, 'Request'))
      answer ??= answersIn(reply, 'Response').find(
        ({ id, code }) => id === first.id && (code === undefined || isFinal(code)),
      )
    }
    hear(await this.#phone.send([first]))
    for (const until = Date.now() + patienceMilliseconds; ; ) {
      if (questions.length === 0) hear(await this.#phone.poll())
      const question = questions.shift()
      if (question !== undefined) hear(await this.#phone.reply(question, this.#replyTo(question, instead)))
      else if (answer !== undefined) return answer
      else if (Date.now() > until) return miss('the request in segments should be answered, but is not')
      else await pause(lookMilliseconds)
    }
  }

  #replyTo(question: Answer, instead: number | undefined): PrimitiveInput {
    const status = (code: number): PrimitiveInput => ({ name: 'Status', body: { result: { code } } })
    if (question.name === 'DropSegmentRequest') this.isDropped = true
    if (question.name !== 'GetSegmentRequest') return status(200)
    const { segmentId } = question.as('GetSegmentRequest')
    const segmentContent = this.#made.segments[segmentId.segmentReference]
    if (segmentId.transactionId !== this.#made.first.id || segmentContent === undefined)
      return miss(`the server asks for a segment that is not there: ${JSON.stringify(segmentId)}`)
    this.asked.push(segmentId.segmentReference)
    if (instead !== undefined && this.asked.length === 2) return status(instead)
    return { name: 'GetSegmentResponse', body: { segmentId, segmentContent } }
  }
}
