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
  '/to': {
    usage: '/to wv:bob@...',
    about: 'the next lines go to bob, or to all on a contact list of yours: /to friends',
    run: ({ talk }, to) => talk.name(to),
  },
  '/send': { usage: '/send FILE', about: 'sends a file', run: ({ talk }, path) => talk.sendFile(path) },
  '/uri': {
    usage: '/uri http://...',
    about: 'sends where something is found',
    run: ({ talk }, uri) => talk.sendUri(uri),
  },
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
    run: ({ offers }, rest, [which = '']) => offers.forward(which, after(rest, which)),
  },
  '/block': {
    usage: '/block wv:bob@...',
    about: 'nothing comes from bob any more',
    run: ({ blocking }, who) => blocking.block(who),
  },
  '/unblock': {
    usage: '/unblock wv:bob@...',
    about: 'takes that back',
    run: ({ blocking }, who) => blocking.unblock(who),
  },
  '/blocked': { usage: '/blocked', about: 'shows who is blocked', run: ({ blocking }) => blocking.showBlocked() },
  '/grant': {
    usage: '/grant wv:bob@...',
    about: 'puts bob on the list of those who get through',
    run: ({ blocking }, who) => blocking.grant(who),
  },
  '/ungrant': {
    usage: '/ungrant wv:bob@...',
    about: 'takes that back',
    run: ({ blocking }, who) => blocking.ungrant(who),
  },
  '/granted': {
    usage: '/granted',
    about: 'shows that list; /granted on lets nobody else through, /granted off everybody',
    run: ({ blocking }, use) => blocking.granted(use),
  },
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
    run: ({ contacts }, who) => contacts.remove(who),
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
    run: ({ presence }, who) => presence.allow(who),
  },
  '/deny': {
    usage: '/deny wv:bob@...',
    about: 'leaves it at what bob may see',
    run: ({ presence }, who) => presence.deny(who),
  },
  '/hide': {
    usage: '/hide wv:bob@...',
    about: 'shows bob nothing of your presence any more',
    run: ({ presence }, who) => presence.hide(who),
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
  '  Instead of an address you can write what you call somebody on your contact lists.',
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
