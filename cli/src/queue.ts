import { type ListedQueue, type QueueAdmin, queueClient } from '@village/server'
import type { Command } from 'commander'
import { confirm } from './confirm.ts'
import { oneLine } from './printable.ts'
import { withServer } from './running-server.ts'
import { fail, type SettingsOptions, withSettings } from './settings.ts'

interface ClearOptions extends SettingsOptions {
  readonly yes?: boolean
}

/** `village queue …`: what waits for users of a running server. */
export function registerQueue(program: Command) {
  const queue = program.command('queue').description('show what waits for users, and drop it')

  withSettings(queue.command('show [user-id]', { isDefault: true }))
    .description('the longest queues, or what waits for one user; never what messages say')
    .addHelpText('after', '\nExamples:\n  village queue\n  village queue wv:alice@example.com\n')
    .action((userId: string | undefined, options: SettingsOptions) =>
      withServer(options, call => {
        const queues = queueClient(call)
        return userId === undefined ? showLongest(queues) : showAll(queues, userId)
      }),
    )

  withSettings(queue.command('clear <user-id>'))
    .description('drop all that waits for a user; senders who asked for reports are told')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  village queue clear wv:alice@example.com\n')
    .action(async (userId: string, options: ClearOptions) => {
      if (!options.yes && !(await confirm(`Drop all that waits for ${userId}?`))) fail('nothing was dropped')
      await withServer(options, call => clearAll(queueClient(call), userId))
    })
}

async function showLongest(queues: QueueAdmin) {
  for (const it of (await queues.longest()).queues)
    console.log([it.userId, fullness(it), kinds(it.waiting), it.oldestAt].join('\t'))
}

/** How near the messages of a user are to what may wait: `412 of 1000 (41 %)`. */
const fullness = ({ waiting, messageLimit }: ListedQueue) => {
  const count = waiting.message ?? 0
  return `${count} of ${messageLimit} (${Math.floor((100 * count) / messageLimit)} %)`
}

const kinds = (waiting: ListedQueue['waiting']) =>
  Object.entries(waiting)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ')

async function showAll(queues: QueueAdmin, userId: string) {
  for (let after: number | undefined; ; ) {
    const { items, next } = await queues.list(userId, { after })
    // A ContentType is whatever its sender wrote.
    for (const { kind, sender = '-', type = '-', size, acceptedAt, expiresAt } of items)
      console.log([kind, sender, oneLine(type), `${size} octets`, acceptedAt, expiresAt].join('\t'))
    if (next === null) return
    after = next
  }
}

async function clearAll(queues: QueueAdmin, userId: string) {
  let count = 0
  for (let more = true; more; ) {
    const portion = await queues.clear(userId)
    count += portion.cleared
    more = portion.more
  }
  console.log(count === 1 ? '1 item dropped.' : `${count} items dropped.`)
}
