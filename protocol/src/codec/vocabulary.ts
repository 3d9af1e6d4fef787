import { type Element, isWithin, type Part, type Version, versions } from '../schema/kit.ts'
import { type Likely, makeLikely } from './likely.ts'

/**
 * Every name of the language as a small number, its tag. The readers turn what they find into tags, the compiled
 * schema knows nothing but tags: names and tokens differ between formats and versions, tags do not.
 */
export interface Vocabulary {
  /** Name by tag; index 0 is unused, since a tag of 0 means the end of an element. */
  readonly names: readonly string[]
  tagOf(element: Element): number
  /** Whether an element has this name in any version. */
  has(name: string): boolean
  /** The names of these elements, those of other versions included. */
  likely(elements: readonly Element[]): Likely
  /** The tag of the name written at `text[start, end)`, UNKNOWN if there is none; `hash` as `hashOf` makes it. */
  find(text: string, start: number, end: number, hash: number): number
  /** Tag by page * 64 + token; UNKNOWN where a version has nothing there. */
  readonly byToken: Readonly<Record<Version, Int16Array>>
  /** Every element by tag (one of them, where several share a name). */
  readonly elements: readonly (Element | undefined)[]
}

export const nextHash = (hash: number, code: number) => (Math.imul(hash, 31) + code) | 0

const hashOf = (text: string) => {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = nextHash(hash, text.charCodeAt(i))
  return hash
}

/** Elements directly below an element, older forms included. */
export const below = (element: Element): Element[] => {
  const parts: Part[] = [...Object.values(element.parts ?? {}), ...(element.items ? [element.items] : [])]
  return parts.flatMap(part => [part.of, ...(part.forms ?? []).map(form => form.of)])
}

/** All elements reachable from these. */
export const reachable = (roots: readonly Element[]): Set<Element> => {
  const found = new Set<Element>()
  const queue = [...roots]
  for (let element = queue.pop(); element !== undefined; element = queue.pop()) {
    if (found.has(element)) continue
    found.add(element)
    queue.push(...below(element))
  }
  return found
}

export function makeVocabulary(roots: readonly Element[]): Vocabulary {
  const all = [...reachable(roots)]
  const names = ['']
  const elements: (Element | undefined)[] = [undefined]
  const tags = new Map<string, number>()
  for (const element of all) {
    let tag = tags.get(element.name)
    if (tag === undefined) {
      tag = names.push(element.name) - 1
      elements[tag] = element
      tags.set(element.name, tag)
    }
  }
  for (const { name, facts } of all) {
    const others = [...Object.values(facts.was ?? {}), ...(facts.spellings ?? [])]
    for (const other of others) if (!tags.has(other)) tags.set(other, tags.get(name)!)
  }

  const size = 4096 // a power of two, eight times the number of names: chains stay short
  const heads = new Int16Array(size).fill(-1)
  const entries = [...tags].map(([name, tag]) => ({ name, tag, next: -1 }))
  entries.forEach((entry, index) => {
    const slot = hashOf(entry.name) & (size - 1)
    entry.next = heads[slot]!
    heads[slot] = index
  })

  const table = (version: Version) => {
    const tokens = new Int16Array(12 * 64).fill(-1)
    // A code that this version does not use means what another version says: some clients use one table for all.
    const [current, others] = [
      all.filter(e => isWithin(version, e.facts)),
      all.filter(e => !isWithin(version, e.facts)),
    ]
    for (const element of [...others, ...current]) tokens[element.page * 64 + element.token] = tags.get(element.name)!
    return tokens
  }

  return {
    names,
    elements,
    tagOf: element => tags.get(element.name)!,
    has: name => tags.has(name),
    likely(elements) {
      const here = new Set(elements.map(element => tags.get(element.name)!))
      return makeLikely([...tags].filter(([, tag]) => here.has(tag)))
    },
    find(text, start, end, hash) {
      for (let index = heads[hash & (size - 1)]!; index >= 0; ) {
        const entry = entries[index]!
        const { name } = entry
        if (name.length === end - start) {
          let i = 0
          while (i < name.length && name.charCodeAt(i) === text.charCodeAt(start + i)) i++
          if (i === name.length) return entry.tag
        }
        index = entry.next
      }
      return -1
    },
    byToken: Object.fromEntries(versions.map(version => [version, table(version)])) as Record<Version, Int16Array>,
  }
}
