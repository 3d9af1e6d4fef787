import type { PrimitiveInput } from '@village/protocol'
import type { Handover } from './handover.ts'
import type { Sessions } from './sessions.ts'

/**
 * A client that never got its Login-Response does not know its session, which would only be in the way of its next
 * login (608, CSP 11.5.7) and take its messages. It is ended, unless the client had named it: a session that was
 * taken up again is known, and goes on.
 */
export function endIfLost(answer: PrimitiveInput, named: string | undefined, handover: Handover, sessions: Sessions) {
  const sessionId = answer.name === 'LoginResponse' ? answer.body.sessionId : undefined
  if (sessionId === undefined || sessionId === named) return
  handover.ifLost(() => {
    const session = sessions.peek(sessionId)
    if (session === undefined) return
    // From now on, not from the flush on: the next login may be here already.
    session.isEnded = true
    // Where that cannot be written down, it is over when its keep-alive time is.
    sessions.end(session, 601).catch(() => {})
  })
}
