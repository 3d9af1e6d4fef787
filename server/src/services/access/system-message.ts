import type { BodyInput, PrimitiveInput, StatusName } from '@village/protocol'
import type { AnnouncedItem } from '../../cluster/bus.ts'
import { sameOctets } from '../../credentials/same-octets.ts'
import type { MailItem } from '../../store/mailboxes.ts'
import type { House } from '../context.ts'

/**
 * What an operator has to say to users (CSP 7.1), as it waits in their mailboxes. Only sessions of 1.3 know System
 * Messages; for users with older clients they wait until their validity is over.
 */
export interface Announced {
  readonly text: string
  /** Until it is answered the user can do nothing else. */
  readonly requiresResponse: boolean
  /** Numbered from 1 where a client chooses. */
  readonly options: readonly string[]
  /** What has to be repeated to show that a person has read it: told in words, or at an address. */
  readonly verification?: Verification | undefined
}

export interface Verification {
  readonly text?: string | undefined
  readonly url?: string | undefined
  readonly key: string
}

export type SystemMessage = BodyInput<'SystemMessageRequest'>['systemMessages'][number]
export type SystemMessageResponse = BodyInput<'SystemMessageUser'>['systemMessageResponses'][number]

/** So many are shown to a user at a time; the rest follows as they are answered. */
const mostShown = 10

type Readable = Pick<AnnouncedItem, 'messageId' | 'info' | 'written'>

export const announcedIn = ({ written, info }: Readable): Announced =>
  (written as Announced | undefined) ?? JSON.parse(info)

/** The message as clients are shown it: without the key. */
export const systemMessageFor = (item: Readable): SystemMessage => {
  const { text, requiresResponse, options, verification } = announcedIn(item)
  const answerOptions = options.map((option, index) => ({ answerOptionId: index + 1, answerOptionText: option }))
  return {
    systemMessageId: item.messageId,
    requiresResponse,
    systemMessageText: text,
    answerOptions: options.length > 0 ? { answerOptions } : undefined,
    verificationMechanism: verification && { inText: verification.text, url: verification.url },
  }
}

export const systemMessageRequest = (item: Readable): PrimitiveInput => ({
  name: 'SystemMessageRequest',
  body: { systemMessages: [systemMessageFor(item)] },
})

/** A message without anything to answer is done with when a client has it; any other when it is answered. */
export const awaitsAnswer = (item: Readable): boolean => {
  const { requiresResponse, options, verification } = announcedIn(item)
  return requiresResponse || options.length > 0 || verification !== undefined
}

/** What is wrong with an answer; undefined for a good one. */
export function faultOf(announced: Announced, response: SystemMessageResponse): StatusName | undefined {
  const { requiresResponse, options, verification } = announced
  if (verification && !isSame(verification.key, response.verificationKey ?? '')) return 'IncorrectVerificationKey'
  const chosen = response.chosenOptionId
  if (options.length === 0 || options[(chosen ?? 0) - 1] !== undefined) return undefined
  if (requiresResponse) return 'SystemMessageResponseRequired'
  return chosen === undefined ? undefined : 'BadParameter'
}

/** People type it: blanks around it and the case of letters do not count. */
const isSame = (key: string, given: string): boolean => {
  const [one, other] = [key, given].map(text => new TextEncoder().encode(text.trim().toLowerCase()))
  return sameOctets(one!, other!)
}

/** The items that a user has to answer before anything else. */
export const demandsOn = async (userId: string, { store, world }: House): Promise<readonly MailItem[]> => {
  const items = await store.mailboxes.ofKind(userId, 'system', mostWaiting, world.now())
  return items.filter(item => announcedIn(item).requiresResponse)
}

/** So many may wait for one user. */
export const mostWaiting = 100

/** The 436 that stands in place of every answer, with what has to be answered first (CSP 7.1.1). */
export const answerFirst = (demands: readonly Readable[]) => ({
  code: 436,
  description: 'Answer the system messages first',
  systemMessages: demands.slice(0, mostShown).map(systemMessageFor),
})
