import type { OutbandContext, ResultInput } from '../context.ts'
import { lockedOut, takeAnswers } from './system-answers.ts'
import { answerFirst, demandsOn, type SystemMessageResponse } from './system-message.ts'

interface Answers {
  readonly systemMessageResponses?: readonly SystemMessageResponse[] | undefined
}

/**
 * What keeps a user whose password is right from logging in: System Messages to be answered first (436, or what is
 * wrong with the answers that came along), or too many bad answers (607); CSP 6.4.1, 7.1.1. Undefined for nothing.
 * Clients before 1.3 know none of it.
 */
export async function demandBeforeLogin(
  { systemMessageResponses }: Answers,
  userId: string,
  { house, version }: OutbandContext,
): Promise<ResultInput | undefined> {
  if (version < '1.3') return undefined
  const seconds = house.lockOuts.secondsLeft(userId)
  if (seconds > 0) return lockedOut(seconds)
  if (systemMessageResponses !== undefined) {
    const { code, ...rest } = await takeAnswers(systemMessageResponses, userId, house)
    if (code === 607) return { code, ...rest }
  }
  // A bad answer is told by the message coming again: 436 is the code under which clients look for it here.
  const demands = await demandsOn(userId, house)
  return demands.length === 0 ? undefined : answerFirst(demands)
}
