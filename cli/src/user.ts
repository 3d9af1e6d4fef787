import { existsSync } from 'node:fs'
import {
  AdminUnreachable,
  createAdminClient,
  DataFolderInUse,
  openAccounts,
  readAdminToken,
  type UserAdmin,
} from '@village/server'
import { type Command, Option } from 'commander'
import pc from 'picocolors'
import { adminUrl } from './running-server.ts'
import { fail, type SettingsOptions, settingsFrom, withSettings } from './settings.ts'

interface PasswordOptions extends SettingsOptions {
  readonly password?: string
  readonly mode?: 'sealed' | 'hash'
}

/** `village user …`: works on a running server over its admin API, and on the data folder of a stopped one. */
export function registerUser(program: Command) {
  const user = program.command('user').description('add, list and remove users; set passwords')

  const passwordOptions = (command: Command) =>
    withSettings(command)
      .option('-p, --password <password>', 'the password; a random one is made and shown when left out')
      .addOption(
        new Option(
          '-m, --mode <mode>',
          'sealed: any phone can log in; hash: only over TLS, with the password itself',
        ).choices(['sealed', 'hash']),
      )

  passwordOptions(user.command('add <user-id>'))
    .description('make an account')
    .addHelpText('after', '\nExample:\n  village user add wv:alice@example.com --password correct-horse-battery\n')
    .action((userId: string, options: PasswordOptions) =>
      withUsers(
        options,
        async users => {
          const { password, mode } = options
          const made = await users.add({ userId, password, mode })
          console.log(`${made.userId} is there.`)
          tell(made)
        },
        true,
      ),
    )

  passwordOptions(user.command('set-password <user-id>'))
    .description('give an account a new password and end its sessions')
    .action((userId: string, options: PasswordOptions) =>
      withUsers(options, async users => {
        const { password, mode } = options
        const changed = await users.setPassword(userId, { password, mode })
        console.log(`${changed.userId} has a new password.`)
        tell(changed)
      }),
    )

  withSettings(user.command('remove <user-id>'))
    .description('remove an account with all it owns')
    .action((userId: string, options: SettingsOptions) =>
      withUsers(options, async users => {
        await users.remove(userId)
        console.log(`${userId} is gone.`)
      }),
    )

  withSettings(user.command('list'))
    .description('list the accounts')
    .action((options: SettingsOptions) => withUsers(options, listAll))
}

const tell = ({ password, warning }: { password?: string | undefined; warning?: string | undefined }) => {
  if (password !== undefined) console.log(`Password (shown this once): ${pc.bold(password)}`)
  if (warning !== undefined) console.error(`${pc.yellow('warning')}  ${warning}`)
}

async function listAll(users: UserAdmin) {
  for (let after = ''; ; ) {
    const page = await users.list({ after })
    for (const { address, mode, createdAt } of page.users) console.log(`${address}\t${mode}\t${createdAt}`)
    if (page.next === null) return
    after = page.next
  }
}

/** The server's own accounts if it runs, else those of its data folder. */
async function withUsers(options: SettingsOptions, run: (users: UserAdmin) => Promise<void>, mayBegin = false) {
  const { config } = settingsFrom(options)
  const isThere = existsSync(config.data) || !config.store.url.startsWith('sqlite:')
  if (!isThere && !mayBegin)
    fail(`there is no data folder ${config.data} and so nobody in it; name the server's with --data or --config`)
  let unreachable: string | undefined
  try {
    const token = await readAdminToken(config.data)
    if (token !== undefined) {
      const users = createAdminClient({ url: adminUrl(config), token })
      const isRunning = await users.list({ limit: 1 }).then(
        () => true,
        error => {
          if (!(error instanceof AdminUnreachable)) throw error
          unreachable = error.message
          return false
        },
      )
      if (isRunning) return await run(users)
    }
    const accounts = await openAccounts(config)
    try {
      await run(accounts.users)
    } finally {
      await accounts.close()
    }
  } catch (error) {
    // Somebody has the folder: then it is the server, and its admin API was looked for in the wrong place.
    if (error instanceof DataFolderInUse && unreachable !== undefined)
      fail(`a server runs on ${config.data}, but: ${unreachable} Give the same --config and --set as the server has.`)
    fail((error as Error).message)
  }
}
