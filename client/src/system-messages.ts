import type { BodyInput, Result, SystemMessage as Wire } from '@village/protocol'
import type { ServerPrimitive } from './inbox.ts'
import { mapped } from './mapped.ts'
import type { Session } from './session.ts'

/** What the operator of a server has to say to a user; CSP 1.3 only (CSP 7.1). */
export interface SystemMessage {
  readonly id: string
  readonly text: string
  /** Until it is answered the server refuses everything else, with 436. */
  readonly isAnswerRequired: boolean
  /** To choose from; empty where there is no choice. */
  readonly options: readonly { readonly id: number; readonly text: string }[]
  /** Where a person has to show that it was read: what to repeat, in words or at an address. */
  readonly verification: { readonly text: string | undefined; readonly url: string | undefined } | undefined
}

export interface SystemMessageAnswer {
  /** That of the System Message. */
  readonly id: string
  /** The id of the chosen option. */
  readonly option?: number | undefined
  /** What the verification asks for. */
  readonly key?: string | undefined
}

type Request = Extract<ServerPrimitive, { readonly name: 'SystemMessageRequest' }>
const isRequest = (primitive: ServerPrimitive): primitive is Request => primitive.name === 'SystemMessageRequest'

/** System Messages of a session; those at a login are told to `onSystemMessages` of `login`. */
export class SystemMessages {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  /** As the server shows them, in the way of `messaging.messages()`: some at a time. */
  arriving(): AsyncIterableIterator<readonly SystemMessage[]> {
    return mapped(this.#session.consume(isRequest), ({ primitive }) => primitive.body.systemMessages.map(read))
  }

  /** @throws RequestFailed 436, 437 or 438 with those to be answered, 607 after too many bad answers */
  async answer(answers: readonly SystemMessageAnswer[]): Promise<void> {
    await this.#session.request('SystemMessageUser', { systemMessageResponses: answers.map(writeAnswer) })
  }
}

/** Those that come with a Result, to be answered before anything else. */
export const systemMessagesIn = ({ systemMessages = [] }: Result): SystemMessage[] => systemMessages.map(read)

const read = ({ systemMessageId, verificationMechanism, ...said }: Wire): SystemMessage => ({
  id: systemMessageId,
  text: [said.systemMessageText, said.answerOptions?.answerOptionsText].filter(text => text !== undefined).join('\n'),
  isAnswerRequired: said.requiresResponse ?? false,
  options: (said.answerOptions?.answerOptions ?? []).map(({ answerOptionId: id, answerOptionText: text }) => ({
    id,
    text,
  })),
  verification: verificationMechanism && { text: verificationMechanism.inText, url: verificationMechanism.url },
})

export const writeAnswer = ({
  id,
  option,
  key,
}: SystemMessageAnswer): BodyInput<'SystemMessageUser'>['systemMessageResponses'][number] => ({
  systemMessageId: id,
  chosenOptionId: option,
  verificationKey: key,
})
