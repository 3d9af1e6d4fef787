import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export type SubjectFile = 'argon2.ts' | 'ceiling.ts' | 'echo.ts' | 'village.ts'

export interface SubjectOptions {
  readonly file: SubjectFile
  readonly folder?: string | undefined
  readonly isTls?: boolean | undefined
  /** The core it is pinned to; undefined: none. */
  readonly core: number | undefined
  /** Where to write a CPU profile. */
  readonly profile?: string | undefined
}

/** Where the command line keeps what was compiled, so that a server starts here as it does there. */
const compiled = fileURLToPath(new URL('../../node_modules/.cache/village', import.meta.url))

/** A server process that is measured from the outside. */
export class Subject {
  readonly #child: ChildProcess
  readonly port: number
  readonly isTls: boolean

  private constructor(child: ChildProcess, port: number, isTls: boolean) {
    this.#child = child
    this.port = port
    this.isTls = isTls
  }

  static async start({ file, folder, isTls = false, core, profile }: SubjectOptions): Promise<Subject> {
    const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
    const path = fileURLToPath(new URL(`../subjects/${file}`, import.meta.url))
    const command = [
      process.execPath,
      ...profiling,
      path,
      ...(folder === undefined ? [] : [folder]),
      ...(isTls ? ['tls'] : []),
    ]
    const pinned = core === undefined ? command : ['taskset', '-c', String(core), ...command]
    const env = { ...process.env, NODE_COMPILE_CACHE: compiled }
    const child = spawn(pinned[0]!, pinned.slice(1), { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    child.on('error', error => {
      throw error
    })
    const { port } = (await told(child)) as { port: number }
    return new Subject(child, port, isTls)
  }

  /** Seconds of user and system time of all its threads, from the scheduler's counters. */
  get cpuSeconds(): number {
    const tasks = `/proc/${this.#child.pid}/task`
    return readdirSync(tasks).reduce((sum, task) => {
      const [nanoseconds] = readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')
      return sum + Number(nanoseconds) / 1e9
    }, 0)
  }

  /** Resident memory in KiB. */
  get residentKib(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+)/.exec(status)![1])
  }

  /** Collects garbage in the server; resolves to what its heap then holds, in KiB. */
  async collect(): Promise<number> {
    this.#child.send('collect')
    const { heapBytes } = (await told(this.#child)) as { heapBytes: number }
    return heapBytes / 1024
  }

  /** How late its event loop was since it was last asked, 99th percentile in milliseconds; the first time 0. */
  async loopDelay(): Promise<number> {
    this.#child.send('delay')
    return ((await told(this.#child)) as { delayMilliseconds: number }).delayMilliseconds
  }

  get isGone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** In good order, so that it can write down a profile, or as a power cut or the kernel would: SIGKILL. */
  async end(inGoodOrder: boolean): Promise<void> {
    const gone = once(this.#child, 'exit')
    if (inGoodOrder) this.#child.send('stop')
    else this.#child.kill('SIGKILL')
    await gone
  }
}

const told = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', code => reject(new Error(`The server ended before it was ready (exit code ${code})`)))
  })
