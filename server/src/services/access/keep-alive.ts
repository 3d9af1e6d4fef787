import type { Handler } from '../context.ts'
import { grantedKeepAlive } from './keep-alive-time.ts'

/**
 * Keeps an idle session alive, as any other transaction does, and changes its keep-alive time on request (CSP 6.7).
 * The answer says what was granted. IMPS-CSP-SAP-S-011, IMPS-CSP-NOOP-S-001.
 */
export const keepAlive: Handler<'KeepAliveRequest'> = async ({ timeToLive }, { session, house }) => {
  if (timeToLive === undefined) return { name: 'KeepAliveResponse', body: { result: { code: 200 } } }
  const keepAliveTime = grantedKeepAlive(timeToLive, house.config)
  if (keepAliveTime !== session.keepAliveSeconds)
    await house.sessions.agree(session, { keepAliveSeconds: keepAliveTime })
  return { name: 'KeepAliveResponse', body: { result: { code: 200 }, keepAliveTime } }
}
