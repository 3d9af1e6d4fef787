import { parseUserId, type Syntax, type Version } from '@village/protocol'
import { localBus } from '../cluster/local.ts'
import { loadConfig } from '../config/load.ts'
import type { Logo } from '../config/logo-file.ts'
import type { Config } from '../config/options.ts'
import { type Core, createCore } from '../core.ts'
import { createCredentials } from '../credentials/credentials.ts'
import { masterKey } from '../credentials/key-file.ts'
import { handlers as table } from '../handlers.ts'
import type { ScalePicture } from '../pictures/scaler.ts'
import type { OfflineBearers } from '../services/access/offline-bearers.ts'
import type { Rows } from '../services/context.ts'
import type { Groups } from '../services/groups/groups.ts'
import { openStore, type Store } from '../store/store.ts'
import { type Log, silentLog } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { HeldWorld } from './held-world.ts'
import { Phone, type PhoneOptions } from './phone.ts'

const homeDomain = 'example.com'

export interface VillageOptions {
  /** Options by their full name; the home domain is example.com unless they say otherwise. */
  readonly config?: Readonly<Record<string, unknown>> | undefined
  /** Users to be added, each with the password `<name>-secret`. */
  readonly users?: readonly string[] | undefined
  readonly logo?: Logo | undefined
  readonly offlineBearers?: OfflineBearers | undefined
  readonly scalePicture?: ScalePicture | undefined
  readonly log?: Log | undefined
  readonly groups?: Groups | undefined
  /** Takes the place of the store in memory. */
  readonly store?: Store | undefined
  /** Stands in for handlers, or adds to them. */
  readonly handlers?: Rows | undefined
  /** Stands between the core and its store. */
  readonly around?: ((store: Store) => Store) | undefined
}

const key = masterKey(new Uint8Array(32).fill(7))
const credentials = createCredentials({ key })
const credentialsWithMd4 = createCredentials({ key, allowMd4: true })

const noMetrics: Metrics = {
  handled() {},
  watch() {},
  text: async () => '',
  contentType: 'text/plain',
  close() {},
}

/** A whole server without sockets, in a world that stands still. */
export class Village {
  readonly world = new HeldWorld()
  readonly store: Store
  core: Core
  readonly #options: VillageOptions
  readonly #credentials: Awaited<typeof credentials>
  readonly #log: Log
  #config: Config

  constructor(store: Store, options: VillageOptions, known: Awaited<typeof credentials>) {
    this.store = store
    this.#options = options
    this.#credentials = known
    this.#config = configOf(options)
    this.#log = options.log ?? silentLog()
    this.core = this.#build()
  }

  /**
   * The server is gone without a word, and a new one starts on what is on disk.
   * @param config in place of the options it had
   */
  restart(config?: VillageOptions['config']) {
    if (config !== undefined) this.#config = configOf({ config })
    this.core = this.#build()
  }

  async add(name: string, { password = `${name}-secret`, mode = 'sealed' as 'sealed' | 'hash' } = {}) {
    const { key } = parseUserId(name, homeDomain)!
    const credential =
      mode === 'hash' ? await this.#credentials.hash(key, password) : this.#credentials.seal(key, password)
    await this.store.commit(
      this.store.accounts.add({ userId: key, address: key, createdAt: this.world.now(), credential }),
    )
  }

  /** A phone that nobody has used yet. */
  phone(user: string, options: PhoneOptions = {}): Phone {
    return new Phone(this, user, options)
  }

  /** A phone that is logged in and has agreed on messages and their reports. */
  async ready(user: string, options: PhoneOptions = {}): Promise<Phone> {
    const phone = this.phone(user, options)
    await phone.login()
    await phone.negotiate()
    return phone
  }

  #build(): Core {
    const { around = store => store, handlers } = this.#options
    const { logo, offlineBearers = [], scalePicture, groups } = this.#options
    const core = createCore({
      world: this.world,
      config: this.#config,
      store: around(this.store),
      credentials: this.#credentials,
      bus: localBus(),
      log: this.#log,
      metrics: noMetrics,
      node: 'n1',
      logo,
      scalePicture,
      groups,
      handlers: { ...table, ...handlers },
    })
    for (const [name, bearer] of offlineBearers) core.offlineNotices.use(name, bearer)
    return core
  }
}

const configOf = ({ config }: VillageOptions): Config =>
  loadConfig({ flags: { domains: homeDomain, ...config } }).config

export const openVillage = async (options: VillageOptions = {}): Promise<Village> => {
  const store = options.store ?? (await openStore({ url: 'sqlite::memory:', now: 0 }))
  const isMd4Allowed = options.config?.['secrets.allowMd4'] === true
  const village = new Village(store, options, await (isMd4Allowed ? credentialsWithMd4 : credentials))
  for (const user of options.users ?? ['alice', 'bob', 'carol']) await village.add(user)
  return village
}

/** The six ways in which a phone may write what it says. */
export const dialects: readonly { readonly version: Version; readonly syntax: Syntax }[] = (
  ['1.1', '1.2', '1.3'] as const
).flatMap(version => [
  { version, syntax: 'xml' as const },
  { version, syntax: 'wbxml' as const },
])
