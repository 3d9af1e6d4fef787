import { RequestFailed, type SystemMessage, type SystemMessageAnswer } from '@village/client'
import { printable } from './printable.ts'

interface Given {
  readonly answer?: number | undefined
  readonly key?: string | undefined
}

/**
 * What the user says to the System Messages that stand in the way of a login, as given on the command line; undefined
 * where it is not that which went wrong, or nothing was given.
 */
export const answersTo = (failure: unknown, { answer, key }: Given): SystemMessageAnswer[] | undefined => {
  if (!(failure instanceof RequestFailed) || failure.systemMessages.length === 0) return undefined
  if (answer === undefined && key === undefined) return undefined
  return failure.systemMessages.map(message => ({
    systemMessageId: message.systemMessageId,
    chosenOptionId: optionsOf(message).length > 0 ? answer : undefined,
    verificationKey: message.verificationMechanism ? key : undefined,
  }))
}

/** What the server wants to hear before it lets somebody in, and how to say it. */
export const explainDemands = ({ code, systemMessages }: RequestFailed): string => {
  const isNew = code === 903
  const wanted = [
    ...(systemMessages.some(it => optionsOf(it).length > 0) ? ['--answer and the number of your choice'] : []),
    ...(systemMessages.some(it => it.verificationMechanism) ? ['--key and what is to be typed'] : []),
  ]
  const advice =
    wanted.length > 0 ? [`  To answer, do the same again with ${wanted.join(', and ')}.`] : ['  Try again later.']
  const heading = isNew
    ? 'you are new here, and have to answer this to be registered:'
    : 'you have to answer this first:'
  return [heading, ...systemMessages.flatMap(linesOf), ...advice].join('\n')
}

const linesOf = (message: SystemMessage): string[] => {
  const { systemMessageText: text, verificationMechanism: verification } = message
  const toType = [verification?.inText, verification?.url].filter(it => it !== undefined)
  return [
    ...(text === undefined ? [] : [text]),
    ...optionsOf(message).map(({ answerOptionId, answerOptionText }) => `  ${answerOptionId}  ${answerOptionText}`),
    ...(verification ? [`to be typed: ${toType.join(' ')}`] : []),
  ].map(line => `  ${printable(line)}`)
}

const optionsOf = ({ answerOptions }: SystemMessage) => answerOptions?.answerOptions ?? []
