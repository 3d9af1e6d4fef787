import type { Blocking } from './chat-blocking.ts'
import type { ContactBook } from './chat-contacts.ts'
import type { Offers } from './chat-offers.ts'
import type { OwnPresence } from './chat-presence.ts'
import type { Questions } from './chat-questions.ts'
import { oneLine } from './printable.ts'
import type { Talk } from './talk.ts'

/** What the commands of a chat are about. */
export interface Desk {
  readonly talk: Talk
  readonly offers: Offers
  readonly blocking: Blocking
  readonly questions: Questions
  readonly contacts: ContactBook
  readonly presence: OwnPresence
}

interface Command {
  readonly usage: string
  readonly about: string
  /** @param rest what was typed after the command; @param words the same, parted at blanks */
  run(desk: Desk, rest: string, words: readonly string[]): void | Promise<void>
}

/** What was typed behind the first word. */
const after = (rest: string, word = '') => rest.slice(word.length).trim()

const commands: Readonly<Record<string, Command>> = {
  '/to': { usage: '/to wv:bob@...', about: 'the next lines go to bob', run: ({ talk }, _, [to]) => talk.name(to) },
  '/send': { usage: '/send FILE', about: 'sends a file', run: ({ talk }, path) => talk.sendFile(path) },
  '/list': { usage: '/list', about: 'shows what waits for you at the server', run: ({ offers }) => offers.list() },
  '/save': {
    usage: '/save 1',
    about: 'puts what somebody sent into a new file in this folder',
    run: ({ offers }, which) => offers.save(which),
  },
  '/reject': {
    usage: '/reject 1',
    about: 'does away with it unread',
    run: ({ offers }, which) => offers.reject(which),
  },
  '/forward': {
    usage: '/forward 1 wv:carol@...',
    about: 'gives it to carol instead',
    run: ({ offers }, _, [which = '', to]) => offers.forward(which, to),
  },
  '/block': {
    usage: '/block wv:bob@...',
    about: 'nothing comes from bob any more',
    run: ({ blocking }, _, [who]) => blocking.block(who),
  },
  '/unblock': {
    usage: '/unblock wv:bob@...',
    about: 'takes that back',
    run: ({ blocking }, _, [who]) => blocking.unblock(who),
  },
  '/blocked': { usage: '/blocked', about: 'shows who is blocked', run: ({ blocking }) => blocking.show() },
  '/contacts': {
    usage: '/contacts',
    about: 'shows your contact lists, and who is there',
    run: ({ contacts }) => contacts.show(),
  },
  '/add': {
    usage: '/add wv:carol@... Carol',
    about: 'puts carol on your contact list, by a name if you like',
    run: ({ contacts }, rest, [who]) => contacts.add(who, after(rest, who)),
  },
  '/remove': {
    usage: '/remove wv:carol@...',
    about: 'takes carol off',
    run: ({ contacts }, _, [who]) => contacts.remove(who),
  },
  '/status': {
    usage: '/status away Back at 5',
    about: 'tells how you are: available, away or discreet, and a text',
    run: ({ presence }, rest, [which]) => presence.setStatus(which, after(rest, which)),
  },
  '/who': { usage: '/who', about: 'shows who watches you', run: ({ presence }) => presence.showWatchers() },
  '/allow': {
    usage: '/allow wv:bob@...',
    about: 'lets bob see your presence, whether he asked or not',
    run: ({ presence }, _, [who]) => presence.allow(who),
  },
  '/deny': {
    usage: '/deny wv:bob@...',
    about: 'leaves it at what bob may see',
    run: ({ presence }, _, [who]) => presence.deny(who),
  },
  '/answer': {
    usage: '/answer ...',
    about: 'answers what the server asked',
    run: ({ questions }, typed) => questions.answer(typed),
  },
}

const rows = [
  ['any text', 'goes to the one named before the prompt'],
  ...Object.values(commands).map(({ usage, about }) => [usage, about]),
  ['/help', 'this'],
  ['/quit', 'log out and leave (Ctrl-D, Ctrl-C)'],
] as const

const help = [
  ...rows.map(([usage, about]) => `  ${usage!.padEnd(26)}${about}`),
  '  A line that begins with two slashes is sent with one.',
].join('\n')

/** Takes one typed line; resolves to whether to go on. */
export async function takeLine(line: string, desk: Desk): Promise<boolean> {
  const { talk } = desk
  const typed = line.trim()
  const [name = '', ...words] = typed.split(/\s+/)
  const rest = typed.slice(name.length).trim()
  if (name === '/quit') return false
  if (name === '/help') talk.screen.notice(help)
  else if (Object.hasOwn(commands, name)) await commands[name]!.run(desk, rest, words)
  else if (typed.startsWith('/') && !typed.startsWith('//'))
    talk.screen.problem(`there is no ${oneLine(name)}; /help shows what there is`)
  else if (typed === '') talk.showRecipient()
  else await talk.say(line.startsWith('//') ? line.slice(1) : line)
  return true
}
