import { type MessageInput, sizeOf, type TransactionInput } from '@village/protocol'
import { shorterTexts } from '../services/access/shorter-texts.ts'
import { announcedIn } from '../services/access/system-message.ts'
import { isFetchable } from '../services/messaging/content-fit.ts'
import { contentOf } from '../services/messaging/message-for.ts'
import { mostOctetsOfPrimitive } from '../services/notice-size.ts'
import type { Entry, OutboxItem } from './outbox.ts'
import { originating } from './reply.ts'
import type { Session } from './session.ts'

/** What one octet becomes at most: `&` in XML has five, and BASE64 is a third longer. */
const mostForOne = 5
/** The envelope, and the names of all elements, in octets. */
const names = 2000

/** So many octets at most, as far as that can be told without writing them. */
export const mostOctetsOf = (entries: readonly Entry[]): number =>
  entries.reduce((sum, { item, made, form }) => {
    const { content, info } = made ?? item
    return sum + names + mostForOne * (info.length + (form === 'push' ? (content?.length ?? 0) : 0))
  }, 0)

/** The same of transactions that are made already. */
export const mostOctetsTogether = (transactions: readonly TransactionInput[]): number =>
  transactions.reduce((sum, { id = '', primitive }) => sum + 6 * id.length + mostOctetsOfPrimitive(primitive), 0)

/** Octets of a message with these, exactly only where more than a quarter of the limit is at stake. */
export function octetsTogether(transactions: readonly TransactionInput[], around: MessageInput, limit: number): number {
  if (transactions.length === 0) return 0
  const most = mostOctetsTogether(transactions)
  return 4 * most <= limit ? most : sizeOf({ ...around, transactions })
}

/** Whether a client can read these in one message, if each of them can be read by itself. */
export function isReadableTogether(
  transactions: readonly TransactionInput[],
  around: MessageInput,
  { agreement }: Session,
): boolean {
  const limit = agreement.capabilities?.parserSize
  if (limit === undefined || mostOctetsTogether(transactions) <= limit) return true
  return sizeOf({ ...around, transactions }) <= limit
}

/**
 * Whether a client can read these in one message (ParserSize, CSP 6.9.1). They are written to find out only where it
 * may be a near thing, which is nowhere with short messages.
 * @param beside what is in that message already
 * @param around the message they go into, without transactions
 */
function isReadable(
  entries: readonly Entry[],
  beside: readonly TransactionInput[],
  around: MessageInput,
  session: Session,
): boolean {
  const limit = session.agreement.capabilities?.parserSize
  if (limit === undefined || mostOctetsOf(entries) + mostOctetsTogether(beside) <= limit) return true
  const transactions = [...beside, ...entries.map(entry => originating(entry, session))]
  return sizeOf({ ...around, transactions }) <= limit
}

/**
 * Makes of a transaction something that its client can read: a message is announced in place of being pushed, where
 * that was agreed (CSP 5.6.4.1), and a System Message loses the end of its text. False where nothing of it will do:
 * then it waits for another client (CSP 5.6.4).
 */
export function makeReadable(entry: Entry, around: MessageInput, session: Session): boolean {
  const fits = () => isReadable([entry], [], around, session)
  if (fits()) return true
  const { item, made = item } = entry
  if (item.kind === 'system') {
    for (const shorter of shortened(item)) {
      entry.made = shorter
      if (fits()) return true
    }
    return false
  }
  const { services } = session.agreement
  const mayNotify = services.includes('NOTIF') && services.includes('GETM') && isFetchable(contentOf(made), session)
  if (item.kind !== 'message' || entry.form === 'notify' || !mayNotify) return false
  session.outbox.announce(entry)
  return fits()
}

function* shortened(item: OutboxItem): Iterable<OutboxItem> {
  const announced = announcedIn(item)
  for (const text of shorterTexts(announced.text)) yield { ...item, written: { ...announced, text } }
}

/** How many of these fit into one message, each of which does so by itself. */
export function readableTogether(
  entries: readonly Entry[],
  beside: readonly TransactionInput[],
  around: MessageInput,
  session: Session,
): number {
  const least = beside.length === 0 ? 1 : 0
  let count = entries.length
  while (count > least && !isReadable(entries.slice(0, count), beside, around, session)) count--
  return count
}
