import type { Derived } from './kinds.ts'
import { listOptions, type NamedOption } from './options.ts'

const introduction = `# Configuration

Village runs without any configuration. What you set is taken from these places, a later one winning over an earlier:

1. the defaults below,
2. a TOML file: \`village serve --config village.toml\`,
3. environment variables that start with \`VILLAGE_\`,
4. options on the command line.

\`village check\` reads all of them and lists every mistake at once. A name that is not in this page is a mistake.
Relative paths start at the folder in which the server is started. In the environment a list is written with commas,
a switch as \`true\` or \`false\`, and \`VILLAGE_DOMAIN\` is a short form of \`VILLAGE_DOMAINS\` for a single domain.

This page is written from \`server/src/config/options.ts\`: after a change there, run
\`UPDATE=1 npx vitest run server/src/config\`.

`

/** The text of docs/CONFIG.md: every option with its default and variable, and an example file. */
export const configReference = (): string => {
  const sections = Object.entries(Object.groupBy(listOptions(), option => sectionOf(option.name)))
  const tables = sections.map(([section, members]) => `## ${section}\n\n${table(members ?? [])}`)
  return `${introduction}${tables.join('\n')}\n## An example file\n\n\`\`\`toml\n${exampleToml()}\`\`\`\n`
}

/** A village.toml with every option at its default, each behind a `#`. */
export const exampleToml = (): string => {
  const lines: string[] = []
  let current = ''
  for (const option of listOptions()) {
    const cut = option.name.lastIndexOf('.')
    const header = cut === -1 ? '' : option.name.slice(0, cut)
    if (header !== current) lines.push('', `[${header}]`)
    current = header
    lines.push(`# ${option.about}`, `# ${option.name.slice(cut + 1)} = ${fallbackToml(option)}`)
  }
  return `${lines.join('\n')}\n`
}

const sectionOf = (name: string): string => (name.includes('.') ? (name.split('.')[0] ?? name) : 'general')

const table = (members: readonly NamedOption[]): string => {
  const rows = members.map(
    option =>
      `| \`${option.name}\` | ${fallbackText(option)} | ${option.expects} | ${option.about} | \`${option.variable}\` |`,
  )
  return ['| option | default | value | meaning | variable |', '| --- | --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  )
}

const fallbackText = ({ fallback }: NamedOption): string => {
  if (fallback === undefined || (Array.isArray(fallback) && fallback.length === 0)) return 'none'
  if (Array.isArray(fallback)) return `\`${fallback.join(', ')}\``
  return typeof fallback === 'object' ? (fallback as Derived<unknown>).text : `\`${fallback}\``
}

const fallbackToml = ({ fallback, example }: NamedOption): string => {
  if (fallback === undefined) return example
  const isDerived = typeof fallback === 'object' && 'from' in fallback
  return JSON.stringify(isDerived ? (fallback as Derived<string>).from('./data') : fallback)
}
