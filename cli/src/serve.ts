import { type RunningServer, startServer } from '@village/server'
import type { Command } from 'commander'
import pc from 'picocolors'
import { fail, type SettingsOptions, settingsFrom, withSettings } from './settings.ts'

interface ServeOptions extends SettingsOptions {
  readonly demo?: boolean
}

const demoUsers = ['alice', 'bob']

/** `village serve`: runs the server until SIGTERM or SIGINT, which let requests under way finish. */
export function registerServe(program: Command) {
  withSettings(program.command('serve'))
    .description('run the server')
    .option('--demo', 'in an empty data folder make two users to try it with, and print how')
    .addHelpText('after', '\nExamples:\n  village serve --demo\n  village serve --config village.toml\n')
    .action(serve)
}

async function serve(options: ServeOptions) {
  // Whoever tries it out reads the log themselves.
  // So that waking can be tried as well; clients are told which port it became.
  const set = options.demo ? { 'log.pretty': 'true', 'cir.tcp.port': '0', ...options.set } : options.set
  const { config, warnings } = settingsFrom({ ...options, ...(set && { set }) })
  for (const warning of warnings) console.error(`${pc.yellow('warning')}  ${warning}`)
  const server = await startServer(config).catch(error => fail(explain(error)))
  // Standard output belongs to the log, which programs may read.
  console.error(`Village is listening on ${pc.bold(server.url)}; admin API on ${server.adminUrl}`)
  if (options.demo) await makeDemo(server, config.domains[0]!)
  let isStopping = false
  const stop = async (signal: string) => {
    if (isStopping) process.exit(1) // asked twice: now
    isStopping = true
    server.log.info('Stopping', { signal })
    await server.stop()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

/** Two users with random passwords, told once: only where there are no users yet. */
async function makeDemo(server: RunningServer, domain: string) {
  const { users } = await server.users.list({ limit: 1 })
  if (users.length > 0) {
    console.log('There are users already, so no demo users were made. To see them, and to give one a new password:')
    console.log('    npm run village -- user list')
    console.log('    npm run village -- user set-password <user-id>')
    return
  }
  const made: { userId: string; password?: string | undefined }[] = []
  for (const name of demoUsers) made.push(await server.users.add({ userId: `wv:${name}@${domain}` }))
  console.log('\nTwo users to try it with. Their passwords are shown this once:')
  made.forEach(({ userId, password }, index) => {
    const other = made[1 - index]!.userId
    const syntax = index === 0 ? '--xml' : '--wbxml'
    console.log(`\n  ${pc.bold(userId)}  ${password}`)
    console.log(
      `    npm run village -- chat --url ${server.url} --user ${userId} --password ${password} --to ${other} ${syntax}`,
    )
  })
  console.log('\nRun the two commands in two other terminals and type.')
}

const explain = (error: NodeJS.ErrnoException): string => {
  if (error.code === 'EADDRINUSE')
    return `${error.message}: another program has that port; set http.port, admin.port, cir.tcp.port or cir.udp.port to a free one (0 takes any)`
  if (error.code === 'EACCES') return `${error.message}: choose a port above 1023, or give the server the right to it`
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return `${error.message}: set http.host and admin.host to addresses that this machine has, or to 0.0.0.0 for all`
  return error.message
}
