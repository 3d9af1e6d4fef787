import { multiTrans, multiTransPerMessage } from '../services/access/agreement.ts'
import type { World } from '../world.ts'
import type { Deliveries } from './deliveries.ts'
import type { Entry } from './outbox.ts'
import type { Session } from './session.ts'

/** What a PollingRequest brings back (CSP 6.2). */
export interface PollOptions {
  readonly world: World
  readonly deliveries: Deliveries
  /** How long a poll waits for something to arrive; 0: not at all. */
  readonly holdMilliseconds: number
  /** Whether the transport that asked can wait; told when it is gone. */
  readonly onGone?: ((run: () => void) => void) | undefined
}

const usualParserSize = 65_536

/** The next server-originated transactions, without waiting. */
export async function takeNow(session: Session, { world, deliveries }: PollOptions): Promise<Entry[]> {
  await deliveries.fill(session)
  const { agreement } = session
  const octets = agreement.capabilities?.parserSize ?? usualParserSize
  return session.outbox.take(multiTransPerMessage(agreement), multiTrans(agreement), octets, world.now())
}

/**
 * The next server-originated transactions; where there are none, waits for one, but only for clients that agreed to
 * have several transactions open: the others could say nothing meanwhile. Any other request of the session, or
 * another poll, ends the wait at once.
 */
export async function takeOrWait(session: Session, options: PollOptions): Promise<Entry[]> {
  session.releasePoll?.()
  const { world, holdMilliseconds, onGone } = options
  const mayWait = holdMilliseconds > 0 && multiTrans(session.agreement) >= 2
  const until = world.now() + holdMilliseconds
  for (;;) {
    const { wakings } = session
    const taken = await takeNow(session, options)
    if (taken.length > 0 || !mayWait || session.isEnded) return taken
    if (session.wakings !== wakings) continue
    const why = await wait(session, until - world.now(), world, onGone)
    if (why === 'released') return []
  }
}

/** Resolves when something may have arrived, or when the poll is to be answered with nothing. */
const wait = (session: Session, milliseconds: number, world: World, onGone: PollOptions['onGone']) =>
  new Promise<'woken' | 'released'>(resolve => {
    const end = (why: 'woken' | 'released') => {
      timer.cancel()
      if (session.releasePoll === release) session.releasePoll = undefined
      session.onWake = undefined
      resolve(why)
    }
    const release = () => end('released')
    const timer = world.after(Math.max(0, milliseconds), release)
    session.releasePoll = release
    session.onWake = () => end('woken')
    onGone?.(release)
  })
