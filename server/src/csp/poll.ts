import type { MessageInput, TransactionInput } from '@village/protocol'
import { mostOctets, multiTrans, multiTransPerMessage } from '../services/access/agreement.ts'
import type { House } from '../services/context.ts'
import { nextNotice } from '../services/next-notice.ts'
import type { Timer } from '../world.ts'
import type { Deliveries } from './deliveries.ts'
import { demandsOnSession, meantBefore } from './demands.ts'
import { noticing } from './notices.ts'
import type { Entry, OutboxItem } from './outbox.ts'
import { makeReadable, mostOctetsOf, octetsTogether, readableTogether } from './parser-size.ts'
import { originating } from './reply.ts'
import type { Session } from './session.ts'

/** What a PollingRequest brings back (CSP 6.2). */
export interface PollOptions {
  readonly house: House
  readonly deliveries: Deliveries
  /** The message that all goes into, without its transactions. */
  readonly around: MessageInput
  /** What is in that message besides: answers, and what the server asks for. */
  readonly beside: readonly TransactionInput[]
  /** How long a poll waits for something to arrive; 0: not at all. */
  readonly holdMilliseconds: number
  /** Whether the transport that asked can wait; told when it is gone. */
  readonly onGone?: ((run: () => void) => void) | undefined
}

/** Transactions of the server's own that are on their way to the client. */
export interface HandedOut {
  readonly transactions: readonly TransactionInput[]
  /** They did not reach it. */
  readonly giveBack: () => void
}

export const nothing: HandedOut = { transactions: [], giveBack: () => {} }

/**
 * How many transactions of the server's own may go into a message beside those that are in it (MultiTransPerMessage, CSP
 * 6.9.1). Before 1.3 no client could say how many it takes: there one goes along with any answers.
 */
export const roomBeside = (beside: readonly TransactionInput[], { version, agreement }: Session): number =>
  multiTransPerMessage(agreement) - (version < '1.3' ? 0 : beside.length)

/** The next server-originated transactions, without waiting: first those with mail, then what else there is to tell. */
export async function takeNow(session: Session, options: PollOptions): Promise<HandedOut> {
  const { outbox, notices } = session
  const perMessage = roomBeside(options.beside, session)
  // While there are System Messages to be answered first (CSP 7.1.1), only such are handed out.
  const isMeant = meantBefore(await demandsOnSession(session, options.house))
  const entries = await takeMail(session, perMessage, isMeant, options)
  const mayNotice = isMeant === undefined && session.hasNotices(options.house.world.now())
  const noticed = mayNotice ? await takeNotices(session, perMessage - entries.length, entries, options) : []
  return {
    transactions: [...entries.map(entry => originating(entry, session)), ...noticed.map(noticing)],
    giveBack: () => {
      outbox.giveBack(entries)
      notices.giveBack(noticed)
    },
  }
}

/** What else there is to tell, beside those with mail. */
function takeNotices(session: Session, room: number, entries: readonly Entry[], options: PollOptions) {
  const { agreement, notices } = session
  const { house } = options
  const now = house.world.now()
  const octets = mostOctets(agreement)
  const octetsOfOthers = mostOctetsOf(entries) + octetsTogether(options.beside, options.around, octets)
  // One that had to be cut only to go along with others had better come by itself.
  const limit = 4 * octetsOfOthers <= octets ? Math.min(room, multiTrans(agreement) - session.openAt(now)) : 0
  return notices.take(limit, octets - octetsOfOthers, now, left => nextNotice(session, left, house))
}

async function takeMail(session: Session, limit: number, isMeant: IsMeant | undefined, options: PollOptions) {
  for (;;) {
    const { agreement, outbox } = session
    await fillIfShort(session, limit, options)
    const now = options.house.world.now()
    const openAtMost = multiTrans(agreement) - session.openBesideMail(now)
    const taken = outbox.take(limit, openAtMost, mostOctets(agreement), now, isMeant)
    const { ready, unfit } = await makeFit(taken, session, options)
    if (ready.length === 0 && unfit > 0) continue
    const together = readableTogether(ready, options.beside, options.around, session)
    outbox.giveBack(ready.slice(together))
    return ready.slice(0, together)
  }
}

type IsMeant = (item: OutboxItem) => boolean

/**
 * Reads on in the mailbox where fewer than so many transactions are ready. That is many at a time: a look after each
 * message would read the same ones again and again.
 */
export async function fillIfShort(session: Session, count: number, options: PollOptions): Promise<void> {
  const { agreement, outbox } = session
  if (outbox.isComplete) return
  const { house, deliveries } = options
  const isMeant = meantBefore(await demandsOnSession(session, house))
  if (!outbox.hasUnsent(count, mostOctets(agreement), house.world.now(), isMeant)) await deliveries.fill(session)
}

/**
 * Pictures are made to fit when it is their turn (CSP 5.6.2), and only then it is known how large a message is when it
 * is written. What cannot be made to fit is not for this client after all.
 */
async function makeFit(taken: readonly Entry[], session: Session, { house, deliveries, around }: PollOptions) {
  const { outbox, userId } = session
  const ready: Entry[] = []
  let unfit = 0
  for (const entry of taken) {
    const { item, target } = entry
    if (target !== undefined && entry.made === undefined) {
      const made = await house.pictures.made(item, target)
      if (made === 'busy') outbox.giveBack([entry])
      else if (made !== 'unfit') entry.made = made
      else {
        unfit++
        outbox.remove(item.messageId)
      }
      // It may be out of the mailbox by now.
      if (entry.made === undefined || !outbox.isHolding(item.messageId)) continue
    }
    if (!makeReadable(entry, around, session)) {
      unfit++
      outbox.decline(entry)
    } else if (outbox.isHolding(item.messageId)) ready.push(entry)
  }
  if (unfit > 0) deliveries.lookAgain(userId)
  return { ready, unfit }
}

/**
 * The next server-originated transactions; where there are none, waits for one, but only for clients that agreed to
 * have several transactions open: the others could say nothing meanwhile. Any other request of the session, or
 * another poll, ends the wait at once.
 */
export function takeOrWait(session: Session, options: PollOptions): Promise<HandedOut> {
  session.releasePoll?.()
  const mayWait = options.holdMilliseconds > 0 && multiTrans(session.agreement) >= 2
  return mayWait ? takeOrHold(session, options) : takeNow(session, options)
}

async function takeOrHold(session: Session, options: PollOptions): Promise<HandedOut> {
  const { house, holdMilliseconds, onGone } = options
  const state = { isReleased: false, isWoken: false, resume: () => {} }
  const release = () => {
    state.isReleased = true
    state.resume()
  }
  // From the first moment on, for a request that arrives while the mailbox is being read must not wait for this poll.
  session.releasePoll = release
  session.onWake = () => {
    state.isWoken = true
    state.resume()
  }
  let timer: Timer | undefined
  try {
    for (;;) {
      state.isWoken = false
      const taken = await takeNow(session, options)
      if (taken.transactions.length > 0 || state.isReleased || session.isEnded) return taken
      if ((await demandsOnSession(session, house)).length > 0) return taken
      if (timer === undefined) {
        timer = house.world.after(holdMilliseconds, release)
        onGone?.(release)
      }
      const paused = new Promise<void>(resolve => {
        state.resume = resolve
      })
      if (!state.isWoken && !state.isReleased) await paused
      if (state.isReleased) return nothing
    }
  } finally {
    timer?.cancel()
    if (session.releasePoll === release) {
      session.releasePoll = undefined
      session.onWake = undefined
    }
  }
}
