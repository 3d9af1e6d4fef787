import { once } from 'node:events'
import { type HistoryAdmin, historyClient } from '@village/server'
import type { Command } from 'commander'
import { confirm } from './confirm.ts'
import { jsonLine } from './printable.ts'
import { withServer } from './running-server.ts'
import { fail, type SettingsOptions, withSettings } from './settings.ts'

interface EraseOptions extends SettingsOptions {
  readonly before?: string
  readonly yes?: boolean
}

/** `village history …`: what a running server keeps of the messages of one user. */
export function registerHistory(program: Command) {
  const history = program.command('history').description('export and erase the messages that are kept of a user')

  withSettings(history.command('export <user-id>'))
    .description('write what a user sent and got to standard output, a JSON object a line, oldest first')
    .addHelpText('after', '\nExample:\n  village history export wv:alice@example.com > alice.jsonl\n')
    .action((userId: string, options: SettingsOptions) =>
      withServer(options, call => exportAll(historyClient(call), userId)),
    )

  withSettings(history.command('erase <user-id>'))
    .description('erase what is kept of a user; what others keep of the same messages stays')
    .option('--before <date>', 'only what was accepted before: 2026-01-31, or 2026-01-31T12:00:00Z')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  village history erase wv:alice@example.com --before 2026-01-31\n')
    .action(async (userId: string, options: EraseOptions) => {
      const what = options.before === undefined ? 'all history' : `the history before ${options.before}`
      if (!options.yes && !(await confirm(`Erase ${what} of ${userId}, for good?`))) fail('nothing was erased')
      await withServer(options, call => eraseAll(historyClient(call), userId, options.before))
    })
}

async function exportAll(history: HistoryAdmin, userId: string) {
  for (let after: number | undefined; ; ) {
    const { entries, next } = await history.page(userId, { after })
    // A slow reader is waited for, or all that it has not read yet would be held in memory.
    for (const entry of entries) if (!process.stdout.write(`${jsonLine(entry)}\n`)) await once(process.stdout, 'drain')
    if (next === null) return
    after = next
  }
}

async function eraseAll(history: HistoryAdmin, userId: string, before: string | undefined) {
  let count = 0
  for (let more = true; more; ) {
    const portion = await history.erase(userId, before)
    count += portion.erased
    more = portion.more
  }
  console.log(count === 1 ? '1 message erased.' : `${count} messages erased.`)
}
