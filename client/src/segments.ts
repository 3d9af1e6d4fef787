import { type BodyInput, join, type Primitive, type SegmentContentInput, type SegmentInfo } from '@village/protocol'

interface Asker {
  get(body: BodyInput<'GetSegmentRequest'>): Promise<{ readonly segmentContent: SegmentContentInput }>
  drop(body: BodyInput<'DropSegmentRequest'>): Promise<unknown>
}

/** Whether what came is the first of several segments. */
export const isCut = (segment: SegmentInfo | undefined): segment is SegmentInfo =>
  segment !== undefined && segment.segmentCount > 1

/**
 * Fetches the rest of something that was too large for this client, one segment after the other, and tells the server
 * that it can forget them (CSP 6.10.1). Resolves to the whole.
 * @throws RequestFailed with 434 or 435 if the server has them no more, and whatever else asking throws
 */
export async function fetchSegments(first: Primitive, { segmentCount, segmentId }: SegmentInfo, asker: Asker) {
  const { transactionId } = segmentId
  const contents: SegmentContentInput[] = []
  for (let segmentReference = 1; segmentReference < segmentCount; segmentReference++) {
    const { segmentContent } = await asker.get({ segmentId: { transactionId, segmentReference } })
    contents.push(segmentContent)
  }
  // Whether the server heard it makes no difference here.
  await asker.drop({ segmentId: { transactionId, segmentReference: 0 } }).catch(() => {})
  return join(first, contents)
}
