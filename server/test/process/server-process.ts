import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { loadConfig, openAccounts } from '../../src/index.ts'

const bin = join(import.meta.dirname, '../../../cli/bin/village.js')

export interface ServerSettings {
  /** Data folder. */
  readonly data: string
  readonly port: number
  /** Further settings by their full names. */
  readonly settings?: Readonly<Record<string, string>> | undefined
}

export const password = 'a password for tests 7'

const flagsOf = ({ data, port, settings }: ServerSettings): Record<string, string> => ({
  data,
  domains: 'example.com',
  'http.port': String(port),
  'admin.port': '0',
  'log.level': 'warn',
  ...settings,
})

/** A port of the loopback interface that is free now; a restart has to find the server where it was. */
export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

/** Makes accounts in a data folder that no server is using. */
export const addUsers = async (settings: ServerSettings, users: readonly string[]): Promise<void> => {
  const { config } = loadConfig({ flags: flagsOf(settings) })
  const accounts = await openAccounts(config)
  for (const userId of users) await accounts.users.add({ userId, password })
  await accounts.close()
}

/** The real server in a process of its own. */
export class ServerProcess {
  readonly #child: ChildProcess
  readonly #exited: Promise<number | null>
  /** What it has written, both streams. */
  output = ''

  private constructor(settings: ServerSettings) {
    const flags = Object.entries(flagsOf(settings)).flatMap(([name, value]) => ['--set', `${name}=${value}`])
    this.#child = spawn(process.execPath, [bin, 'serve', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#exited = new Promise(done => this.#child.once('exit', code => done(code)))
    for (const stream of [this.#child.stdout!, this.#child.stderr!])
      stream.on('data', (text: Buffer) => {
        this.output += text
      })
  }

  /** Resolves when it listens. @throws what it said instead, where it ends before */
  static async start(settings: ServerSettings): Promise<ServerProcess> {
    const server = new ServerProcess(settings)
    const listening = new Promise<'listening'>(done => {
      server.#child.stderr!.on('data', () => {
        if (server.output.includes('is listening on')) done('listening')
      })
    })
    if ((await Promise.race([listening, server.#exited])) !== 'listening') throw new Error(server.output)
    return server
  }

  /** Sends it a signal, to this process alone, and resolves to its exit code; null where the signal ended it. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    this.#child.kill(signal)
    return this.#exited
  }
}
