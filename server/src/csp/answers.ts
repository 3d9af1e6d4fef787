import {
  isFinal,
  type PrimitiveInput,
  Refusal,
  status,
  type Transaction,
  type TransactionInput,
} from '@village/protocol'
import { multiTrans, multiTransPerMessage } from '../services/access/agreement.ts'
import { noteUnshown } from '../services/access/system-answers.ts'
import { awaitsAnswer } from '../services/access/system-message.ts'
import type { Context, House } from '../services/context.ts'
import { confirm, settle } from '../services/messaging/settlement.ts'
import { StoreUnavailable } from '../store/database.ts'
import { answerFirstStatus, demandsOnSession, isAllowedBefore, isSystemMessage } from './demands.ts'
import { isClaimed, isTransient, refused } from './dispatch.ts'
import type { Engine, Inbound } from './engine.ts'
import { withoutExtensions } from './extensions.ts'
import { type Followed, mayComeAnew } from './handover.ts'
import type { Entry } from './outbox.ts'
import { answering } from './reply.ts'
import type { Session } from './session.ts'
import { admit, isFarBeyond } from './transactions.ts'

/** The transactions of one message, in their order, when it is their turn. */
export async function answerAll(
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
          answers.push(
            answering(transaction.id, withoutExtensions(answer, transaction.extensions.length > 0, session.version)),
          )
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
    inbound.handover.add(admitted.repeated)
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
    if (mayComeAnew(transaction)) inbound.handover.add(answered)
  }
  return answer
}

/** The server needs transactions of its own to carry it out (CSP 11.1.3). */
const started: PrimitiveInput = { name: 'Status', body: { result: { code: 102 } } }

/**
 * A segment of a request came; with the last of them the request is carried out and answered (CSP 6.10). What may come
 * anew has no lists that could be cut, so there is nothing to be followed here.
 */
async function onSegment(transaction: Transaction, session: Session, inbound: Followed, engine: Engine) {
  const { house, dispatch } = engine
  const { primitive } = transaction
  if (primitive?.name === 'Status' && !isFinal(primitive.body.result.code)) return []
  const collected = session.collections.onResponse(transaction, house.segments, house.world)
  if (collected === undefined) return []
  const { transactionId, fingerprint, digest, hasExtensions, outcome } = collected
  if (outcome instanceof Refusal) return [answering(transactionId, refused(outcome))]
  const answer = await dispatch(outcome, contextFor(transactionId, digest, session, inbound, house))
  if (fingerprint !== undefined && !isTransient(answer))
    session.repeats.remember(transactionId, fingerprint, answer, house.world.now())
  return [answering(transactionId, withoutExtensions(answer, hasExtensions, session.version))]
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
  const noticed = session.notices.answer(transaction.id, isSuccess(primitive))
  if (noticed !== undefined) return noticed
  const delivered = primitive?.name === 'MessageDelivered' ? primitive.body.messageId : undefined
  if (delivered !== undefined && delivered !== entry?.item.messageId) {
    // Late, or under an id of its own: the Message-ID tells all the same.
    const answer = await engine.dispatch(primitive!, contextFor(undefined, undefined, session, inbound, engine.house))
    // There is no answer to an answer: that it could not be kept is told by the transport, so that it is sent again.
    if (isTransient(answer)) throw new StoreUnavailable('a MessageDelivered could not be kept')
  } else if (entry?.form === 'notify' && delivered === undefined) {
    outbox.noteNotified(entry)
  } else if (entry !== undefined && isSystemMessage(entry.item) && isUnshowable(primitive)) {
    await holding(session, engine.house, () => noteUnshown(entry.item.messageId, session, engine.house))
    session.unshowable.add(entry.item.messageId)
    outbox.decline(entry)
    engine.deliveries.lookAgain(session.userId)
  } else if (entry !== undefined) {
    const isTaken = delivered !== undefined || entry.item.kind !== 'message' || isSuccess(primitive)
    // A System Message that asks something stays until it is answered (CSP 7.1.1).
    if (isTaken && !(isSystemMessage(entry.item) && awaitsAnswer(entry.item))) await close(entry, session, engine)
    else {
      outbox.decline(entry)
      engine.deliveries.lookAgain(session.userId)
    }
  }
}

/** COMPAT: in place of MessageDelivered a plain success can mean nothing else. */
const isSuccess = (primitive: Transaction['primitive']) =>
  primitive?.name === 'Status' && primitive.body.result.code === 200

/** It has no such mechanism of verification, says the code; without that it cannot show the message as it is meant. */
const isUnshowable = (primitive: Transaction['primitive']) =>
  primitive?.name === 'Status' && primitive.body.result.code === status.VerificationMechanismNotSupported.code

/** The item leaves the mailbox first and the outbox then, or else it might be read again from there. */
async function close(entry: Entry, session: Session, { house }: Engine) {
  entry.isAnswered = true
  const { item } = entry
  try {
    await holding(session, house, () =>
      item.kind === 'message' ? confirm(item, session, house) : settle(item, 200, house, session),
    )
  } catch (fault) {
    session.outbox.giveBack([entry])
    throw fault
  }
}

/** Where the session belongs to another node by now, this one lets go of it, and that is all. */
async function holding(session: Session, { sessions }: House, write: () => Promise<unknown>) {
  try {
    await write()
  } catch (fault) {
    if (!isClaimed(fault)) throw fault
    sessions.drop(session)
  }
}
