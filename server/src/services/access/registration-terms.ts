import type { Config } from '../../config/options.ts'
import type { OutbandContext, ResultInput } from '../context.ts'
import { registrarOf } from './registration-quota.ts'
import { lockedOut } from './system-answers.ts'
import { type Announced, faultOf, type SystemMessageResponse, systemMessageFor } from './system-message.ts'

type Register = Config['login']['register']

/** What newcomers have to answer before they are registered; undefined for nothing. */
export const termsOf = ({ terms, agreement, invitation }: Register): Announced | undefined => {
  if (terms === undefined && invitation === undefined) return undefined
  return {
    text: terms ?? 'This service is for those who were invited',
    requiresResponse: true,
    options: terms === undefined ? [] : [agreement],
    verification: invitation === undefined ? undefined : { text: 'Type your invitation', key: invitation },
  }
}

/**
 * What keeps a newcomer from being registered: terms to be answered first (903), or too many bad answers (607). Nothing
 * is kept meanwhile (CSP 6.5 wants the registration completed by the answer), so that whoever never answers has cost
 * nothing, and a crash leaves nothing half done. The message has the same id each time, on each node.
 */
export function demandOnNewcomer(
  responses: readonly SystemMessageResponse[] | undefined,
  { house, peer }: OutbandContext,
): ResultInput | undefined {
  const { config, lockOuts, world } = house
  const announced = termsOf(config.login.register)
  if (announced === undefined) return undefined
  // Guesses are counted by where they come from: names are to be had without end.
  const guesser = `newcomer ${registrarOf(peer)}`
  const seconds = lockOuts.secondsLeft(guesser)
  if (seconds > 0) return lockedOut(seconds)
  // The invitation has no part in the id: its digest could be tried out elsewhere.
  const messageId = world.digest(JSON.stringify([announced.text, announced.options])).slice(0, 24)
  const response = responses?.find(it => it.systemMessageId === messageId)
  if (response !== undefined) {
    if (faultOf(announced, response) === undefined) {
      lockOuts.forgive(guesser)
      return undefined
    }
    if (lockOuts.count(guesser)) return lockedOut(lockOuts.secondsLeft(guesser))
  }
  return {
    code: 903,
    description: 'Answer this to be registered',
    systemMessages: [systemMessageFor({ messageId, info: '', written: announced })],
  }
}
