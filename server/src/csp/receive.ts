import {
  decode,
  Malformed,
  type Message,
  type MessageInput,
  Refusal,
  type Transaction,
  type TransactionInput,
  type Version,
} from '@village/protocol'
import { multiTrans } from '../services/access/agreement.ts'
import type { House, OutbandContext } from '../services/context.ts'
import { answerAll } from './answers.ts'
import { answerFirstStatus, demandsOnSession, meantBefore } from './demands.ts'
import { refused } from './dispatch.ts'
import type { Engine, Inbound } from './engine.ts'
import { withoutExtensions } from './extensions.ts'
import { fitAnswers } from './fit-answers.ts'
import { type Followed, Handover, mayComeAnew } from './handover.ts'
import { endIfLost } from './lost-logins.ts'
import { isReadableTogether } from './parser-size.ts'
import { fillIfShort, nothing, type PollOptions, roomBeside, takeNow, takeOrWait } from './poll.ts'
import { answering, empty, type Outbound, wrap } from './reply.ts'
import { Session } from './session.ts'

export type Receive = (inbound: Inbound) => Promise<Outbound>

/** The session protocol from the octets of a message to the octets of its answer. */
export const makeReceive = (engine: Engine): Receive => {
  const { tracing } = engine
  const versionOf = (sessionId: string): Version | undefined => engine.sessions.peek(sessionId)?.version

  return async inbound => {
    let message: Message
    try {
      message = decode(inbound.body, { contentType: inbound.contentType, versionOf })
    } catch (fault) {
      if (!(fault instanceof Malformed)) throw fault
      tracing.onMalformed(inbound, fault)
      return empty(400)
    }
    const handover = new Handover()
    try {
      return handover.follow(await answer(message, { ...inbound, handover }, engine))
    } catch (fault) {
      handover.lost()
      throw fault
    }
  }
}

async function answer(message: Message, inbound: Followed, engine: Engine): Promise<Outbound> {
  const { callers, sessions, tracing } = engine
  if (message.sessionId === undefined || isLogin(message))
    return tracing.follow(undefined, message, inbound, () => outband(message, inbound, engine))
  const session = await callers.find(sessions.digestOf(message.sessionId), inbound.peer.address)
  // Not 604, by which a phone with a session that is good would give it up; this it tries again.
  if (session === undefined) return empty(503)
  return tracing.follow(session, message, inbound, () => {
    // One that is being ended is over, though that may not be on disk yet.
    if (!(session instanceof Session) || session.isEnded) return withoutSession(message, inbound, session.endReason)
    // Another version or syntax than the login's is somebody else's guess (CSP 5.1).
    if (message.version !== session.version || message.syntax !== session.syntax)
      return withoutSession(message, inbound, undefined)
    return inSession(message, session, inbound, engine)
  })
}

/** A login that names a session wants it back (CSP 6.4.4); COMPAT: the AOSP client sends it inband. */
const isLogin = ({ transactions }: Message) => transactions.some(({ primitive }) => primitive?.name === 'LoginRequest')

async function outband(message: Message, inbound: Followed, engine: Engine): Promise<Outbound> {
  const { house, dispatch, sessions } = engine
  const context: OutbandContext = {
    house,
    peer: inbound.peer,
    version: message.version,
    syntax: message.syntax,
    sessionId: message.sessionId,
  }
  const answers: TransactionInput[] = []
  for (const transaction of message.transactions) {
    if (transaction.mode === 'Response') continue
    const { primitive } = transaction
    const answer = primitive ? await dispatch(primitive, context) : refused(transaction.refusal!)
    if (primitive?.name === 'LoginRequest')
      endIfLost(answer, primitive.body.sessionId ?? message.sessionId, inbound.handover, sessions)
    answers.push(
      answering(transaction.id, withoutExtensions(answer, transaction.extensions.length > 0, message.version)),
    )
  }
  return wrap(message, inbound.contentType, answers, undefined)
}

/**
 * Whoever has no session is told so: 604, and a poll after the server ended the session is answered with the
 * Disconnect that says why (CSP 6.6).
 */
function withoutSession(message: Message, inbound: Inbound, endReason: number | undefined): Outbound {
  const wasEndedByServer = endReason !== undefined && endReason !== 200
  const answers = message.transactions
    .filter(({ mode }) => mode === 'Request')
    .map((transaction): TransactionInput => {
      if (isPoll(transaction) && wasEndedByServer) return disconnecting(endReason)
      return answering(transaction.id, refused(transaction.refusal ?? new Refusal('InvalidSession')))
    })
  return wrap(message, inbound.contentType, answers, undefined)
}

const disconnecting = (reason: number): TransactionInput => ({
  mode: 'Request',
  id: 'd',
  primitive: { name: 'Disconnect', body: { result: { code: reason } } },
})

const isResponse = ({ mode }: Transaction) => mode === 'Response'

/** What is asked for of a request in segments (CSP 6.10) goes out at once. */
const holdMilliseconds = ({ collections }: Session, { world, config }: House) =>
  collections.hasWaiting(world.now()) ? 0 : config.poll.holdSeconds * 1000

const isPoll = ({ primitive }: Transaction) => primitive?.name === 'PollingRequest'

async function inSession(message: Message, session: Session, inbound: Followed, engine: Engine): Promise<Outbound> {
  const { house, deliveries, cir } = engine
  const { handover, onGone } = inbound
  session.lastActivityAt = house.world.now()
  const { version, syntax, sessionId } = message
  const others = message.transactions.filter(transaction => !isPoll(transaction))
  const hasPoll = others.length < message.transactions.length
  if (others.some(({ mode }) => mode === 'Request')) session.releasePoll?.()
  if (others.some(mayComeAnew)) onGone?.(() => handover.lost())
  const answers = others.length === 0 ? [] : await answerAll(others, session, inbound, engine)

  const around: MessageInput = { version, syntax, sessionId, transactions: [], poll: true, cir: true }
  const cirFlag = cirFlagOf(session, engine)
  const replies = fitAnswers(answers, { ...around, cir: cirFlag }, session, house.segments)
  const questions = questionsBeside(replies, session, around, inbound, engine)
  const options: PollOptions = {
    house,
    deliveries,
    around,
    beside: [...replies, ...questions],
    // A poll that comes with other requests must not keep their answers waiting. What the client answers needs none, so
    // that a notification can cost one exchange: its Status, and the poll that waits for the next.
    holdMilliseconds:
      others.every(isResponse) && answers.length + questions.length === 0 ? holdMilliseconds(session, house) : 0,
    onGone,
  }
  // The answer to a response may carry the next transaction, for clients that can have several open. COMPAT: phones
  // that cannot poll before they have answered, and would not poll again; they get what that poll could not bring.
  const mayRide = answers.length === 0 && (multiTrans(session.agreement) >= 2 || session.isPollOwed)
  let originated = nothing
  if (hasPoll && !session.isEnded) originated = await takeOrWait(session, options)
  else if (mayRide && !session.isEnded) originated = await takeNow(session, options)
  const isFetching = originated.transactions.length > 0
  if (isFetching)
    handover.ifLost(() => {
      originated.giveBack()
      session.wake()
    })
  session.isPollOwed = !isFetching && (hasPoll ? session.isOwed : session.isPollOwed)
  await fillIfShort(session, 1, options) // what is said of waiting messages has to be so
  const now = house.world.now() // a poll may have been held for long
  session.lastActivityAt = now
  const demands = await demandsOnSession(session, house)
  const transactions = [...replies, ...questions, ...originated.transactions]
  if (hasPoll && demands.length > 0 && !isFetching) {
    const status = answering(message.transactions.find(isPoll)?.id, answerFirstStatus(demands))
    transactions.push(...fitAnswers([status], around, session, house.segments))
  }
  // Ended while a poll of it was held: this is the last chance to say so soon (CSP 6.6).
  if (hasPoll && session.endReason !== undefined && session.endReason !== 200)
    transactions.push(disconnecting(session.endReason))
  const poll = session.hasWaiting(now, meantBefore(demands))
  // What the requests brought about may be there for a poll that has come since.
  if (poll) session.onWake?.()
  if (hasPoll || isFetching) cir.onPoll(session, poll && transactions.length > 0)
  // It counts for the size of answers, and a poll may have been held for long.
  const cirNow = answers.length > 0 ? cirFlag : cirFlagOf(session, engine)
  return wrap(message, inbound.contentType, transactions, poll, cirNow)
}

/** What a request lacks goes before all else: it is what the client is waiting for. */
function questionsBeside(
  replies: readonly TransactionInput[],
  session: Session,
  around: MessageInput,
  { handover }: Followed,
  { house }: Engine,
): readonly TransactionInput[] {
  const { agreement, collections } = session
  if (collections.isEmpty) return nothing.transactions
  const now = house.world.now()
  const room = Math.min(roomBeside(replies, session), multiTrans(agreement) - session.openAt(now))
  const { transactions, giveBack } = collections.take(session.isEnded ? 0 : room, now, house.segments)
  if (transactions.length === 0) return []
  if (replies.length > 0 && !isReadableTogether([...replies, ...transactions], around, session)) {
    giveBack()
    return []
  }
  handover.ifLost(giveBack)
  return transactions
}

/** F where the client should set up its channel anew (CSP 6.2). */
const cirFlagOf = (session: Session, { cir }: Engine) => (cir.isDown(session) ? false : undefined)
