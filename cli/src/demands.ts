import type { RequestFailed, SystemMessage, SystemMessageAnswer } from '@village/client'
import { writeQuestion } from './chat-questions.ts'

interface Given {
  readonly answer?: number | undefined
  readonly key?: string | undefined
}

/** What was given on the command line as the answer to System Messages that stand in the way of a login, if anything. */
export const answersGiven = (
  messages: readonly SystemMessage[],
  { answer, key }: Given,
): SystemMessageAnswer[] | undefined =>
  answer === undefined && key === undefined
    ? undefined
    : messages.map(({ id, options, verification }) => ({
        id,
        option: options.length > 0 ? answer : undefined,
        key: verification ? key : undefined,
      }))

/** What the server wants to hear before it lets somebody in, and how to say it without a terminal. */
export const explainDemands = ({ code, systemMessages }: RequestFailed): string => {
  const heading =
    code === 903
      ? 'you are new here, and have to answer this to be registered:'
      : 'the server wants this to be answered first:'
  const wanted = [
    ...(systemMessages.some(({ options }) => options.length > 0) ? ['--answer and the number of your choice'] : []),
    ...(systemMessages.some(({ verification }) => verification) ? ['--key and what is to be typed'] : []),
  ]
  const advice = wanted.length > 0 ? `do the same again with ${wanted.join(', and ')}` : 'start the chat at a terminal'
  const questions = systemMessages.map(message => `  ${writeQuestion(message).split('\n').join('\n  ')}`)
  return [heading, ...questions, `  To answer, ${advice}.`].join('\n')
}
