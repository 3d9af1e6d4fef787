import { type Primitive, type PrimitiveInput, Refusal, status } from '@village/protocol'
import { TooBusy } from '../credentials/gate.ts'
import type { Context, House, OutbandContext, ResultInput, Row, Rows } from '../services/context.ts'
import { isConflict, StoreUnavailable } from '../store/database.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'

export interface DispatchOptions {
  readonly house: House
  readonly handlers: Rows
  readonly log: Log
  readonly metrics: Metrics
}

export type Dispatch = (primitive: Primitive, context: Context | OutbandContext) => Promise<PrimitiveInput>

/** Runs the handler of a primitive. The only place where what handlers throw becomes an answer, is logged and timed. */
export const makeDispatch = ({ house, handlers, log, metrics }: DispatchOptions): Dispatch => {
  const unexpected = (name: string, error: unknown): Refusal => {
    const incidentId = house.world.token().slice(0, 8)
    log.error('A request failed unexpectedly', { primitive: name, incidentId, error })
    return new Refusal('InternalError', { description: `Internal error, incident ${incidentId}` })
  }

  return async (primitive, context) => {
    const { name } = primitive
    const row = handlers[name]
    const begun = house.world.now()
    let answer: PrimitiveInput
    try {
      if (row === undefined) throw new Refusal('NotImplemented')
      if (!('session' in context) && !row.outband) throw new Refusal('InvalidSession')
      answer = await row.handle(primitive.body, context)
    } catch (thrown) {
      if (isClaimed(thrown) && 'session' in context) house.sessions.drop(context.session)
      const refusal = refusalFor(thrown) ?? unexpected(name, thrown)
      answer = refused(refusal, row, primitive.body)
    }
    const durationMs = house.world.now() - begun
    metrics.handled(name, codeOf(answer), durationMs / 1000)
    const noted = row?.noted?.(answer)
    const fields = { primitive: name, status: codeOf(answer), userId: userOf(primitive, context), durationMs }
    if (noted !== undefined) log.info(noted, { ...fields, source: context.peer.address })
    else log.debug('Handled', fields)
    return answer
  }
}

/** Whose request it is; before a login, whose it is said to be. */
const userOf = (primitive: Primitive, context: Context | OutbandContext): string | undefined => {
  if ('session' in context) return context.session.userId
  return primitive.name === 'LoginRequest' ? primitive.body.userId : undefined
}

/** What is thrown on purpose, or at least foreseen. */
const refusalFor = (thrown: unknown): Refusal | undefined => {
  if (thrown instanceof Refusal) return thrown
  if (thrown instanceof StoreUnavailable || thrown instanceof TooBusy) return new Refusal('ServiceUnavailable')
  return isClaimed(thrown) ? new Refusal('InvalidSession') : undefined
}

/** The session belongs to another node, or has ended, since the request began. */
export const isClaimed = (thrown: unknown): boolean => isConflict(thrown, 'SessionClaimed')

const resultOf = ({ code, description }: Refusal): ResultInput => ({ code, description })

/** A refusal in the response that a primitive has for it, else in a Status (CSP 6.1). */
export const refused = (refusal: Refusal, row?: Row, body?: unknown): PrimitiveInput =>
  row?.refused?.(body, resultOf(refusal)) ?? { name: 'Status', body: { result: resultOf(refusal) } }

/** The request failed for a reason of the server's own, and may succeed when it comes again. */
export const isTransient = (answer: PrimitiveInput): boolean =>
  codeOf(answer) === status.InternalError.code || codeOf(answer) === status.ServiceUnavailable.code

const codeOf = ({ body }: PrimitiveInput): number => ('result' in body ? (body.result?.code ?? 200) : 200)
