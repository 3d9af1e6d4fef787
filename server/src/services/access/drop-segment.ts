import { done, type Handler } from '../context.ts'

/** The client needs none of the segments of an answer any more (CSP 6.10.1): 434. IMPS-CSP-SAP-S-016. */
export const dropSegment: Handler<'DropSegmentRequest'> = async ({ segmentId }, { session, house }) => {
  house.segments.drop(session, segmentId.transactionId)
  return done
}
