import type {
  AnswerTo,
  Body,
  BodyInput,
  ClientRequest,
  Primitive,
  PrimitiveInput,
  SegmentInfo,
  TransactionInput,
} from '@village/protocol'
import { catalogue, isFinal } from '@village/protocol'
import type { CutRequests, Fitting, OnProgress, SegmentQuestion } from './cut-requests.ts'
import { isSuccess, RequestFailed, resultOf, type SessionEnded, TransportFailed, UnexpectedAnswer } from './failures.ts'
import { pause } from './pause.ts'
import { fetchSegments, isCut } from './segments.ts'
import { Slots } from './slots.ts'
import type { OnSent } from './wire.ts'

/** What can be asked inside a session: polls are the session's own business, version discovery has no session. */
export type RequestName = Exclude<ClientRequest, 'PollingRequest' | 'VersionDiscoveryRequest'>

/** Requests that had no answer of their own before 1.3, and got a Status instead. */
export const answeredByStatusOnce = ['CreateListRequest', 'ForwardMessageRequest'] as const

/** What a request resolves to. */
export type Answer<N extends RequestName> =
  | Body<AnswerTo<N>>
  | (N extends (typeof answeredByStatusOnce)[number] ? Body<'Status'> : never)

export interface RequestOptions {
  readonly url: string
  /** Milliseconds to wait for an answer before the request is sent again: 20000 (CSP 5.4). */
  readonly answerMilliseconds: number
  /** How often a request is sent at most. */
  readonly attempts: number
}

/** Who wants to know how a request gets on. */
export interface Watch {
  readonly onProgress?: OnProgress | undefined
}

interface Open {
  answer(primitive: Primitive | undefined): void
  fail(reason: Error): void
  /** How often the server showed that it is still at work (CSP 6.10.1, 11.1). */
  interims: number
}

/** Sends a transaction, telling how many octets of it have left where that is known. @throws TransportFailed */
export type Send = (transaction: TransactionInput, timeout: number, onSent?: OnSent) => Promise<void>

/** Transactions the client began (CSP 5.4): numbered, limited in number, sent again while no answer comes. */
export class Requests {
  readonly #send: Send
  readonly #cuts: CutRequests
  readonly #options: RequestOptions
  readonly #prefix: string
  readonly #slots = new Slots(1)
  readonly #open = new Map<string, Open>()
  /** Of answers that are not complete yet (CSP 6.10). */
  readonly #segments = new WeakMap<Primitive, SegmentInfo>()
  #count: number
  #end: SessionEnded | undefined

  /** @param prefix sets the ids apart from those that were used in this session before, `count` those from 1 to it */
  constructor(
    send: Send,
    cuts: CutRequests,
    options: RequestOptions,
    { prefix, count }: { prefix: string; count: number },
  ) {
    this.#send = send
    this.#cuts = cuts
    this.#options = options
    this.#prefix = prefix
    this.#count = count
  }

  /** How many transactions may be open at a time (CSP 6.9.1, MultiTrans). */
  set multiTrans(limit: number) {
    this.#slots.limit = limit
  }

  /** Whether the server still owes answers that can only come with a poll. */
  get isOwed(): boolean {
    return [...this.#open.values()].some(({ interims }) => interims > 0)
  }

  /** @throws RequestTooLarge, RequestFailed, TransportFailed, UnexpectedAnswer, SessionEnded */
  async ask<N extends RequestName>(name: N, body: BodyInput<N>, onProgress?: OnProgress): Promise<Answer<N>> {
    const first = await this.#slots.run(() => this.#perform({ name, body } as PrimitiveInput, onProgress))
    // Behind the request rather than within it: where one transaction may be open, the next has to wait for this one.
    const segment = this.#segments.get(first)
    const answer = segment === undefined ? first : await this.fetchRest(first, segment)
    const result = resultOf(answer)
    if (result && !isSuccess(result.code)) throw new RequestFailed(name, result, answer)
    const expected = (catalogue[name] as { answer?: string }).answer ?? 'Status'
    const isStatusFine = (answeredByStatusOnce as readonly string[]).includes(name)
    if (answer.name !== expected && !(answer.name === 'Status' && isStatusFine))
      throw new UnexpectedAnswer(name, answer)
    return answer.body as Answer<N>
  }

  /** The whole of what came in segments, the first of which is here. @throws RequestFailed 434, 435, TransportFailed, ... */
  fetchRest(first: Primitive, segment: SegmentInfo): Promise<Primitive> {
    return fetchSegments(first, segment, this.#segmentAsker)
  }

  readonly #segmentAsker = {
    get: (body: BodyInput<'GetSegmentRequest'>) => this.ask('GetSegmentRequest', body),
    drop: (body: BodyInput<'DropSegmentRequest'>) => this.ask('DropSegmentRequest', body),
  }

  /** Takes an answer; false if nobody waits for it. Without an id it belongs to the only request that is open. */
  settle(id: string | undefined, primitive: Primitive | undefined, segment?: SegmentInfo): boolean {
    const [only] = this.#open.size === 1 ? this.#open.values() : []
    const open = id === undefined ? only : this.#open.get(id)
    if (open === undefined) return false
    if (primitive !== undefined && isCut(segment)) this.#segments.set(primitive, segment)
    const code = primitive && resultOf(primitive)?.code
    if (code !== undefined && !isFinal(code)) open.interims++
    else open.answer(primitive)
    return true
  }

  /** Answers what the server asks about a request in segments; that it asks shows that it is at work. */
  answerAbout(question: SegmentQuestion): PrimitiveInput {
    const open = this.#open.get(question.body.segmentId.transactionId)
    if (open) open.interims++
    return this.#cuts.answer(question)
  }

  end(reason: SessionEnded) {
    this.#end = reason
    this.#cuts.clear()
    for (const { fail } of this.#open.values()) fail(reason)
  }

  async #perform(primitive: PrimitiveInput, onProgress?: OnProgress): Promise<Primitive> {
    if (this.#end) throw this.#end
    const id = `${this.#prefix}${++this.#count}`
    const fitting = this.#cuts.fit({ mode: 'Request', id, primitive }, onProgress)
    const { totalOctets } = fitting
    const { promise, resolve, reject } = Promise.withResolvers<Primitive | undefined>()
    const open: Open = { answer: resolve, fail: reject, interims: 0 }
    promise.catch(() => {})
    this.#open.set(id, open)
    try {
      const answer = await this.#insist(fitting, open, promise)
      onProgress?.(totalOctets, totalOctets)
      return answer
    } finally {
      this.#open.delete(id)
      this.#cuts.leave(id)
    }
  }

  /** Sends until an answer comes, or as often as it is worth while. */
  async #insist(fitting: Fitting, open: Open, answer: Promise<Primitive | undefined>): Promise<Primitive> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(fitting, open, answer)
      if (outcome === undefined)
        throw new UnexpectedAnswer(fitting.transaction.primitive.name, undefined, 'something unreadable')
      if (!(outcome instanceof Error)) return outcome
      if (attempt >= this.#options.attempts || !outcome.isPassing) throw outcome
      // The answer may still come, with a poll, while the next attempt is waited for.
      const over = new AbortController()
      const late = await Promise.race([answer, pause(backoff(attempt), over.signal)]).finally(() => over.abort())
      if (late) return late
    }
  }

  /** Sends once, and waits for the answer by whatever reply it comes; an interim one means more patience. */
  async #attempt(
    { transaction, onSent }: Fitting,
    open: Open,
    answer: Promise<Primitive | undefined>,
  ): Promise<Primitive | TransportFailed | undefined> {
    const { answerMilliseconds } = this.#options
    const over = new AbortController()
    const lost = this.#send(transaction, answerMilliseconds, onSent).then(
      () => new Promise<never>(() => {}),
      failure => {
        if (failure instanceof TransportFailed) return failure
        throw failure
      },
    )
    try {
      return await Promise.race([answer, lost, this.#silence(open, over.signal)])
    } finally {
      over.abort()
    }
  }

  async #silence(open: Open, signal: AbortSignal): Promise<TransportFailed> {
    const { url, answerMilliseconds } = this.#options
    for (let seen = -1; seen !== open.interims; ) {
      seen = open.interims
      await pause(answerMilliseconds, signal)
    }
    return new TransportFailed(url, `no answer within ${answerMilliseconds / 1000} s`, { isPassing: true })
  }
}

/** Milliseconds before the next attempt: 0.5 s, doubling to 30 s. */
export const backoff = (failures: number): number => Math.min(30_000, 250 * 2 ** Math.min(failures, 10))
