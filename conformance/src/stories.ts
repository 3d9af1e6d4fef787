import { readdirSync, readFileSync } from 'node:fs'
import { type Scenario, scenario } from './scenario.ts'
import { perform } from './story.ts'

const folder = new URL('../stories/', import.meta.url)

/** The stories of the folder `stories`, each played once, in the versions it names itself. */
export const stories = (): readonly Scenario[] =>
  readdirSync(folder)
    .filter(name => name.endsWith('.story'))
    .sort()
    .map(name => storyOf(readFileSync(new URL(name, folder), 'utf8')))

/** A story begins with its title, and goes on with a comment that names clause and conformance items. */
function storyOf(text: string): Scenario {
  const [title = '', about = ''] = text.split('\n').map(line => line.replace(/^#\s*/, ''))
  const [, clause = '', items = ''] = /^CSP ([\d.]+) *(.*)$/.exec(about) ?? []
  return scenario(items, clause, title, stage => perform(text, stage), { once: true })
}
