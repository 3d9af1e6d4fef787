import { join, type PrimitiveInput, type TransactionInput } from '@village/protocol'
import { expectPrimitive, type Phone } from './phone.ts'

/** Asks for what comes in segments, and fetches them all (CSP 6.10): the first of them, the whole, and their octets. */
export async function fetchWhole(phone: Phone, primitive: PrimitiveInput, id = phone.nextId()) {
  const { outbound, message } = await phone.exchange([{ mode: 'Request', id, primitive }])
  const first = message!.transactions[0]!
  const contents = []
  const sizes = [outbound.body.length]
  for (let segmentReference = 1; segmentReference < (first.segment?.segmentCount ?? 1); segmentReference++) {
    const segmentId = { transactionId: id, segmentReference }
    const request: TransactionInput = {
      ...{ mode: 'Request', id: phone.nextId() },
      primitive: { name: 'GetSegmentRequest', body: { segmentId } },
    }
    const answer = await phone.exchange([request])
    const { segmentContent } = expectPrimitive(answer.message!.transactions[0]!.primitive, 'GetSegmentResponse')
    contents.push(segmentContent)
    sizes.push(answer.outbound.body.length)
  }
  return { first, whole: join(first.primitive!, contents), sizes }
}
