import { type SessionAdmin, sessionClient } from '@village/server'
import type { Command } from 'commander'
import { oneLine } from './printable.ts'
import { withServer } from './running-server.ts'
import { type SettingsOptions, withSettings } from './settings.ts'

interface ListOptions extends SettingsOptions {
  readonly user?: string
}

interface EndOptions extends SettingsOptions {
  readonly client?: string
}

/** `village session …`: who is logged in to a running server, and putting an end to it. */
export function registerSession(program: Command) {
  const session = program.command('session').description('list and end sessions of a running server')

  withSettings(session.command('list'))
    .description('list the open sessions')
    .option('-u, --user <user-id>', 'only those of this user')
    .action((options: ListOptions) => withServer(options, call => listAll(sessionClient(call), options.user)))

  withSettings(session.command('end <user-id>'))
    .description('end the sessions of a user; each client is told so by its next poll')
    .option('--client <client>', 'only that of this client, written as the list has it')
    .addHelpText('after', '\nExample:\n  village session end wv:alice@example.com\n')
    .action((userId: string, options: EndOptions) =>
      withServer(options, async call => {
        const { ended } = await sessionClient(call).end(userId, options.client)
        console.log(ended === 1 ? '1 session ended.' : `${ended} sessions ended.`)
      }),
    )
}

async function listAll(sessions: SessionAdmin, user: string | undefined) {
  for (let after: string | undefined; ; ) {
    const page = await sessions.list({ user, after })
    for (const it of page.sessions)
      console.log(
        [it.userId, oneLine(it.client), `${it.version} ${it.syntax}`, it.startedAt, it.lastActivityAt].join('\t'),
      )
    if (page.next === null) return
    after = page.next
  }
}
