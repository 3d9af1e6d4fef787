import { type StatusName, status } from '@village/protocol'
import { ignoring, isConflict } from '../../store/database.ts'
import type { MailItem } from '../../store/mailboxes.ts'
import type { House, ResultInput, SessionView } from '../context.ts'
import { announcedIn, answerFirst, demandsOn, faultOf, type SystemMessageResponse } from './system-message.ts'

const success: ResultInput = { code: 200 }

/**
 * Takes a user's answers to System Messages (CSP 7.1.1): the good ones settle their messages, in one unit; the first
 * bad one decides what is told. After too many bad ones the user is locked out for a while: 607.
 */
export async function takeAnswers(
  responses: readonly SystemMessageResponse[],
  userId: string,
  house: House,
  session?: SessionView,
): Promise<ResultInput> {
  const { world, store, lockOuts } = house
  const seconds = lockOuts.secondsLeft(userId)
  if (seconds > 0) return lockedOut(seconds)
  const good: MailItem[] = []
  let fault: StatusName | undefined
  for (const response of new Map(responses.map(it => [it.systemMessageId, it])).values()) {
    const item = await store.mailboxes.find(userId, response.systemMessageId)
    const isKnown = item?.kind === 'system' && item.expiresAt > world.now()
    const found = isKnown ? faultOf(announcedIn(item), response) : 'UnknownSystemMessageId'
    if (isKnown && found === undefined) good.push(item)
    fault ??= found
  }
  await settleAll(good, userId, house, session)
  if (fault === undefined) return success
  if (lockOuts.count(userId)) return lockedOut(lockOuts.secondsLeft(userId))
  const demands = await demandsOn(userId, house)
  const { code, description } = status[fault]
  return demands.length === 0 ? { code, description } : { ...answerFirst(demands), code, description }
}

export const lockedOut = (seconds: number): ResultInput => ({
  code: status.TooManyWrongSystemMessageReplies.code,
  description: status.TooManyWrongSystemMessageReplies.description,
  tryAgainTimeout: seconds,
})

async function settleAll(items: readonly MailItem[], userId: string, house: House, session: SessionView | undefined) {
  if (items.length === 0) return
  const { store, world, bus, lockOuts } = house
  const settle = (some: readonly MailItem[]) =>
    store.commit(
      [
        ...(session?.hold() ?? []),
        ...some.flatMap(({ messageId }) => store.mailboxes.settle(userId, messageId, world.now())),
      ],
      userId,
    )
  try {
    await settle(items)
  } catch (conflict) {
    if (!isConflict(conflict, 'NoSuchMessage')) throw conflict
    // Another client of the user was faster with one of them.
    for (const item of items) await settle([item]).catch(ignoring('NoSuchMessage'))
  }
  lockOuts.forgive(userId)
  // All sessions of the user were waiting for this.
  bus.announce({ recipient: userId, item: undefined })
}
