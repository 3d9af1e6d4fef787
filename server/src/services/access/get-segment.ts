import type { Handler } from '../context.ts'

/** One segment of an answer that was too large (CSP 6.10.1): 434, 435. It may be asked for again. IMPS-CSP-SAP-S-016. */
export const getSegment: Handler<'GetSegmentRequest'> = async ({ segmentId }, { session, house }) => {
  const segmentContent = house.segments.get(session, segmentId.transactionId, segmentId.segmentReference)
  return { name: 'GetSegmentResponse', body: { segmentId, segmentContent } }
}
