import { Conflict } from '../../store/database.ts'
import type { MailItem, NewMailItem } from '../../store/mailboxes.ts'
import type { Context } from '../context.ts'
import type { Outcome } from './outcome.ts'
import type { ResolvedRecipient } from './recipients.ts'

export interface Delivery {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** Key of the user who asked for delivery reports. */
  readonly reportTo: string | null
  /** What is stored for one recipient. */
  write(messageId: string, recipient: ResolvedRecipient): Pick<NewMailItem, 'info' | 'content'>
}

/** How long a repeated transaction is recognised. */
const repeatMilliseconds = 600_000

/**
 * Puts a message into the mailboxes of all who can have it, as one unit, and announces it. Whoever cannot (no such
 * account, queue full) is told to the outcome. Returns the Message-ID: of the first time, where this is a repeat.
 */
export async function deliver(
  recipients: readonly ResolvedRecipient[],
  outcome: Outcome,
  context: Context,
  delivery: Delivery,
): Promise<string> {
  const { house, session } = context
  let messageId = house.world.token()
  let left = [...recipients]
  let origin = context.origin ?? null
  while (left.length > 0) {
    const items = left.map(recipient => itemFor(recipient, messageId, origin, delivery, house.world.now()))
    try {
      await house.store.commit(
        [...session.hold(), ...house.store.mailboxes.append(items, house.config.messages.queueLimit)],
        session.userId,
      )
      for (const item of items) house.bus.announce({ recipient: item.recipient, item })
      break
    } catch (conflict) {
      if (!(conflict instanceof Conflict)) throw conflict
      // Asked for a full queue as well: what filled it may be this very message, the first time.
      const earlier = origin === null ? [] : await earlierItems(origin, context)
      const stored = left.filter(({ userId }) => earlier.some(item => item.recipient === userId))
      if (stored.length > 0) {
        messageId = earlier[0]!.messageId
        for (const _ of stored) outcome.succeed()
        left = left.filter(recipient => !stored.includes(recipient))
      } else if (conflict.conflict === 'AlreadySent') origin = nextOrigin(origin!)
      else left = withoutFailed(left, conflict, outcome)
    }
  }
  for (const _ of left) outcome.succeed()
  return messageId
}

const itemFor = (
  recipient: ResolvedRecipient,
  messageId: string,
  origin: string | null,
  delivery: Delivery,
  now: number,
): NewMailItem => ({
  messageId,
  recipient: recipient.userId,
  kind: 'message',
  origin,
  ...delivery.write(messageId, recipient),
  acceptedAt: now,
  expiresAt: delivery.expiresAt,
  reportTo: delivery.reportTo,
})

/**
 * What this transaction put into mailboxes before, if it is the same one: clients count their transactions from 1 to
 * 999 and start over, so one that is older than ten minutes is another that happens to look alike.
 */
async function earlierItems(origin: string, { house }: Context): Promise<MailItem[]> {
  const items = await house.store.mailboxes.byOrigin(origin)
  return items.filter(item => item.acceptedAt > house.world.now() - repeatMilliseconds)
}

/** `key`, `key#2`, `key#3`: as many as look alike and still wait to be fetched. */
const nextOrigin = (origin: string): string => {
  const [key, count = '1'] = origin.split('#')
  return `${key}#${Number(count) + 1}`
}

/** The recipient whom the conflict is about is told to the outcome and left out, so that the loop ends. */
function withoutFailed(left: ResolvedRecipient[], conflict: Conflict, outcome: Outcome): ResolvedRecipient[] {
  const failed = left.find(({ userId }) => userId === conflict.subject)
  if (failed === undefined) throw conflict
  if (conflict.conflict === 'NoSuchAccount') outcome.fail('UnknownUser', { userIds: [failed.asWritten] })
  else if (conflict.conflict === 'QueueFull') outcome.fail('MessageQueueFull', { userIds: [failed.asWritten] })
  else throw conflict
  return left.filter(recipient => recipient !== failed)
}
