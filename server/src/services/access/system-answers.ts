import { type StatusName, status } from '@village/protocol'
import { cannotShow } from '../../store/announcements.ts'
import { ignoring, isConflict } from '../../store/database.ts'
import type { House, ResultInput, SessionView } from '../context.ts'
import {
  type Announced,
  announcedIn,
  answerFirst,
  demandsOn,
  faultOf,
  type SystemMessageResponse,
} from './system-message.ts'

const success: ResultInput = { code: 200 }

/**
 * Takes a user's answers to System Messages (CSP 7.1.1): the good ones settle their messages and are kept for those who
 * asked, in one unit; the first bad one decides what is told. After too many bad ones the user is locked out for a while: 607.
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
  const good: Answer[] = []
  let fault: StatusName | undefined
  for (const response of new Map(responses.map(it => [it.systemMessageId, it])).values()) {
    const item = await store.mailboxes.find(userId, response.systemMessageId)
    const isKnown = item?.kind === 'system' && item.expiresAt > world.now()
    const found = isKnown ? faultOf(announcedIn(item), response) : 'UnknownSystemMessageId'
    if (isKnown && found === undefined) good.push({ id: item.messageId, choice: choiceIn(announcedIn(item), response) })
    fault ??= found
  }
  await settleAll(good, userId, house, session)
  if (fault === undefined) return success
  if (lockOuts.count(userId)) return lockedOut(lockOuts.secondsLeft(userId))
  const demands = await demandsOn(userId, house)
  const { code, description } = status[fault]
  return demands.length === 0 ? { code, description } : { ...answerFirst(demands), code, description }
}

/**
 * A client of the user's has no way to show a System Message (CSP 7.1.2: 439). Whoever asked is told so; the message
 * stays for other clients.
 */
export async function noteUnshown(messageId: string, session: SessionView, { store, world }: House): Promise<void> {
  const { userId } = session
  const noted = store.announcements.answer(messageId, { userId, choice: cannotShow, answeredAt: world.now() })
  await store.commit([...session.hold(), ...noted], userId)
}

export const lockedOut = (seconds: number): ResultInput => ({
  code: status.TooManyWrongSystemMessageReplies.code,
  description: status.TooManyWrongSystemMessageReplies.description,
  tryAgainTimeout: seconds,
})

interface Answer {
  readonly id: string
  readonly choice: number | null
}

/** Clients may name an option where there is none. */
const choiceIn = ({ options }: Announced, { chosenOptionId = 0 }: SystemMessageResponse) =>
  options[chosenOptionId - 1] === undefined ? null : chosenOptionId

async function settleAll(answers: readonly Answer[], userId: string, house: House, session: SessionView | undefined) {
  if (answers.length === 0) return
  const { store, world, bus, lockOuts } = house
  const answeredAt = world.now()
  const settle = (some: readonly Answer[]) =>
    store.commit(
      [
        ...(session?.hold() ?? []),
        ...some.flatMap(({ id, choice }) => [
          ...store.mailboxes.settle(userId, id, answeredAt),
          ...store.announcements.answer(id, { userId, choice, answeredAt }),
        ]),
      ],
      userId,
    )
  try {
    await settle(answers)
  } catch (conflict) {
    if (!isConflict(conflict, 'NoSuchMessage')) throw conflict
    // Another client of the user was faster with one of them.
    for (const answer of answers) await settle([answer]).catch(ignoring('NoSuchMessage'))
  }
  lockOuts.forgive(userId)
  bus.announce({ recipient: userId, item: undefined, gone: answers.map(({ id }) => id) })
  // All sessions of the user were waiting for this.
  bus.announce({ recipient: userId, item: undefined })
}
