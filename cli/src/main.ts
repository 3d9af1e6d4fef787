import { readFileSync } from 'node:fs'
import { registerConformance } from '@village/conformance'
import { Command } from 'commander'
import { registerAnnounce } from './announce.ts'
import { registerAnnouncement } from './announcement.ts'
import { registerChat } from './chat.ts'
import { registerCheck } from './check.ts'
import { registerContact } from './contact.ts'
import { registerDecode } from './decode.ts'
import { registerHistory } from './history.ts'
import { registerQueue } from './queue.ts'
import { registerServe } from './serve.ts'
import { registerSession } from './session.ts'
import { registerTrace } from './trace.ts'
import { registerUser } from './user.ts'

const examples = `
Examples:
  village serve --demo
  village user add wv:carol@village.local
  village chat --user wv:carol@village.local --to wv:bob@village.local
  village decode message.xml

Every command has a --help of its own. In a checkout, where nothing is installed, write npx village for village.
`

const program = (): Command => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const village = new Command('village')
    .description('Village, an instant messaging server for IMPS (Wireless Village) phones')
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError('Add --help to see how it is meant.')
    .addHelpText('after', examples)
  const commands = [
    registerServe,
    registerCheck,
    registerUser,
    registerContact,
    registerSession,
    registerTrace,
    registerQueue,
    registerHistory,
    registerAnnounce,
    registerAnnouncement,
    registerChat,
    registerDecode,
    registerConformance,
  ]
  for (const register of commands) register(village)
  return village
}

/** The command line: `argv` begins with the program and the script, as in `process.argv`. */
export async function main(argv: readonly string[]): Promise<void> {
  await program().parseAsync([...argv])
}
