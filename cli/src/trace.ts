import { setTimeout as delay } from 'node:timers/promises'
import { type TraceAdmin, traceClient } from '@village/server'
import { type Command, Option } from 'commander'
import { withServer } from './running-server.ts'
import { fail, type SettingsOptions, withSettings } from './settings.ts'
import { traceLines } from './trace-lines.ts'

interface TraceOptions extends SettingsOptions {
  readonly start?: boolean
  readonly last?: boolean
  readonly stop?: boolean
}

const help = `
Without an option it starts to trace the user, shows each message as it comes, and stops at Ctrl-C. Passwords, digests,
nonces, Session-IDs, cookies and what people write are never shown; the server does not keep them.
A trace that nobody stops ends after trace.minutes, and with the server.

Examples:
  village trace wv:alice@example.com
  village trace wv:alice@example.com --start    # and later, as often as you like:
  village trace wv:alice@example.com --last
`

/** `village trace USER`: what a user's clients and a running server say to each other. */
export function registerTrace(program: Command) {
  withSettings(program.command('trace [user-id]'))
    .description('show what the clients of a user and the server say to each other; without a user: who is traced')
    .addOption(new Option('--start', 'start, and leave it on').conflicts(['last', 'stop']))
    .addOption(new Option('--last', 'show what was kept since it was started, and leave it on').conflicts('stop'))
    .option('--stop', 'stop, and forget what was kept')
    .addHelpText('after', help)
    .action((userId: string | undefined, options: TraceOptions) =>
      withServer(options, async call => {
        const traces = traceClient(call)
        const isNeeded = options.start || options.last || options.stop
        if (userId === undefined) return isNeeded ? fail('Say which user is meant.') : listAll(traces)
        if (options.start) return start(traces, userId)
        if (options.last) return void (await show(traces, userId, 0))
        if (options.stop) return stop(traces, userId)
        return follow(traces, userId)
      }),
    )
}

async function listAll(traces: TraceAdmin) {
  for (const { userId, startedAt, endsAt } of (await traces.list()).traces)
    console.log([userId, startedAt, endsAt].join('\t'))
}

async function start(traces: TraceAdmin, userId: string) {
  const started = await traces.start(userId)
  console.error(`${started.userId} is traced until ${started.endsAt}.`)
}

async function stop(traces: TraceAdmin, userId: string) {
  await traces.stop(userId)
  console.error(`${userId} is not traced any more.`)
}

/** Shows what came after an entry; resolves to the number of the last one that is known now. */
async function show(traces: TraceAdmin, userId: string, after: number): Promise<number> {
  const { entries } = await traces.read(userId, after)
  for (const entry of entries) console.log(traceLines(entry).join('\n'))
  return entries.at(-1)?.number ?? after
}

const pauseMilliseconds = 1000

async function follow(traces: TraceAdmin, userId: string) {
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupted.abort())
  await start(traces, userId)
  for (let last = 0; !interrupted.signal.aborted; ) {
    last = await show(traces, userId, last)
    await delay(pauseMilliseconds, undefined, interrupted).catch(() => {})
  }
  await stop(traces, userId)
}
