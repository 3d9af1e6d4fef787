import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../bin/village.js', import.meta.url))

/** Runs the command line as a process of its own, with this Node. */
export async function village(args: readonly string[], options: { input?: string; env?: NodeJS.ProcessEnv } = {}) {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, VILLAGE_PASSWORD: undefined, ...options.env }
  const child = spawn(process.execPath, [bin, ...args], { env, stdio: 'pipe' })
  child.stdin.on('error', () => {}) // it may end without having read its input
  child.stdin.end(options.input ?? '')
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>(resolve => child.on('exit', resolve)),
  ])
  return { stdout, stderr, code }
}
