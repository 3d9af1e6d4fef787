import { announcementClient } from '@village/server'
import { type Command, InvalidArgumentError } from 'commander'
import { withServer } from './running-server.ts'
import { fail, type SettingsOptions, withSettings } from './settings.ts'

interface AnnounceOptions extends SettingsOptions {
  readonly to?: readonly string[]
  readonly all?: boolean
  readonly requireAnswer?: boolean
  readonly options?: readonly string[]
  readonly verifyText?: string
  readonly verifyUrl?: string
  readonly verifyKey?: string
  readonly valid?: number
}

/** `village announce TEXT`: a System Message (CSP 7.1) to users of a running server. */
export function registerAnnounce(program: Command) {
  withSettings(program.command('announce <text>'))
    .description('show a message to users, on clients of version 1.3; it waits for those who are not there')
    .option('--to <user-id...>', 'for these users')
    .option('--all', 'for all users')
    .option('--require-answer', 'until it is answered, a user can do nothing else')
    .option('--options <text...>', 'answers to choose from')
    .option('--verify-text <text>', 'tells what has to be typed to show that a person has read it')
    .option('--verify-url <url>', 'the same, told at an address')
    .option('--verify-key <text>', 'what has to be typed')
    .option('--valid <seconds>', 'how long it waits for users (default: announcements.validitySeconds)', checkedSeconds)
    .addHelpText(
      'after',
      '\nExample:\n  village announce "We move on Sunday. Will you be there?" --all --options Yes No Perhaps\n',
    )
    .action((text: string, options: AnnounceOptions) => {
      const verification = verificationIn(options)
      const { to, all, requireAnswer, options: answers, valid } = options
      if ((to === undefined) === (all === undefined))
        return fail('Say for whom it is: either --to and users, or --all.')
      const announcement = { to, all, text, requireAnswer, options: answers, verification, validitySeconds: valid }
      return withServer(options, async call => {
        const { id, recipients, unreached } = await announcementClient(call).send(announcement)
        console.log(recipients === 1 ? '1 user gets it.' : `${recipients} users get it.`)
        if (recipients > 0) console.log(`What becomes of it is told by: village announcement show ${id}`)
        for (const userId of unreached) console.error(`${userId} does not: no account, or too many wait there already.`)
        if (recipients === 0) process.exitCode = 1
      })
    })
}

const verificationIn = ({ verifyText: text, verifyUrl: url, verifyKey: key }: AnnounceOptions) => {
  if (text === undefined && url === undefined && key === undefined) return undefined
  if (key === undefined || (text === undefined) === (url === undefined))
    return fail('Give --verify-key together with either --verify-text or --verify-url.')
  return text === undefined ? { url: url!, key } : { text, key }
}

function checkedSeconds(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give a whole number of seconds.')
}
