import { refuse } from '@village/protocol'
import type { Answer, Handler, ResultInput } from '../context.ts'
import { grantedKeepAlive } from './keep-alive-time.ts'

/**
 * Keeps an idle session alive, as any other transaction does, and changes its keep-alive time on request (CSP 6.7).
 * The answer says what was granted; no time at all is no wish that can be met, and the old time goes on (605).
 * IMPS-CSP-SAP-S-011, IMPS-CSP-NOOP-S-001.
 */
export const keepAlive: Handler<'KeepAliveRequest'> = async ({ timeToLive }, { session, house }) => {
  if (timeToLive === undefined) return { name: 'KeepAliveResponse', body: { result: { code: 200 } } }
  if (timeToLive === 0) refuse('NewValueNotAccepted')
  const keepAliveTime = grantedKeepAlive(timeToLive, house.config)
  if (keepAliveTime !== session.keepAliveSeconds)
    await house.sessions.agree(session, { keepAliveSeconds: keepAliveTime })
  return { name: 'KeepAliveResponse', body: { result: { code: 200 }, keepAliveTime } }
}

/** A refusal is told in the response, which has a Result of its own (CSP 6.1, 6.7.2). */
export const refusedKeepAlive = (_: unknown, result: ResultInput): Answer<'KeepAliveRequest'> => ({
  name: 'KeepAliveResponse',
  body: { result },
})
