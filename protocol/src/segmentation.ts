import { encode } from './codec/index.ts'
import type { MessageInput, TransactionInput } from './codec/message.ts'
import { refuse } from './refusal.ts'
import { catalogue, type Primitive, type PrimitiveName } from './schema/catalogue.ts'
import { type Element, type Input, isWithin, type Part } from './schema/kit.ts'
import { SegmentContent, SegmentInfo } from './schema/segments.ts'

/**
 * Segmentation (CSP 6.10): what is too large for a client is cut at element boundaries. What may be cut is said by the
 * schema: the lists of SegmentContent, where a primitive has them, too.
 */

export type SegmentContentInput = Input<typeof SegmentContent>

export interface Split {
  /** The transaction with its lists shortened, and the SegmentInfo that says so; at least one item of each list is there. */
  readonly first: TransactionInput
  /** All segments by their SegmentReference; number 0 has what the first has of the lists. */
  readonly segments: readonly SegmentContentInput[]
}

/** A list inside a primitive: where it is there and in SegmentContent, and what it holds. */
interface Cuttable {
  readonly path: readonly string[]
  readonly contentPath: readonly string[]
  readonly items: readonly unknown[]
}

type Fields = Record<string, unknown>

const isList = ({ card }: Part) => card === 'many' || card === 'some'

/** Whether an element holds nothing but lists. */
const holdsLists = ({ items, parts }: Element): boolean =>
  items !== undefined ||
  (parts !== undefined &&
    Object.values(parts)
      .filter(part => isWithin('1.3', part))
      .every(part => isList(part) || holdsLists(part.of)))

/** The parts of a primitive that may be cut, by their key there, with their key in SegmentContent. */
const cuttableParts = (name: PrimitiveName): [key: string, contentKey: string][] =>
  Object.entries((catalogue[name].element as Element).parts ?? {}).flatMap(([key, part]) => {
    const inContent = Object.entries(SegmentContent.parts!).find(
      ([, other]) => other.of === part.of && isList(other) === isList(part),
    )
    return inContent !== undefined && (isList(part) || holdsLists(part.of)) ? [[key, inContent[0]]] : []
  })

/** Whether a primitive has lists that may be cut. */
export const isSplittable = (name: PrimitiveName): boolean => cuttableParts(name).length > 0

const listsIn = (value: unknown, path: readonly string[], contentPath: readonly string[]): Cuttable[] => {
  if (Array.isArray(value)) return value.length > 0 ? [{ path, contentPath, items: value }] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inside]) => listsIn(inside, [...path, key], [...contentPath, key]))
}

/** A copy in which a list is another one. */
const replaced = (value: unknown, [key, ...rest]: readonly string[], list: unknown): unknown => {
  if (key === undefined) return list
  const fields = (value ?? {}) as Fields
  return { ...fields, [key]: replaced(fields[key], rest, list) }
}

const utf8 = new TextEncoder()

/** Octets that a message takes when it is written. */
export const sizeOf = (message: MessageInput): number => {
  const written = encode(message)
  return typeof written === 'string' ? utf8.encode(written).length : written.length
}

/** The largest count, from 0 to `most`, that fits; -1 where none does. What fits leaves room for less. */
const largest = (most: number, fits: (count: number) => boolean): number => {
  let [low, high] = [-1, most]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return low
}

/** Room in a segment for the Transaction-ID by which it will be asked for. */
const roomForId = 'x'.repeat(24)

/**
 * Cuts a message with one transaction so that it and all its segments have at most `limit` octets (ParserSize, CSP
 * 6.9.1), envelope and flags included.
 * @returns undefined where that cannot be: no segments in this version, no lists, no Transaction-ID, or one item is
 *   too large by itself
 */
export function split(message: MessageInput, limit: number): Split | undefined {
  const [transaction] = message.transactions
  if (transaction?.id === undefined || !isWithin(message.version, SegmentInfo.facts)) return undefined
  const { id: transactionId, primitive } = transaction
  const body = primitive.body as Fields
  const lists = cuttableParts(primitive.name).flatMap(([key, contentKey]) => listsIn(body[key], [key], [contentKey]))
  // One item of each list stays with the first; the others go one after the other, wherever there is room.
  const others = lists.flatMap(list => list.items.slice(1).map(item => ({ list, item })))
  if (others.length === 0) return undefined
  const taken = (list: Cuttable, from: number, to: number) =>
    others.slice(from, to).flatMap(other => (other.list === list ? [other.item] : []))

  const firstWith = (count: number, segmentCount: number): TransactionInput => ({
    ...transaction,
    segment: { segmentCount, segmentId: { transactionId, segmentReference: 0 } },
    primitive: {
      name: primitive.name,
      body: lists.reduce<unknown>(
        (made, list) => replaced(made, list.path, [list.items[0], ...taken(list, 0, count)]),
        body,
      ),
    } as TransactionInput['primitive'],
  })
  const contentWith = (from: number, to: number, isFirst = false): SegmentContentInput =>
    lists.reduce<unknown>((made, list) => {
      const items = [...(isFirst ? [list.items[0]] : []), ...taken(list, from, to)]
      return items.length === 0 ? made : replaced(made, list.contentPath, items)
    }, {}) as SegmentContentInput
  const fits = (it: TransactionInput) => sizeOf({ ...message, transactions: [it], poll: true, cir: true }) <= limit
  const most = (from: number) => Math.min(others.length - from, limit)

  // As many segments as there could be at most, for the number takes room as well.
  let from = largest(most(0), count => fits(firstWith(count, others.length + 1)))
  if (from < 0) return undefined
  const [inFirst, segments] = [from, [contentWith(0, from, true)]]
  while (from < others.length) {
    const segmentId = { transactionId, segmentReference: segments.length }
    const segment = (count: number): TransactionInput => {
      const segmentContent = contentWith(from, from + count)
      return {
        ...{ mode: 'Response', id: transactionId.length > roomForId.length ? transactionId : roomForId },
        primitive: { name: 'GetSegmentResponse', body: { segmentId, segmentContent } },
      }
    }
    const count = largest(most(from), number => fits(segment(number)))
    if (count < 1) return undefined
    segments.push(contentWith(from, from + count))
    from += count
  }
  return { first: firstWith(inFirst, segments.length), segments }
}

/** Puts one list behind the other, through whatever is around them. */
const joined = (one: unknown, other: unknown): unknown => {
  if (other === undefined) return one
  if (one === undefined) return other
  if (Array.isArray(one) && Array.isArray(other)) return [...one, ...other]
  const [fields, more] = [one as Fields, other as Fields]
  return Object.fromEntries(Object.keys({ ...fields, ...more }).map(key => [key, joined(fields[key], more[key])]))
}

/**
 * The primitive that was cut: the first with the content of its other segments, in their order.
 * @throws Refusal BadRequest where a segment brings a list that the primitive does not have
 */
export function join(first: Primitive, contents: readonly SegmentContentInput[]): Primitive {
  const keys = new Map(cuttableParts(first.name).map(([key, contentKey]) => [contentKey, key]))
  let body = first.body as Fields
  for (const content of contents)
    for (const [contentKey, value] of Object.entries(content)) {
      if (value === undefined || (Array.isArray(value) && value.length === 0)) continue
      const key = keys.get(contentKey)
      if (key === undefined)
        refuse('BadRequest', { description: `A segment holds ${contentKey}, which ${first.name} does not have` })
      body = { ...body, [key]: joined(body[key], value) }
    }
  return { name: first.name, body } as Primitive
}
