import { refuse } from '@village/protocol'
import type { AnnouncedItem } from '../../cluster/bus.ts'
import { Conflict, StoreUnavailable, type Unit } from '../../store/database.ts'
import type { Context, House } from '../context.ts'
import { earlierItems } from './earlier-items.ts'
import { keepInHistory } from './history.ts'
import { addressed, type Draft } from './mail.ts'
import type { Outcome } from './outcome.ts'
import { byUser, type ResolvedRecipient } from './recipients.ts'

export interface Delivery {
  /** What each recipient gets, but for the Message-ID and the recipient. */
  readonly message: Draft
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** Key of the user who asked for delivery reports. */
  readonly reportTo: string | null
  /** Commits the unit, together with what else has to happen in it. */
  readonly commit?: ((unit: Unit) => Promise<void>) | undefined
}

/** Octets of all copies of a message together: each recipient has one, and all are written at once. */
const mostCopied = 33_554_432

/**
 * Puts a message into the mailboxes of all who can have it, as one unit, and announces it. Whoever cannot (no such
 * account, queue full) is told to the outcome. Returns the Message-ID: of the first time, where this is a repeat.
 * @throws Refusal BadRequest where it is too long for so many: nothing is done
 */
export async function deliver(
  recipients: readonly ResolvedRecipient[],
  outcome: Outcome,
  context: Context,
  delivery: Delivery,
): Promise<string> {
  const { house, session } = context
  const kept = { message: delivery.message, sender: session.userId }
  const { commit = unit => house.store.commit(unit, session.userId) } = delivery
  let messageId = house.world.timedToken()
  let left: readonly ResolvedRecipient[] = byUser(recipients)
  refuseFlood(left.length, delivery.message)
  let [origin, lookalikes] = [context.origin, 0]
  while (left.length > 0) {
    const now = house.world.now()
    const items = left.map(recipient => itemFor(recipient, messageId, origin, delivery, now))
    try {
      const { mailboxes } = house.store
      const deaf = left.filter(({ isDeaf }) => isDeaf)
      const heard = items.filter((_, index) => !left[index]!.isDeaf)
      const unit = [
        ...session.hold(),
        ...mailboxes.append(items, house.config.messages.queueLimit),
        // Done with from the start: the row is there for a repeat to get the same answer, and then goes.
        ...deaf.flatMap(({ userId }) => mailboxes.settle(userId, messageId, now)),
        ...keepInHistory({ ...kept, messageId, recipients: left, acceptedAt: now }, house),
      ]
      await commit(unit)
      for (const item of heard) house.bus.announce({ recipient: item.recipient, item })
      break
    } catch (conflict) {
      // Nobody can tell whether it is there: if it is, it is not to lie there until the recipient's next login.
      if (conflict instanceof StoreUnavailable)
        for (const { recipient } of items) house.bus.announce({ recipient, item: undefined })
      if (!(conflict instanceof Conflict)) throw conflict
      // Asked for a full queue as well: what filled it may be this very message, the first time.
      const earlier = await earlierItems(origin, house)
      const stored = left.filter(({ userId }) => earlier.some(item => item.recipient === userId))
      if (stored.length > 0) {
        messageId = earlier[0]!.messageId
        for (const { userId, asWritten } of stored) {
          outcome.succeed({ userIds: [asWritten] })
          // The first time may have broken off between the disk and the announcement.
          house.bus.announce({ recipient: userId, item: undefined })
        }
        left = left.filter(recipient => !stored.includes(recipient))
      } else if (conflict.conflict === 'AlreadySent') origin = `${context.origin}#${++lookalikes}`
      else left = await withoutFailed(left, conflict, outcome, house)
    }
  }
  // Who is deaf to it, too: the sender is not to notice.
  for (const { asWritten } of left) outcome.succeed({ userIds: [asWritten] })
  return messageId
}

function refuseFlood(copies: number, { content }: Draft) {
  const length = content?.length ?? 0
  if (copies * length <= mostCopied) return
  const most = Math.max(1, Math.floor(mostCopied / length))
  refuse('BadRequest', { description: `A message of this length can go to ${most} recipients at a time` })
}

/** What is stored of a message for somebody who blocks its sender. */
const unheard = { info: '', content: null }

const itemFor = (
  recipient: ResolvedRecipient,
  messageId: string,
  origin: string | undefined,
  delivery: Delivery,
  now: number,
): AnnouncedItem => ({
  messageId,
  recipient: recipient.userId,
  kind: 'message',
  origin: origin ?? null,
  ...(recipient.isDeaf ? unheard : addressed(delivery.message, messageId, recipient.recipient)),
  acceptedAt: now,
  expiresAt: delivery.expiresAt,
  reportTo: delivery.reportTo,
})

/**
 * The conflict is about one recipient, who is told to the outcome and left out, so that the loop ends. The others of
 * whom the same is true are looked for at once, or a message to a thousand strangers would take a thousand units.
 */
async function withoutFailed(
  left: readonly ResolvedRecipient[],
  conflict: Conflict,
  outcome: Outcome,
  { store, config }: House,
): Promise<readonly ResolvedRecipient[]> {
  const isFull = async (userId: string) =>
    (await store.mailboxes.count(userId, 'message')) >= config.messages.queueLimit
  const isUnknown = async (userId: string) => (await store.accounts.find(userId)) === undefined
  const isForQueue = conflict.conflict === 'QueueFull'
  if (!isForQueue && conflict.conflict !== 'NoSuchAccount') throw conflict
  const isFailed = async ({ userId }: ResolvedRecipient) =>
    userId === conflict.subject || (await (isForQueue ? isFull(userId) : isUnknown(userId)))
  const fails = await Promise.all(left.map(isFailed))
  for (const [index, { asWritten }] of left.entries())
    if (fails[index]) outcome.fail(isForQueue ? 'MessageQueueFull' : 'UnknownUser', { userIds: [asWritten] })
  return left.filter((_, index) => !fails[index])
}
