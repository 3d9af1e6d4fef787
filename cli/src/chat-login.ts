import { createInterface } from 'node:readline/promises'
import { connect, type Session, type SystemMessage, type SystemMessageAnswer } from '@village/client'
import type { Version } from '@village/protocol'
import { readAnswer, writeQuestion } from './chat-questions.ts'
import { answersGiven } from './demands.ts'

export interface ChatLogin {
  readonly url: string
  readonly user: string
  readonly password: string
  readonly xml?: true | undefined
  readonly csp: Version
  readonly method: 'digest' | 'password'
  /** Whether somebody is at a terminal, who can be asked things. */
  readonly isInteractive: boolean
  /** What to say to a question of the server before the login: the number of a choice, and what is to be typed. */
  readonly answer?: number | undefined
  readonly key?: string | undefined
}

/**
 * Logs in and negotiates: who is at a terminal is told of messages and fetches them, and is told of contacts; who is not
 * gets messages whole, and nothing else.
 */
export async function openChat(login: ChatLogin): Promise<Session> {
  const { url, csp, xml, method, user, password, isInteractive } = login
  const connection = connect({ url, version: csp, syntax: xml ? 'xml' : 'wbxml', uploads: 'streamed' })
  let given = 0
  const onSystemMessages = async (messages: readonly SystemMessage[]) => {
    // What was wrong the first time is not said again.
    const answers = given++ === 0 ? answersGiven(messages, login) : undefined
    return answers ?? (isInteractive ? askAtTerminal(messages) : undefined)
  }
  const session = await connection.login({ userId: user, password, method, onSystemMessages })
  try {
    await session.negotiate(isInteractive ? { delivery: 'notify', presence: 'live' } : { delivery: 'push' })
  } catch (failure) {
    // Sessions that nobody uses count against the user's limit until their time is up.
    await session.logout().catch(() => {})
    throw failure
  }
  return session
}

/** Shows what has to be answered before the login, one after the other; undefined if that is left with Ctrl-D. */
async function askAtTerminal(messages: readonly SystemMessage[]): Promise<SystemMessageAnswer[] | undefined> {
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  const left = new AbortController()
  reader.on('close', () => left.abort()).on('SIGINT', () => reader.close())
  try {
    const answers: SystemMessageAnswer[] = []
    for (const message of messages) {
      process.stderr.write(`${writeQuestion(message)}\n`)
      answers.push(await ask(message, () => reader.question('Your answer: ', { signal: left.signal })))
    }
    return answers
  } catch (failure) {
    if (left.signal.aborted) return undefined
    throw failure
  } finally {
    reader.close()
  }
}

async function ask(message: SystemMessage, question: () => Promise<string>): Promise<SystemMessageAnswer> {
  for (;;) {
    const answer = readAnswer(message, await question())
    if (typeof answer !== 'string') return answer
    process.stderr.write(`${answer}\n`)
  }
}
