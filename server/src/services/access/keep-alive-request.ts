import type { Handler } from '../context.ts'
import { grantedKeepAlive } from './login-request.ts'

/**
 * Keeps an idle session alive, as any other transaction does, and changes its keep-alive time on request (CSP 6.7).
 * The answer says what was granted. IMPS-CSP-SAP-S-011, IMPS-CSP-NOOP-S-001.
 */
export const keepAliveRequest: Handler<'KeepAliveRequest'> = async ({ timeToLive }, context) => {
  const { session, house } = context
  if (timeToLive === undefined) return { name: 'KeepAliveResponse', body: { result: { code: 200 } } }
  const keepAliveTime = grantedKeepAlive(timeToLive, context)
  if (keepAliveTime !== session.keepAliveSeconds)
    await house.sessions.agree(session, { keepAliveSeconds: keepAliveTime })
  return { name: 'KeepAliveResponse', body: { result: { code: 200 }, keepAliveTime } }
}
