import { reachable } from '../src/codec/vocabulary.ts'
import { catalogue, type PrimitiveFacts, type PrimitiveName } from '../src/schema/catalogue.ts'
import { type Element, nameIn, type Part, versions } from '../src/schema/kit.ts'

/** docs/REFERENCE.md: the language as the schema has it, for people who read it beside a specification or a trace. */

type Entry = PrimitiveFacts & { readonly element: Element; readonly since?: string; readonly until?: string }
const primitives = Object.entries(catalogue) as [PrimitiveName, Entry][]

const span = ({ since = '1.1', until = '1.3' }: { since?: string | undefined; until?: string | undefined }) =>
  since === until ? since : `${since} to ${until}`

const hex = (number: number) => `0x${number.toString(16).padStart(2, '0')}`

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`

const table = (heads: readonly string[], rows: readonly (readonly string[])[]) =>
  [row(heads), row(heads.map(() => '---')), ...rows.map(row)].join('\n')

const direction = { client: 'client to server', server: 'server to client', both: 'both ways' } as const

const answerOf = ({ answer, reply }: Entry) => {
  if (reply || answer === null) return ''
  return answer ?? 'Status'
}

const primitiveRow = ([name, entry]: [PrimitiveName, Entry]) => [
  name,
  `\`${entry.element.name}\``,
  direction[entry.from],
  answerOf(entry),
  entry.agreed ?? '',
  entry.clause,
  span(entry),
  entry.scr.map(id => id.replace('IMPS-CSP-', '')).join(', '),
]

const mark = { one: '', optional: '?', many: '*', some: '+' } as const

/** Parts in the manner of a DTD; what only some versions have says so. */
const contentOf = (element: Element): string => {
  if (element.kind) return element.values ? element.values.join(', ') : element.kind
  const parts: Part[] = element.items ? [element.items] : Object.values(element.parts ?? {})
  const words = parts.map(part => {
    const limits = { since: part.since ?? part.of.facts.since, until: part.until ?? part.of.facts.until }
    const versioned = limits.since === undefined && limits.until === undefined ? '' : ` (${span(limits)})`
    return `${part.of.name}${mark[part.card]}${versioned}`
  })
  return words.length === 0 ? 'empty' : words.join(', ')
}

const otherNames = (element: Element) =>
  [...new Set(versions.map(version => nameIn(version, element)))]
    .filter(name => name !== element.name)
    .map(name => `, once ${name}`)
    .join('')

const elementRow = (element: Element) => [
  `\`${element.name}\`${otherNames(element)}`,
  `${hex(element.page)} ${hex(element.token)}`,
  span(element.facts),
  contentOf(element),
]

const areas = ['access', 'presence', 'messaging', 'groups'] as const

/** The text of docs/REFERENCE.md. */
export const reference = (): string => {
  const elements = [...reachable(primitives.map(([, { element }]) => element))].sort((a, b) =>
    a.name === b.name ? 0 : a.name < b.name ? -1 : 1,
  )
  const sections = areas.map(area => {
    const rows = primitives.filter(([, { service }]) => service === area).map(primitiveRow)
    const heads = ['Primitive', 'On the wire', 'From', 'Answered by', 'Must be agreed', 'CSP', 'Versions', 'SCR']
    return `## ${area[0]!.toUpperCase()}${area.slice(1)}\n\n${table(heads, rows)}`
  })
  const heads = ['Element', 'Page and token', 'Versions', 'Content']
  return `# The language

Generated from \`protocol/src/schema\`; do not edit. To write it anew: \`UPDATE=1 npx vitest run protocol/test/reference.test.ts\`.

${primitives.length} primitives. Every primitive without an answer of its own is answered by Status, and any of them may be when it fails.

${sections.join('\n\n')}

## Elements

\`?\` at most once, \`*\` any number, \`+\` at least once, otherwise once. Order is that of version 1.3; readers take any.

${table(heads, elements.map(elementRow))}
`
}
