import {
  join,
  type Primitive,
  Refusal,
  refuse,
  status,
  statusByCode,
  type Transaction,
  type TransactionInput,
} from '@village/protocol'
import type { World } from '../world.ts'
import { answerMilliseconds } from './outbox.ts'

/** A request that came in segments, until the server has all of it (CSP 6.10). */
interface Collection {
  /** The client's transaction that was cut. */
  readonly transactionId: string
  /** Of its first segment, by which a repeat is known. */
  readonly fingerprint: string | undefined
  readonly segmentCount: number
  /** Under which Transaction-ID the client keeps the segments. */
  readonly chainId: string
  /** Whether something of others came with one of its segments (CSP 12.1). */
  hasExtensions: boolean
  /** What has come so far, put together. */
  primitive: Primitive
  /** Of all that has come so far. */
  digest: string
  next: number
  octets: number
  progressAt: number
}

/** What the server asks the client for, until it is answered. */
interface Question {
  readonly id: string
  readonly collection: Collection | undefined
  readonly primitive: TransactionInput['primitive']
  handedAt: number | undefined
  isRepeated: boolean
}

/** A request that can be carried out, or not, now that its segments are here. */
export interface Collected {
  readonly transactionId: string
  readonly fingerprint: string | undefined
  readonly digest: string
  readonly hasExtensions: boolean
  readonly outcome: Primitive | Refusal
}

/** Where segments are counted against what all sessions may keep. */
export interface Room {
  reserve(octets: number): boolean
  release(octets: number): void
}

const mostAtATime = 2
const mostSegments = 1000
const mostOctets = 1_048_576
const lifeMilliseconds = 120_000

/**
 * Requests of one session that come in segments: the server asks for each of them, one after the other, before the
 * request is carried out, and tells the client when it needs them no more (CSP 6.10).
 */
export class Collections {
  #collections: Collection[] = []
  #questions: Question[] = []
  #count = 0
  readonly #prefix: string

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /**
   * Begins to ask for the segments of a request, or asks again where the request is repeated.
   * @throws Refusal BadRequest, BadParameter, ServiceUnavailable
   */
  begin(transaction: Transaction, primitive: Primitive, fingerprint: string | undefined, room: Room, world: World) {
    this.#expire(room, world.now())
    const { id, segment, extensions } = transaction
    const { segmentCount, segmentId } = segment!
    if (id === undefined) refuse('BadRequest', { description: 'A request in segments needs a Transaction-ID' })
    if (segmentCount > mostSegments)
      refuse('BadParameter', { description: `A request may have ${mostSegments} segments at most` })
    const known = this.#collections.find(({ transactionId }) => transactionId === id)
    if (known !== undefined && known.fingerprint === fingerprint) {
      for (const question of this.#questions) if (question.collection === known) question.handedAt = undefined
      return
    }
    if (known !== undefined) this.#end(known, room)
    const octets = transaction.source.length
    if (this.#collections.length >= mostAtATime || !room.reserve(octets))
      refuse('ServiceUnavailable', { description: 'Too many requests in segments at a time; ask again later' })
    const collection: Collection = {
      ...{ transactionId: id, fingerprint, segmentCount, chainId: segmentId.transactionId, primitive },
      ...{ hasExtensions: extensions.length > 0, digest: fingerprint ?? '', next: 1, octets, progressAt: world.now() },
    }
    this.#collections.push(collection)
    this.#ask(collection)
  }

  /** Whether there is a question that was not handed out, or not answered for too long. */
  hasWaiting(now: number): boolean {
    return this.#questions.some(question => isWaiting(question, now))
  }

  get isEmpty(): boolean {
    return this.#questions.length === 0
  }

  /** How many the client is answering. */
  openAt(now: number): number {
    return this.#questions.filter(question => !isWaiting(question, now)).length
  }

  /**
   * The questions to be handed out now, as many as the client can be asked at a time (CSP 5.4); `giveBack` if they did
   * not arrive.
   */
  take(limit: number, now: number, room: Room): { transactions: TransactionInput[]; giveBack: () => void } {
    this.#expire(room, now)
    const taken = this.#questions.filter(question => isWaiting(question, now)).slice(0, Math.max(0, limit))
    for (const question of taken) {
      question.isRepeated = question.handedAt !== undefined
      question.handedAt = now
    }
    // Nobody waits for the client to have dropped its segments; it is told twice at most.
    this.#questions = this.#questions.filter(({ collection, isRepeated }) => collection !== undefined || !isRepeated)
    return {
      transactions: taken.map(({ id, primitive }) => ({ mode: 'Request', id, primitive })),
      giveBack: () => {
        for (const question of taken) question.handedAt = undefined
      },
    }
  }

  /** Whether a response is to a question of this kind. */
  isAsking(id: string | undefined): boolean {
    return this.#questions.some(question => question.id === id)
  }

  /** Takes the client's answer to a question; resolves to the request if that was the last it lacked. */
  onResponse({ id, primitive, source, extensions }: Transaction, room: Room, world: World): Collected | undefined {
    const question = this.#questions.find(other => other.id === id)
    const collection = question?.collection
    this.#questions = this.#questions.filter(other => other !== question)
    if (collection === undefined) return undefined
    collection.hasExtensions ||= extensions.length > 0
    if (primitive?.name !== 'GetSegmentResponse') return this.#giveUp(collection, primitive, room)
    try {
      if (collection.octets + source.length > mostOctets)
        refuse('BadParameter', { description: 'The request is too large' })
      if (!room.reserve(source.length)) refuse('ServiceUnavailable')
      collection.octets += source.length
      collection.primitive = join(collection.primitive, [primitive.body.segmentContent])
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal
      this.#dismiss(collection)
      return this.#complete(collection, refusal, room)
    }
    collection.digest = world.digest(`${collection.digest} ${world.digest(source)}`)
    collection.progressAt = world.now()
    collection.next++
    if (collection.next < collection.segmentCount) {
      this.#ask(collection)
      return undefined
    }
    this.#dismiss(collection)
    return this.#complete(collection, collection.primitive, room)
  }

  /** The session is over. */
  clear(room: Room) {
    for (const collection of [...this.#collections]) this.#end(collection, room)
    this.#questions = []
  }

  /** 480: what has come counts. 481, and everything else that is no segment: nothing does (CSP 11.3.36, 11.3.37). */
  #giveUp(collection: Collection, primitive: Primitive | undefined, room: Room): Collected {
    const said = primitive?.name === 'Status' ? primitive.body.result.code : undefined
    const code = said === undefined ? undefined : statusByCode(said)?.code
    const isEnough = code === status.SegmentsDropped.code
    return this.#complete(
      collection,
      isEnough ? collection.primitive : new Refusal('SegmentsDroppedWithRollback'),
      room,
    )
  }

  #complete(collection: Collection, outcome: Primitive | Refusal, room: Room): Collected {
    this.#end(collection, room)
    const { transactionId, fingerprint, digest, hasExtensions } = collection
    return { transactionId, fingerprint, digest, hasExtensions, outcome }
  }

  #ask(collection: Collection) {
    const segmentId = { transactionId: collection.chainId, segmentReference: collection.next }
    this.#question({ name: 'GetSegmentRequest', body: { segmentId } }, collection)
  }

  #dismiss({ chainId }: Collection) {
    const segmentId = { transactionId: chainId, segmentReference: 0 }
    this.#question({ name: 'DropSegmentRequest', body: { segmentId } }, undefined)
  }

  #question(primitive: TransactionInput['primitive'], collection: Collection | undefined) {
    const id = `${this.#prefix}${++this.#count}`
    this.#questions.push({ id, primitive, collection, handedAt: undefined, isRepeated: false })
  }

  #end(collection: Collection, room: Room) {
    room.release(collection.octets)
    this.#collections = this.#collections.filter(other => other !== collection)
    this.#questions = this.#questions.filter(question => question.collection !== collection)
  }

  #expire(room: Room, now: number) {
    for (const collection of this.#collections)
      if (collection.progressAt <= now - lifeMilliseconds) this.#end(collection, room)
  }
}

const isWaiting = ({ handedAt }: Question, now: number) =>
  handedAt === undefined || handedAt <= now - answerMilliseconds
