import { writeFileSync } from 'node:fs'
import { type Syntax, type Version, versions } from '@village/protocol'
import { tellFailure } from './known-failures.ts'
import { type NoticeReceiver, receiveNotices } from './notice-receiver.ts'
import type { Account } from './phone.ts'
import { renderReport } from './report.ts'
import { type Result, runConformance } from './run.ts'

/** As much of commander's Command as is needed to describe one command. */
export interface CommandLike {
  command(nameAndArguments: string): CommandLike
  description(text: string): CommandLike
  option(flags: string, description: string): CommandLike
  option<T>(flags: string, description: string, read: (text: string, before: T) => T): CommandLike
  requiredOption<T>(flags: string, description: string, read: (text: string, before: T) => T): CommandLike
  addHelpText(position: 'after', text: string): CommandLike
  action(run: (...given: any[]) => void | Promise<void>): CommandLike
}

interface Options {
  readonly user: readonly Account[]
  readonly csp?: readonly Version[]
  readonly syntax?: readonly Syntax[]
  readonly only?: string
  readonly admin?: string
  readonly adminToken?: string
  readonly noticePort?: number
  readonly pollPause?: number
  readonly markdown?: string
}

/** `village conformance URL`: plays all scenarios to any IMPS server and tells what it makes of them. */
export function registerConformance(program: CommandLike) {
  program
    .command('conformance <url>')
    .description('play the conformance scenarios to an IMPS server')
    .requiredOption<Account[]>(
      '-u, --user <id:password>',
      'a user of the server; give two or three, which nobody else is using',
      addUser,
    )
    .option<Version[]>('--csp <versions>', `protocol versions (default: ${versions.join(',')})`, oneOf(versions))
    .option<Syntax[]>('--syntax <names>', 'syntaxes (default: xml,wbxml)', oneOf(['xml', 'wbxml']))
    .option('--only <text>', 'scenarios in whose item ids, clause or title this occurs')
    .option('--admin <url>', 'the admin API, for scenarios in which an operator acts')
    .option('--admin-token <token>', 'the token for it')
    .option<number>(
      '--notice-port <port>',
      'where on this machine the server posts offline notices',
      wholeNumber('--notice-port', 65_535),
    )
    .option<number>(
      '--poll-pause <milliseconds>',
      'pause between polls, for servers that insist on one',
      wholeNumber('--poll-pause', 3_600_000),
    )
    .option('--markdown <file>', 'also write the results to a file, item by item')
    .addHelpText(
      'after',
      '\nExample:\n  village conformance http://127.0.0.1:8080/imps --user wv:a@example.com:secret --user wv:b@example.com:secret\n',
    )
    .action(conformance)
}

async function conformance(url: string, options: Options) {
  const [romeo, juliet, ...others] = options.user
  if (romeo === undefined || juliet === undefined) return stop('two users are needed: give --user twice')
  const { admin, adminToken } = options
  if ((admin === undefined) !== (adminToken === undefined)) return stop('--admin and --admin-token go together')
  // Before hundreds of scenarios say so one by one.
  const isThere = await fetch(url, { method: 'POST', body: '' }).then(
    () => true,
    () => false,
  )
  if (!isThere) return stop(`no server answers at ${url}: is it running, and is that its address?`)
  const notices = options.noticePort === undefined ? undefined : await hearNotices(options.noticePort)
  const results = await runConformance({
    url,
    users: [romeo, juliet, ...others],
    operator: admin !== undefined && adminToken !== undefined ? { url: admin, token: adminToken } : undefined,
    notices,
    versions: options.csp,
    syntaxes: options.syntax,
    only: options.only,
    pollPause: options.pollPause,
    report: tell,
  })
  await notices?.close()
  if (options.markdown !== undefined)
    writeFileSync(options.markdown, renderReport(results, `make it anew with \`village conformance ${url}\``))
  const count = (outcome: Result['outcome']) => results.filter(it => it.outcome === outcome).length
  console.log(`\n${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`)
  if (count('passed') === 0)
    console.log('Nothing passed: is this the URL of an IMPS server, and are the passwords right?')
  if (count('failed') > 0 || count('passed') === 0) process.exitCode = 1
}

const hearNotices = (port: number): Promise<NoticeReceiver> =>
  receiveNotices(port).catch(error =>
    stop(`nothing can listen on --notice-port ${port} (${error.code}): choose another`),
  )

const marks = { passed: 'pass', failed: 'FAIL', skipped: 'skip' } as const

function tell(result: Result) {
  const { scenario, version, syntax, outcome, reason } = result
  const why = outcome === 'skipped' ? `: ${reason}` : ''
  console.log(`${marks[outcome]}  ${version} ${syntax.padEnd(5)}  ${scenario.clause}  ${scenario.title}${why}`)
  if (outcome === 'failed') console.log(`\n${tellFailure(result)}\n`)
}

/** A password may have colons in it, and so does every address: the first after the domain divides them. */
const addUser = (text: string, before: Account[] = []): Account[] => {
  const [, userId, password] = /^((?:wv:)?[^:]+):(.+)$/i.exec(text) ?? []
  if (userId === undefined || password === undefined) return stop(`--user ${text}: write it as wv:name@domain:password`)
  return [...before, { userId, password }]
}

const wholeNumber =
  (option: string, most: number) =>
  (text: string): number =>
    /^\d{1,9}$/.test(text) && Number(text) <= most
      ? Number(text)
      : stop(`${option} ${text}: give a whole number of at most ${most}`)

const oneOf =
  <T extends string>(known: readonly T[]) =>
  (text: string): T[] =>
    text
      .split(',')
      .map(
        word => known.find(it => it === word.trim().toLowerCase()) ?? stop(`${word}: choose from ${known.join(', ')}`),
      )

const stop = (message: string): never => {
  process.stderr.write(`village: ${message}\n`)
  process.exit(1)
}
