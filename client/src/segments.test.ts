import { type Primitive, type PrimitiveInput, type Split, split, type TransactionInput } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { CutRequests } from './cut-requests.ts'
import { RequestFailed } from './failures.ts'
import { Requests } from './requests.ts'

const contactLists = Array.from({ length: 60 }, (_, index) => `wv:alice/list-${index}@example.com`)
const whole: PrimitiveInput = { name: 'GetListResponse', body: { contactLists } }

/** A server whose answer to GetList comes in segments. */
function setting(tamper: (reference: number) => PrimitiveInput | undefined = () => undefined) {
  const asked: string[] = []
  let made: Split | undefined
  const answerTo = ({ primitive: { name, body } }: TransactionInput): PrimitiveInput => {
    if (name !== 'GetSegmentRequest') return { name: 'Status', body: { result: { code: 200 } } }
    const { segmentId } = body
    const segmentContent = made!.segments[segmentId.segmentReference]!
    return tamper(segmentId.segmentReference) ?? { name: 'GetSegmentResponse', body: { segmentId, segmentContent } }
  }
  const send = async (transaction: TransactionInput) => {
    const { id, primitive } = transaction
    asked.push(primitive.name)
    if (primitive.name !== 'GetListRequest') return void requests.settle(id, answerTo(transaction) as Primitive)
    const answer: TransactionInput = { mode: 'Response', id, primitive: whole }
    made = split({ version: '1.3', syntax: 'wbxml', sessionId: 's', transactions: [answer] }, 700)!
    requests.settle(id, made.first.primitive as Primitive, made.first.segment)
  }
  const options = { url: 'http://village.test/imps', answerMilliseconds: 1000, attempts: 1 }
  const cuts = new CutRequests({ version: '1.3', syntax: 'wbxml', sessionId: 's' })
  const requests = new Requests(send, cuts, options, { prefix: '', count: 0 })
  return { requests, asked, count: () => made!.segments.length }
}

describe('CSP 6.10: an answer in segments', () => {
  it('is whole when the caller gets it, with one transaction open at a time', async () => {
    const { requests, asked, count } = setting()
    expect(await requests.ask('GetListRequest', {})).toEqual({ contactLists })
    expect(count()).toBeGreaterThan(2)
    expect(asked).toEqual(['GetListRequest', ...Array(count() - 1).fill('GetSegmentRequest'), 'DropSegmentRequest'])
  })

  it('fails where the server has its segments no more', async () => {
    const { requests } = setting(() => ({ name: 'Status', body: { result: { code: 434 } } }))
    await expect(requests.ask('GetListRequest', {})).rejects.toBeInstanceOf(RequestFailed)
  })
})
