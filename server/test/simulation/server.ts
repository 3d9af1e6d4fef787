import { localBus } from '../../src/cluster/local.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/options.ts'
import { type Core, createCore } from '../../src/core.ts'
import type { Credential } from '../../src/credentials/credential.ts'
import type { Credentials } from '../../src/credentials/credentials.ts'
import type { Inbound } from '../../src/csp/engine.ts'
import type { Outbound } from '../../src/csp/reply.ts'
import { StoreUnavailable } from '../../src/store/database.ts'
import type { Store } from '../../src/store/store.ts'
import type { Log } from '../../src/telemetry/log.ts'
import type { Metrics } from '../../src/telemetry/metrics.ts'
import type { Disk } from './disk.ts'
import type { Ledger } from './ledger.ts'
import type { SimulatedWorld } from './world.ts'

/** Changes the store under the server, to show that a mistake of that kind is found. */
export type Tamper = (store: Store) => Store

export interface ServerOptions {
  readonly world: SimulatedWorld
  readonly disk: Disk
  readonly ledger: Ledger
  readonly settings: Readonly<Record<string, string>>
  readonly tamper: Tamper | undefined
}

/** A held poll is answered after 25 s, everything else as soon as the disk allows. */
const patience = { poll: 27_000, other: 3000 }

/** The server, which can be killed and started again; what it had in memory is gone then. */
export class SimulatedServer {
  /** Counts the times it was started. */
  life = 0
  #core: Core | undefined
  #end: (() => void) | undefined
  readonly #options: ServerOptions
  readonly #config: Config

  constructor(options: ServerOptions) {
    this.#options = options
    this.#config = loadConfig({ flags: { domains: 'example.com', ...options.settings } }).config
  }

  get isUp(): boolean {
    return this.#core !== undefined
  }

  start() {
    const { disk, ledger, tamper } = this.#options
    const { store, end } = disk.mount()
    this.life++
    this.#end = end
    this.#core = createCore({
      world: this.#worldOf(this.life),
      config: this.#config,
      store: tamper ? tamper(store) : store,
      credentials,
      bus: localBus(),
      log: logInto(ledger),
      metrics: silent,
      node: 'n1',
    })
    this.#core.housekeeping.start()
    ledger.note(`server starts, life ${this.life}`)
  }

  /** As SIGKILL does: in the middle of everything. */
  crash() {
    this.#options.ledger.note('server dies')
    this.#end?.()
    this.#core = undefined
  }

  /** The answer, or undefined where the server is down or dies before it has one. */
  receive(inbound: Inbound, isPoll: boolean): Promise<Outbound | undefined> {
    const { world, ledger } = this.#options
    const core = this.#core
    if (core === undefined) return Promise.resolve(undefined)
    const { life } = this
    const limit = isPoll ? patience.poll : patience.other
    const stall = world.after(limit, () => {
      if (life === this.life && this.isUp) ledger.violation(`a request has no answer after ${limit} ms`)
    })
    return core
      .receive(inbound)
      .catch(error => {
        if (error instanceof StoreUnavailable) return { status: 503, contentType: undefined, body: '' }
        ledger.violation(`receive threw ${(error as Error).stack}`)
        return { status: 500, contentType: undefined, body: '' }
      })
      .finally(() => {
        stall.cancel()
        if (life === this.life && this.isUp) this.#checkBounds(core)
      })
  }

  #checkBounds({ sessions }: Core) {
    for (const session of sessions.all())
      if (session.outbox.space < 0) this.#options.ledger.violation(`an outbox holds ${-session.outbox.space} too many`)
  }

  /** Time stands still for a life that is over: none of its timers goes off. */
  #worldOf(life: number) {
    const { world } = this.#options
    return {
      now: () => world.now(),
      turn: () => world.turn(),
      token: () => world.token(),
      timedToken: () => world.timedToken(),
      digest: (data: string | Uint8Array) => world.digest(data),
      after: (milliseconds: number, run: () => void) =>
        world.after(milliseconds, () => {
          if (life === this.life && this.isUp) run()
        }),
    }
  }
}

export const password = 'correct horse'
export const credential: Credential = { mode: 'sealed', secret: new Uint8Array(), keyId: 'k', version: 1 }

/** What is checked is the order of things, not passwords: real digests would take real time. */
const credentials: Credentials = {
  schemas: ['SHA', 'MD5'],
  seal: () => credential,
  hash: async () => credential,
  verifyPassword: async (_, known, given) => known !== undefined && given === password,
  verifyDigest: async (_, known, schema, nonce, given) => known !== undefined && given === digestOf(schema, nonce),
}

export const digestOf = (schema: string, nonce: string): string =>
  Buffer.from(`${schema} ${nonce} ${password}`).toString('base64')

const logInto = (ledger: Ledger): Log => {
  const nothing = () => {}
  const complain = (message: string, fields?: { readonly error?: unknown }) => {
    if (fields?.error instanceof StoreUnavailable) return
    ledger.violation(`the server logs: ${message} ${(fields?.error as Error | undefined)?.stack ?? ''}`)
  }
  const log: Log = {
    fatal: complain,
    error: complain,
    warn: complain,
    info: nothing,
    debug: nothing,
    trace: nothing,
    child: () => log,
  }
  return log
}

const silent: Metrics = {
  handled: () => {},
  watch: () => {},
  text: async () => '',
  contentType: 'text/plain',
  close: () => {},
}
