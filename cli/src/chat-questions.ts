import type { Session, SystemMessage, SystemMessageAnswer } from '@village/client'
import type { Attempts } from './chat-attempts.ts'
import type { Screen } from './chat-screen.ts'
import { oneLine, printable } from './printable.ts'

/** A System Message as lines of text: what it says, what to choose from, what to repeat. */
export const writeQuestion = ({ text, options, verification }: SystemMessage): string =>
  [
    `The server says: ${indented(text)}`,
    ...options.map(option => `  ${option.id}  ${oneLine(option.text)}`),
    ...(verification?.text ? [`  To be typed: ${indented(verification.text)}`] : []),
    ...(verification?.url ? [`  What is to be typed stands at ${oneLine(verification.url)}`] : []),
  ].join('\n')

const indented = (text: string) => printable(text).split('\n').join('\n  ')

/** How to answer, for those who are to; undefined where there is nothing to answer. */
const howTo = ({ isAnswerRequired, options, verification }: SystemMessage): string | undefined => {
  const parts = [...(options.length > 0 ? ['NUMBER'] : []), ...(verification ? ['WORDS'] : [])]
  return parts.length > 0 || isAnswerRequired ? ['/answer', ...parts].join(' ') : undefined
}

/** What somebody typed as an answer, or what is wrong with it. */
export function readAnswer({ id, options, verification }: SystemMessage, typed: string): SystemMessageAnswer | string {
  const [first = '', ...rest] = typed.trim().split(/\s+/)
  if (options.length === 0) return verification ? keyed({ id }, typed.trim()) : { id }
  const chosen = options.find(option => String(option.id) === first)
  if (chosen === undefined) return `choose one of: ${options.map(option => option.id).join(', ')}`
  return verification ? keyed({ id, option: chosen.id }, rest.join(' ')) : { id, option: chosen.id }
}

const keyed = (answer: SystemMessageAnswer, key: string): SystemMessageAnswer | string =>
  key === '' ? 'add the words that are to be typed' : { ...answer, key }

/** System Messages that came in a chat and wait for an answer. */
export class Questions {
  readonly #session: Session
  readonly #screen: Screen
  readonly #attempts: Attempts
  #open: SystemMessage[] = []

  constructor(session: Session, screen: Screen, attempts: Attempts) {
    this.#session = session
    this.#screen = screen
    this.#attempts = attempts
  }

  /** Shows what came; the first that can be answered is what `/answer` is about. */
  show(messages: readonly SystemMessage[]) {
    const open = new Map([...this.#open, ...messages.filter(howTo)].map(message => [message.id, message]))
    this.#open = [...open.values()]
    for (const message of messages) this.#screen.notice(writeQuestion(message))
    this.#explain()
  }

  async answer(typed: string): Promise<void> {
    const [message] = this.#open
    if (message === undefined) return this.#screen.notice('there is nothing to answer')
    const answer = readAnswer(message, typed)
    if (typeof answer === 'string') return this.#attempts.fail(answer)
    await this.#attempts.run(async () => {
      await this.#session.systemMessages.answer([answer])
      this.#open = this.#open.filter(({ id }) => id !== message.id)
      this.#screen.notice('answered')
      if (this.#open[0]) this.#screen.notice(writeQuestion(this.#open[0]))
      this.#explain()
    })
  }

  #explain() {
    const [message] = this.#open
    if (message === undefined) return
    const urgency = message.isAnswerRequired ? '; until then the server does nothing else for you' : ''
    this.#screen.notice(`To answer: ${howTo(message)}${urgency}`)
  }
}
