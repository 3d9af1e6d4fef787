import { parse, TomlError } from 'smol-toml'
import { keyLines } from './key-lines.ts'
import { variableFor } from './options.ts'

/** A value somebody wrote, and where. */
export interface Setting {
  readonly name: string
  readonly value: unknown
  /** `village.toml:3`, `VILLAGE_HTTP_PORT`, `command line`. */
  readonly origin: string
  /** Environment and command line carry text only: numbers, switches and lists are read out of it. */
  readonly isText: boolean
  /** Shows how the option is written at this source, given a value in TOML spelling. */
  readonly write: (name: string, example: string) => string
}

/** The settings of one source, or what keeps the source as a whole from being read. */
export interface Source {
  readonly settings: readonly Setting[]
  readonly mistakes: readonly string[]
}

/** Reads the text of a TOML file; `file` is its name for messages. */
export const fromToml = (content: string, file: string): Source => {
  let tree: unknown
  try {
    tree = parse(content)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const reason = error.message.split('\n')[0]?.replace('Invalid TOML document: ', '')
    const mistake = `${file}:${error.line}: this line is not TOML (${reason}). Correct it, or put a # before it.`
    return { settings: [], mistakes: [mistake] }
  }
  const lines = keyLines(content)
  const settings = flatten(tree).map(([name, value]) => ({
    name,
    value,
    origin: lines.has(name) ? `${file}:${lines.get(name)}` : file,
    isText: false,
    write: (key: string, example: string) => `${key} = ${example}`,
  }))
  return { settings, mistakes: [] }
}

/**
 * Reads VILLAGE_* variables. VILLAGE_DOMAIN is the short form for a server with a single domain. Variables that start
 * with VILLAGE_TEST_ belong to test runs and VILLAGE_PASSWORD to `village chat`: they are passed over. An empty variable
 * counts as not set.
 */
export const fromEnvironment = (environment: Readonly<Record<string, string | undefined>>, names: string[]): Source => {
  const nameOf = new Map(names.map(name => [variableFor(name), name]))
  nameOf.set('VILLAGE_DOMAIN', 'domains')
  const settings: Setting[] = []
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith('VILLAGE_') || isOfOthers(variable) || !value) continue
    const write = (name: string, example: string) => `${variableFor(name)}=${unquote(example)}`
    settings.push({ name: nameOf.get(variable) ?? variable, value, origin: variable, isText: true, write })
  }
  return { settings, mistakes: [] }
}

const isOfOthers = (variable: string) => variable.startsWith('VILLAGE_TEST_') || variable === 'VILLAGE_PASSWORD'

/** Takes options given on the command line, as `{ 'http.port': '80' }` or nested; `undefined` means not given. */
export const fromFlags = (flags: Readonly<Record<string, unknown>>): Source => ({
  settings: flatten(flags)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({
      name,
      value,
      origin: 'command line',
      isText: typeof value === 'string',
      write: (key, example) => `${key}=${unquote(example)}`,
    })),
  mistakes: [],
})

const unquote = (example: string): string => example.replace(/[[\]"]/g, '')

const flatten = (node: unknown, prefix = ''): [name: string, value: unknown][] =>
  Object.entries(node as object).flatMap(([key, value]) =>
    value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.getPrototypeOf(node)
      ? flatten(value, `${prefix}${key}.`)
      : [[prefix + key, value] as [string, unknown]],
  )
