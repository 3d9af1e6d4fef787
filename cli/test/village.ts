import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../bin/village.js', import.meta.url))

interface Surroundings {
  readonly input?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Runs the command line as a process of its own, with this Node. */
export async function village(args: readonly string[], { input = '', env = {} }: Surroundings = {}) {
  const child = start(args, env)
  child.stdin.on('error', () => {}) // it may end without having read its input
  child.stdin.end(input)
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ending(child)])
  return { stdout, stderr, code }
}

/** The same for a command that goes on until it is interrupted; what it writes can be read meanwhile. */
export function startVillage(args: readonly string[]) {
  const child = start(args, {})
  const running = { stdout: '', stderr: '', code: ending(child), interrupt: () => child.kill('SIGINT') }
  child.stdout.on('data', (octets: Buffer) => void (running.stdout += octets))
  child.stderr.on('data', (octets: Buffer) => void (running.stderr += octets))
  return running
}

const start = (args: readonly string[], more: NodeJS.ProcessEnv) => {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, VILLAGE_PASSWORD: undefined, ...more }
  return spawn(process.execPath, [bin, ...args], { env, stdio: 'pipe' })
}

const ending = (child: ReturnType<typeof start>) => new Promise<number | null>(resolve => child.on('exit', resolve))
