import {
  type Body,
  type DetailedResult,
  type Primitive,
  type PrimitiveName,
  type StatusName,
  statusByCode,
} from '@village/protocol'
import { type SystemMessage, systemMessagesIn } from './system-messages.ts'

type Result = Body<'Status'>['result']

const nameOf = (code: number): StatusName | 'UnknownStatus' => statusByCode(code)?.name ?? 'UnknownStatus'
const describe = ({ code, description }: Result): string =>
  description || statusByCode(code)?.description || `status ${code}`

/** The server said no: an answer whose Result is neither 200, 201 nor 203 (CSP 6.1, 11). */
export class RequestFailed extends Error {
  /** Name of the status, as in `UnknownUser`; `UnknownStatus` for a code CSP does not know. */
  override readonly name: StatusName | 'UnknownStatus'
  /** 400 to 999. */
  readonly code: number
  /** What the server says about it, else what the specification calls it. */
  readonly description: string
  /** Which addresses failed with which code, where the server told (CSP 6.1). */
  readonly details: readonly DetailedResult[]
  /** To be answered before anything else, where the code is 436 to 438 (CSP 7.1). */
  readonly systemMessages: readonly SystemMessage[]
  readonly request: PrimitiveName
  readonly answer: Primitive

  constructor(request: PrimitiveName, result: Result, answer: Primitive) {
    const description = describe(result)
    super(`${request} failed with ${result.code}: ${description}`)
    this.name = nameOf(result.code)
    this.code = result.code
    this.description = description
    this.details = result.details
    this.systemMessages = systemMessagesIn(result)
    this.request = request
    this.answer = answer
  }
}

/** Something came back that is no answer to what was asked. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer'
  readonly answer: Primitive | undefined

  constructor(request: PrimitiveName, answer: Primitive | undefined, why = answer?.name ?? 'nothing') {
    super(`The server answered ${request} with ${why}, which is no answer to it`)
    this.answer = answer
  }
}

/** No usable reply: the server cannot be reached, is silent, or what answers there does not speak IMPS. */
export class TransportFailed extends Error {
  override readonly name = 'TransportFailed'
  readonly url: string
  /** HTTP status of the reply, where there was one; IMPS over HTTP knows 200 only. */
  readonly httpStatus: number | undefined
  /** Whether the same message may well get through a little later. */
  readonly isPassing: boolean

  constructor(url: string, why: string, options: { httpStatus?: number; isPassing: boolean; cause?: unknown }) {
    super(`${url}: ${why}`, { cause: options.cause })
    this.url = url
    this.httpStatus = options.httpStatus
    this.isPassing = options.isPassing
  }
}

/**
 * A request was not sent, because it is larger than what was agreed (ParserSize) and cannot go in segments (CSP 6.10):
 * those were not agreed, or there is no list in it that could be cut. The content of a message never can be.
 */
export class RequestTooLarge extends Error {
  override readonly name = 'RequestTooLarge'
  readonly request: PrimitiveName
  /** Of the whole message. */
  readonly octets: number
  /** The agreed ParserSize. */
  readonly limit: number

  constructor(request: PrimitiveName, octets: number, limit: number, isAgreementMissing: boolean) {
    const advice = isAgreementMissing
      ? 'negotiate the service SGMNT, so that it can go in segments'
      : 'say less at a time, or negotiate a larger parserSize, if the server allows it'
    super(`${request} takes ${octets} octets, and ${limit} were agreed: ${advice}`)
    this.request = request
    this.octets = octets
    this.limit = limit
  }
}

export type EndReason = 'logout' | 'closed' | 'disconnected'

/**
 * The session is over, and with it every request still open. `logout` and `closed` were the client's own wish;
 * `disconnected` is the server's, with a code: 600 expired, 601 forced, 604 not known (any more) (CSP 6.6, 11.5).
 */
export class SessionEnded extends Error {
  override readonly name = 'SessionEnded'
  readonly reason: EndReason
  readonly code: number | undefined
  readonly description: string

  constructor(reason: EndReason, result?: Result) {
    const description = result ? describe(result) : reason === 'logout' ? 'Logged out' : 'Closed'
    super(result ? `The server ended the session (${result.code}): ${description}` : `The session is over: ${reason}`)
    this.reason = reason
    this.code = result?.code
    this.description = description
  }
}

/** The Result of an answer, be it a Status or a response that carries one (CSP 6.1). */
export const resultOf = (primitive: Primitive): Result | undefined =>
  'result' in primitive.body ? primitive.body.result : undefined

/** 200, 201 (in part) and 203 (without the extension) are answers to be glad about. */
export const isSuccess = (code: number): boolean => code >= 200 && code < 300

/** Codes that say that System Messages are to be answered: not yet, an unknown one, or with a wrong key (CSP 7.1). */
export const demandsAnswers = (code: number): boolean => code >= 436 && code <= 438

/** Codes that say of any request that there is no session (any more) (CSP 11.5). */
export const endsSession = (code: number): boolean => code === 600 || code === 601 || code === 604
