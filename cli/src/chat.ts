import { setTimeout as delay } from 'node:timers/promises'
import type { Session } from '@village/client'
import type { Version } from '@village/protocol'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { askHidden } from './ask-hidden.ts'
import { openChat } from './chat-login.ts'
import { plainScreen, type Screen, terminalScreen } from './chat-screen.ts'
import { explainLogin, explainRegistered } from './explain.ts'
import { printable } from './printable.ts'
import { fail } from './settings.ts'
import { Talk } from './talk.ts'

interface ChatOptions {
  readonly url: string
  readonly user: string
  readonly password?: string
  readonly to?: string
  readonly xml?: true
  readonly csp: Version
  readonly method: 'digest' | 'password'
  readonly send?: string
  readonly wait?: number
  readonly answer?: number
  readonly key?: string
}

const help = `
Examples:
  village chat --user wv:alice@village.local --to wv:bob@village.local
  village chat --user wv:alice@village.local --to wv:bob@village.local --send 'Dinner is ready'
  village chat --user wv:bob@village.local --wait 60
  uptime | village chat --user wv:alice@village.local --to wv:bob@village.local

The password can also stand in VILLAGE_PASSWORD, which keeps it out of the list of processes; else it is asked for.
Without a terminal every line of the input is a message. Messages go to standard output, the rest to standard error.
At a terminal it is seen who of your contacts is there, and you can tell how you are, send and save files, block users
and answer what the server asks: see /help there.
`

/** `village chat`: talks to any IMPS server, at a terminal or in a script. */
export function registerChat(program: Command): void {
  program
    .command('chat')
    .description('send and receive messages')
    .option('--url <url>', 'where the server listens', checkedUrl, 'http://127.0.0.1:8080/imps')
    .requiredOption('--user <address>', 'who you are, for example wv:alice@village.local')
    .option('--password <password>', 'your password (or VILLAGE_PASSWORD)')
    .option('--to <address>', 'whom to write to')
    .addOption(new Option('--wbxml', 'write messages in WBXML, as phones do (default)').conflicts('xml'))
    .addOption(new Option('--xml', 'write messages in XML'))
    .addOption(new Option('--csp <version>', 'version of the protocol').choices(['1.1', '1.2', '1.3']).default('1.3'))
    .addOption(new Option('--method <method>', 'how to log in').choices(['digest', 'password']).default('digest'))
    .option('--answer <number>', 'your choice where the server has a question before it lets you in', checkedNumber)
    .option('--key <text>', 'what you type where it wants a word, such as an invitation')
    .option('--send <text>', 'send one message and leave')
    .option('--wait <seconds>', 'wait so long for messages, then leave', checkedSeconds)
    .addHelpText('after', help)
    .action(chat)
}

/** A person at a terminal, lines from a pipe, or no input at all. */
type Input = 'terminal' | 'pipe' | 'none'

const inputOf = ({ send, wait, to }: ChatOptions): Input => {
  if (send !== undefined) return 'none'
  if (process.stdin.isTTY) return wait === undefined ? 'terminal' : 'none'
  return to === undefined ? 'none' : 'pipe'
}

async function chat(options: ChatOptions) {
  const input = inputOf(options)
  if (options.send !== undefined && options.to === undefined) fail('say to whom: --to wv:bob@village.local')
  if (input === 'none' && options.send === undefined && options.wait === undefined)
    fail('there is nothing to do: add --to and a text on standard input or in --send, or --wait')
  const password = options.password ?? process.env.VILLAGE_PASSWORD ?? (await askPassword(options.user))
  const isInteractive = input === 'terminal'
  const session = await openChat({ ...options, password, isInteractive }).catch(failure =>
    fail(explainLogin(failure, options)),
  )
  const screen = isInteractive
    ? terminalScreen(process.stdin, process.stdout)
    : plainScreen(process.stdin, process.stdout, process.stderr)
  await converse(session, screen, input, options)
}

const askPassword = async (user: string): Promise<string> => {
  const advice = 'set VILLAGE_PASSWORD, or use --password'
  if (!process.stdin.isTTY) return fail(`a password for ${user} is needed: ${advice}`)
  return (await askHidden(`Password for ${user}: `)) ?? fail(`no password: type one, ${advice}`)
}

async function converse(session: Session, screen: Screen, input: Input, options: ChatOptions) {
  const { url, to } = options
  const talk = new Talk(session, screen, { url, to, isInteractive: input === 'terminal', folder: process.cwd() })
  const listening = talk.listen()
  const leaving = new AbortController()
  const leave = () => {
    leaving.abort()
    screen.close()
  }
  process.once('SIGINT', leave).once('SIGTERM', leave)
  void session.ended.then(leave)

  const { registered } = session
  if (registered) screen.notice(explainRegistered(registered))
  if (options.send !== undefined) await talk.say(options.send)
  if (input === 'terminal') {
    screen.notice(`Logged in as ${printable(session.userId)} (CSP ${options.csp}). /help shows what you can do.`)
    for await (const line of screen.lines()) if (!(await talk.line(line))) break
  }
  if (input === 'pipe') for await (const line of screen.lines()) if (line.trim() !== '') await talk.say(line)
  if (options.wait !== undefined) await delay(options.wait * 1000, undefined, leaving).catch(() => {})
  talk.leave()
  screen.close()
  // The server ends the session by itself if it cannot be told.
  await session.logout().catch(() => {})
  await listening
  if (talk.attempts.hasFailed) process.exitCode = 1
  process.off('SIGINT', leave).off('SIGTERM', leave)
  process.stdin.destroy()
}

function checkedUrl(text: string): string {
  const url = URL.parse(text)
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text
  throw new InvalidArgumentError('Write it like http://127.0.0.1:8080/imps')
}

function checkedSeconds(text: string): number {
  const seconds = Number(text)
  if (text !== '' && seconds >= 0 && seconds <= 2_000_000) return seconds
  throw new InvalidArgumentError('Give a number of seconds.')
}

function checkedNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give the number of an answer.')
}
