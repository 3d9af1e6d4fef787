import { readFileSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import type { Derived } from './kinds.ts'
import { nearest } from './nearest.ts'
import { type Config, listOptions, type NamedOption } from './options.ts'
import { readValue } from './read-value.ts'
import { fromEnvironment, fromFlags, fromToml, type Setting, type Source } from './sources.ts'

/** Where settings are looked for; a later source wins over an earlier one. */
interface ConfigSources {
  /** Path of a TOML file. Given and not there is a mistake. */
  readonly file?: string | undefined
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
  /** Options of the command line by full name, nested or flat; text is read as in the environment. */
  readonly flags?: Readonly<Record<string, unknown>> | undefined
}

/** What `village check` tells: all mistakes at once, and, when there are none, the settings. */
interface CheckedConfig {
  readonly config: Config | undefined
  readonly mistakes: readonly string[]
  /** Settings that work and are worth a second look. */
  readonly warnings: readonly string[]
}

/** Thrown by `loadConfig`; its message lists every mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    const heading = mistakes.length === 1 ? 'One setting needs' : `${mistakes.length} settings need`
    super(`${heading} correction:\n${mistakes.map(mistake => `  - ${mistake}`).join('\n')}`)
    this.mistakes = mistakes
  }
}

/** Reads all settings. Throws a `ConfigError` that names every mistake of every source. */
export const loadConfig = (sources: ConfigSources): { config: Config; warnings: readonly string[] } => {
  const { config, mistakes, warnings } = checkConfig(sources)
  if (config === undefined) throw new ConfigError(mistakes)
  return { config, warnings }
}

/** Reads all settings and reports rather than throws. */
export const checkConfig = (sources: ConfigSources): CheckedConfig => {
  const known = listOptions()
  const names = known.map(option => option.name)
  const read: Source[] = [
    fromFile(sources.file),
    fromEnvironment(sources.environment ?? {}, names),
    fromFlags(sources.flags ?? {}),
  ]
  const mistakes = read.flatMap(source => source.mistakes)
  const values = new Map<string, unknown>()
  for (const setting of read.flatMap(source => source.settings)) {
    const option = known.find(candidate => candidate.name === setting.name)
    if (option === undefined) {
      mistakes.push(unknownSetting(setting, known))
      continue
    }
    const outcome = readValue(option, setting)
    if (outcome.ok) values.set(setting.name, outcome.value)
    else mistakes.push(outcome.mistake)
  }
  const config = assemble(known, values)
  // Rules between settings are judged on sound values only: a second complaint about a default would mislead.
  mistakes.push(...(mistakes.length === 0 ? conflicts(config) : []))
  return { config: mistakes.length === 0 ? config : undefined, mistakes, warnings: warningsFor(config) }
}

const fromFile = (file: string | undefined): Source => {
  if (file === undefined) return { settings: [], mistakes: [] }
  try {
    return fromToml(readFileSync(file, 'utf8'), file)
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error)
    return { settings: [], mistakes: [`${file}: cannot be read: ${reason}. Check the path given with --config.`] }
  }
}

const unknownSetting = (setting: Setting, known: readonly NamedOption[]): string => {
  const isVariable = setting.origin === setting.name
  const spellings = known.map(option => (isVariable ? option.variable : option.name))
  const guess = nearest(setting.name, spellings)
  const place = isVariable ? 'environment' : setting.origin
  const advice = guess === undefined ? 'Remove it; docs/CONFIG.md lists every option.' : `Did you mean ${guess}?`
  return `${setting.name} (${place}): there is no such option. ${advice}`
}

const assemble = (known: readonly NamedOption[], values: ReadonlyMap<string, unknown>): Config => {
  const data = String(values.get('data') ?? known.find(option => option.name === 'data')?.fallback)
  const config: Record<string, unknown> = {}
  for (const { name, fallback } of known) {
    const path = name.split('.')
    const leaf = path.pop() ?? name
    const parent = path.reduce((node, key) => (node[key] ??= {}) as Record<string, unknown>, config)
    parent[leaf] = values.has(name) ? values.get(name) : isDerived(fallback) ? fallback.from(data) : fallback
  }
  return config as unknown as Config
}

const isDerived = (fallback: unknown): fallback is Derived<unknown> =>
  typeof fallback === 'object' && fallback !== null && 'from' in fallback

const conflicts = ({
  http,
  session: { keepAliveSeconds: idle },
  data,
  secrets,
  domains,
  history,
  notices: { webhook },
}: Config): string[] => {
  const found: string[] = []
  if ((http.tls.cert === undefined) !== (http.tls.key === undefined)) {
    const [given, missing] = http.tls.cert === undefined ? ['key', 'cert'] : ['cert', 'key']
    found.push(`http.tls.${given}: TLS needs both files. Set http.tls.${missing} too, or remove http.tls.${given}.`)
  }
  if (idle.min > idle.default || idle.default > idle.max) {
    const order = `min (${idle.min}) <= default (${idle.default}) <= max (${idle.max})`
    found.push(`session.keepAliveSeconds: must keep ${order}. Change the one that is out of order.`)
  }
  // A misspelt domain would keep what must not be kept, or the other way round.
  for (const { domain } of history.domains.filter(({ domain }) => !domains.includes(domain)))
    found.push(`history.domains: this server does not answer for ${domain}. Add it to domains, or remove it here.`)
  const way = relative(resolve(data), resolve(secrets.keyFile))
  if (!way.startsWith('..') && !isAbsolute(way)) {
    found.push('secrets.keyFile: lies inside the data folder, so one stolen backup opens all. Choose a place outside.')
  }
  if (webhook.url === undefined && (webhook.always || webhook.tokenFile !== undefined)) {
    const given = webhook.always ? 'always' : 'tokenFile'
    found.push(`notices.webhook.${given}: there is nowhere to post to. Set notices.webhook.url too, or remove it.`)
  }
  return found
}

const warningsFor = ({ admin, http, login, notices: { webhook } }: Config): string[] => {
  const found: string[] = []
  if (!isLoopback(admin.host)) {
    found.push(`admin.host is ${admin.host}: other machines can reach the admin API. Let a firewall guard the port.`)
  }
  if (!isLoopback(http.host) && http.tls.cert === undefined && !http.requireDigest) {
    found.push('http: clients may send passwords in clear. Set http.tls.cert and key, or http.requireDigest = true.')
  }
  if (webhook.url?.startsWith('http:') && !isLoopback(new URL(webhook.url).hostname.replace(/^\[|\]$/g, ''))) {
    found.push('notices.webhook.url: names and numbers of users cross the network in clear. Let it begin with https.')
  }
  return [...found, ...registerWarnings({ http, login })]
}

const registerWarnings = ({ http, login }: Pick<Config, 'http' | 'login'>): string[] => {
  const { register, network, hideUnknown } = login
  const found: string[] = []
  if (register.byPassword && http.tls.cert === undefined && (http.requireDigest || !register.allowClear)) {
    found.push('login.register.byPassword: registers nobody without TLS. Set http.tls, or login.register.allowClear.')
  }
  if (register.byNetwork && network.trustedPeers.length === 0) {
    found.push('login.register.byNetwork: registers nobody, as no gateway is trusted. Set login.network.trustedPeers.')
  }
  if (hideUnknown && (register.byPassword || register.byNetwork)) {
    found.push('login.hideUnknown: does not hide who is unknown from those who may register. Turn one of the two off.')
  }
  return found
}

/** Whether only this machine can reach what listens on this host. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')
