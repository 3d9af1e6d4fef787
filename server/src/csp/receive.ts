import {
  decode,
  isFinal,
  Malformed,
  type Message,
  type PrimitiveInput,
  Refusal,
  type Transaction,
  type TransactionInput,
  type Version,
} from '@village/protocol'
import { multiTrans, multiTransPerMessage } from '../services/access/agreement.ts'
import { awaitsAnswer } from '../services/access/system-message.ts'
import type { Context, House, OutbandContext, Peer } from '../services/context.ts'
import { settle } from '../services/messaging/settlement.ts'
import type { Cir } from './cir.ts'
import type { Deliveries } from './deliveries.ts'
import { answerFirstStatus, demandsOnSession, isAllowedBefore } from './demands.ts'
import { type Dispatch, isClaimed, isTransient, refused } from './dispatch.ts'
import { withoutExtensions } from './extensions.ts'
import { Handover, mayComeAnew } from './handover.ts'
import type { Entry } from './outbox.ts'
import { isSystemMessage, type PollOptions, takeNow, takeOrWait } from './poll.ts'
import { answering, empty, type Outbound, originating, wrap } from './reply.ts'
import { Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import { admit, isFarBeyond } from './transactions.ts'

/** What a transport has received. */
export interface Inbound {
  readonly body: Uint8Array
  readonly contentType: string | undefined
  readonly peer: Peer
  /** Says what to do when the client hangs up before it is answered. */
  readonly onGone?: ((run: () => void) => void) | undefined
}

export type Receive = (inbound: Inbound) => Promise<Outbound>

export interface Engine {
  readonly house: House
  readonly sessions: Sessions
  readonly deliveries: Deliveries
  readonly cir: Cir
  readonly dispatch: Dispatch
}

/** The session protocol from the octets of a message to the octets of its answer. */
export const makeReceive = (engine: Engine): Receive => {
  const versionOf = (sessionId: string): Version | undefined => engine.sessions.peek(sessionId)?.version

  return async inbound => {
    let message: Message
    try {
      message = decode(inbound.body, { contentType: inbound.contentType, versionOf })
    } catch (fault) {
      if (fault instanceof Malformed) return empty(400)
      throw fault
    }
    if (message.sessionId === undefined || isLogin(message)) return outband(message, inbound, engine)
    const session = await engine.sessions.find(message.sessionId)
    if (!(session instanceof Session)) return withoutSession(message, inbound, session.endReason)
    // Another version or syntax than the login's is somebody else's guess (CSP 5.1).
    if (message.version !== session.version || message.syntax !== session.syntax)
      return withoutSession(message, inbound, undefined)
    return inSession(message, session, inbound, engine)
  }
}

/** A login that names a session wants it back (CSP 6.4.4); COMPAT: the AOSP client sends it inband. */
const isLogin = ({ transactions }: Message) => transactions.some(({ primitive }) => primitive?.name === 'LoginRequest')

async function outband(message: Message, inbound: Inbound, { house, dispatch }: Engine): Promise<Outbound> {
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
    const answer = transaction.primitive
      ? await dispatch(transaction.primitive, context)
      : refused(transaction.refusal!)
    answers.push(answering(transaction.id, withoutExtensions(answer, transaction, message.version)))
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

const isPoll = ({ primitive }: Transaction) => primitive?.name === 'PollingRequest'

async function inSession(message: Message, session: Session, inbound: Inbound, engine: Engine): Promise<Outbound> {
  const { house, deliveries, cir } = engine
  session.lastActivityAt = house.world.now()
  const others = message.transactions.filter(transaction => !isPoll(transaction))
  const hasPoll = others.length < message.transactions.length
  if (others.some(({ mode }) => mode === 'Request')) session.releasePoll?.()
  const handover = others.some(mayComeAnew) ? new Handover() : undefined
  if (handover !== undefined) inbound.onGone?.(() => handover.lost())
  const answers = others.length === 0 ? [] : await answerAll(others, session, { ...inbound, handover }, engine)

  const options: PollOptions = {
    world: house.world,
    demands: () => demandsOnSession(session, house),
    deliveries,
    // A poll that comes with other requests must not keep their answers waiting.
    holdMilliseconds:
      others.length === 0 && !session.collections.hasWaiting(house.world.now())
        ? house.config.poll.holdSeconds * 1000
        : 0,
    onGone: inbound.onGone,
  }
  // The answer to a response may carry the next transaction, for clients that can have several open. COMPAT: phones
  // that cannot poll before they have answered, and would not poll again; they get what that poll could not bring.
  const mayRide = answers.length === 0 && (multiTrans(session.agreement) >= 2 || session.isPollOwed)
  let entries: Entry[] = []
  if (hasPoll && !session.isEnded) entries = await takeOrWait(session, options)
  else if (mayRide && !session.isEnded) entries = await takeNow(session, options)
  session.isPollOwed = entries.length === 0 && (hasPoll ? !session.outbox.isEmpty : session.isPollOwed)
  if (!session.outbox.isComplete) await deliveries.fill(session)
  session.lastActivityAt = house.world.now() // a poll may have been held for long
  const demands = await demandsOnSession(session, house)
  const questions = session.collections.take(house.world.now(), house.segments)
  const originated = [...questions.transactions, ...entries.map(entry => originating(entry, session.syntax))]
  const transactions = [...answers, ...originated]
  if (hasPoll && demands.length > 0 && entries.length === 0)
    transactions.push(answering(message.transactions.find(isPoll)?.id, answerFirstStatus(demands)))
  // Ended while a poll of it was held: this is the last chance to say so soon (CSP 6.6).
  if (hasPoll && session.endReason !== undefined && session.endReason !== 200)
    transactions.push(disconnecting(session.endReason))
  const poll =
    !session.isEnded && session.outbox.hasWaiting(house.world.now(), demands.length > 0 ? isSystemMessage : undefined)
  if (hasPoll || entries.length > 0) cir.onPoll(session, poll && transactions.length > 0)
  const onLost = () => {
    handover?.lost()
    questions.giveBack()
    if (entries.length === 0) return
    session.outbox.giveBack(entries)
    session.wake()
  }
  const cirFlag = cir.isDown(session) ? false : undefined
  let outbound = wrap(message, inbound.contentType, transactions, poll, cirFlag)
  const limit = session.agreement.capabilities?.parserSize
  if (limit !== undefined && answers.length > 0 && mayExceed(outbound, limit)) {
    const fitting = transactions.map(it => fitted(it, message, session, house, limit))
    outbound = wrap(message, inbound.contentType, fitting, poll, cirFlag)
  }
  return {
    ...outbound,
    onLost: originated.length === 0 && handover === undefined ? undefined : onLost,
    onSent: handover && (() => handover.sent()),
  }
}

/** A character has at most three octets for each of its units. */
const mayExceed = ({ body }: Outbound, limit: number): boolean =>
  (typeof body === 'string' ? 3 * body.length : body.length) > limit

/** An answer as its client can read it, or 432 (CSP 6.10). Segments were cut to fit, and are not cut again. */
function fitted(it: TransactionInput, message: Message, session: Session, { segments }: House, limit: number) {
  if (it.mode !== 'Response' || it.primitive.name === 'GetSegmentResponse') return it
  return segments.fit(it, { ...message, transactions: [] }, session, limit)
}

/** A message that is being answered within its session. */
interface Followed extends Inbound {
  /** Told whether the answers arrive, where that makes a difference. */
  readonly handover: Handover | undefined
}

/** The transactions of one message, in their order, when it is their turn. */
async function answerAll(
  transactions: readonly Transaction[],
  session: Session,
  inbound: Followed,
  engine: Engine,
): Promise<TransactionInput[]> {
  const open = transactions.filter(({ mode }) => mode === 'Request').length
  const isFlood = isFarBeyond(session.openRequests + 1, multiTrans(session.agreement))
  const perMessage = multiTransPerMessage(session.agreement)
  session.openRequests += open
  try {
    return await session.inOrder(async () => {
      const answers: TransactionInput[] = []
      for (const [index, transaction] of transactions.entries()) {
        if (transaction.mode === 'Response' && session.collections.isAsking(transaction.id))
          answers.push(...(await onSegment(transaction, session, inbound, engine)))
        else if (transaction.mode === 'Response') await onResponse(transaction, session, inbound, engine)
        else if (isFlood || isFarBeyond(index + 1, perMessage)) answers.push(answering(transaction.id, tooMany))
        else {
          const answer = await answerOne(transaction, session, inbound, engine)
          answers.push(answering(transaction.id, withoutExtensions(answer, transaction, session.version)))
        }
      }
      return answers
    })
  } finally {
    session.openRequests -= open
  }
}

/** For a while, says the code: the client may ask again when others are answered (CSP 11.4.3). */
const tooMany = refused(
  new Refusal('ServiceUnavailable', { description: 'More transactions at a time than were agreed; ask again later' }),
)

async function answerOne(transaction: Transaction, session: Session, inbound: Followed, engine: Engine) {
  const { house, dispatch } = engine
  if (session.isEnded) return refused(new Refusal('InvalidSession'))
  const demands = await demandsOnSession(session, house)
  if (demands.length > 0 && !isAllowedBefore(transaction.primitive?.name)) return answerFirstStatus(demands)
  let admitted: ReturnType<typeof admit>
  try {
    admitted = admit(transaction, session, house.world)
  } catch (refusal) {
    if (refusal instanceof Refusal) return refused(refusal)
    throw refusal
  }
  if ('repeated' in admitted) {
    inbound.handover?.add(admitted.repeated)
    return admitted.repeated.answer
  }
  const { primitive, fingerprint } = admitted
  if (transaction.segment !== undefined && transaction.segment.segmentCount > 1) {
    try {
      session.collections.begin(transaction, primitive, fingerprint, house.segments, house.world)
    } catch (refusal) {
      if (refusal instanceof Refusal) return refused(refusal)
      throw refusal
    }
    return started
  }
  const answer = await dispatch(primitive, contextFor(transaction.id, fingerprint, session, inbound, house))
  // What was not carried out for want of something may well be when it is asked for again.
  if (isTransient(answer)) return answer
  if (fingerprint !== undefined) {
    const answered = session.repeats.remember(transaction.id!, fingerprint, answer, house.world.now())
    if (mayComeAnew(transaction)) inbound.handover?.add(answered)
  }
  if (primitive.name === 'MessageDelivered') session.outbox.remove(primitive.body.messageId)
  if (primitive.name === 'SystemMessageUser')
    for (const { systemMessageId } of primitive.body.systemMessageResponses) session.outbox.remove(systemMessageId)
  return answer
}

/** The server needs transactions of its own to carry it out (CSP 11.1.3). */
const started: PrimitiveInput = { name: 'Status', body: { result: { code: 102 } } }

/** A segment of a request came; with the last of them the request is carried out and answered (CSP 6.10). */
async function onSegment(transaction: Transaction, session: Session, inbound: Followed, engine: Engine) {
  const { house, dispatch } = engine
  const { primitive } = transaction
  if (primitive?.name === 'Status' && !isFinal(primitive.body.result.code)) return []
  const collected = session.collections.onResponse(transaction, house.segments, house.world)
  if (collected === undefined) return []
  const { transactionId, fingerprint, digest, outcome } = collected
  if (outcome instanceof Refusal) return [answering(transactionId, refused(outcome))]
  const answer = await dispatch(outcome, contextFor(transactionId, digest, session, inbound, house))
  if (fingerprint !== undefined && !isTransient(answer))
    session.repeats.remember(transactionId, fingerprint, answer, house.world.now())
  return [answering(transactionId, answer)]
}

const contextFor = (
  id: string | undefined,
  fingerprint: string | undefined,
  session: Session,
  { peer }: Inbound,
  house: House,
): Context => ({
  house,
  peer,
  session,
  version: session.version,
  syntax: session.syntax,
  sessionId: undefined,
  origin: fingerprint === undefined ? undefined : `${session.loginEpoch}:${id}:${fingerprint}`,
})

/**
 * The client's answer to a transaction of ours. MessageDelivered says that a message has arrived, an error that the
 * client does not take it; a report is done with whatever the client says (CSP 9.1.5, 9.1.9).
 */
async function onResponse(transaction: Transaction, session: Session, inbound: Inbound, engine: Engine) {
  const { outbox } = session
  const entry = transaction.id === undefined ? undefined : outbox.find(transaction.id)
  const { primitive } = transaction
  // 100 to 199 say that the answer is on its way; the transaction stays open (CSP 5.4, 11.1).
  if (primitive?.name === 'Status' && !isFinal(primitive.body.result.code)) return
  const delivered = primitive?.name === 'MessageDelivered' ? primitive.body.messageId : undefined
  if (delivered !== undefined && delivered !== entry?.item.messageId) {
    // Late, or under an id of its own: the Message-ID tells all the same.
    const answer = await engine.dispatch(primitive!, contextFor(undefined, undefined, session, inbound, engine.house))
    if (!isTransient(answer)) outbox.remove(delivered)
  } else if (entry !== undefined) {
    const isTaken = delivered !== undefined || entry.item.kind !== 'message' || isSuccess(primitive)
    // A System Message that asks something stays until it is answered (CSP 7.1.1).
    if (isTaken && !(isSystemMessage(entry.item) && awaitsAnswer(entry.item))) await close(entry, session, engine)
    else outbox.decline(entry)
  }
}

/** COMPAT: a plain success in place of MessageDelivered can mean nothing else. */
const isSuccess = (primitive: Transaction['primitive']) =>
  primitive?.name === 'Status' && primitive.body.result.code === 200

/** The item leaves the mailbox first and the outbox then, or else it might be read again from there. */
async function close(entry: Entry, session: Session, { house }: Engine) {
  entry.isAnswered = true
  try {
    await settle(entry.item, 200, house, session)
    session.outbox.remove(entry.item.messageId)
  } catch (fault) {
    session.outbox.giveBack([entry])
    if (!isClaimed(fault)) throw fault
    house.sessions.drop(session)
  }
}
