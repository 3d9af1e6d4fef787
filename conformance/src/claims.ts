import { items as allItems, type Item, type Need } from './items.ts'
import type { Result } from './run.ts'

/**
 * What a run shows about an item. `passes`: all scenarios on it passed, and so did those on the items it needs.
 * `partly`: its own did, but something is missing. `not offered`: the server made a choice that leaves it out.
 */
export type State = 'passes' | 'partly' | 'fails' | 'not offered' | 'not covered'

export interface Claim {
  readonly item: Item
  readonly state: State
  /** What is missing or went wrong. */
  readonly because: readonly string[]
}

/** The service elements: wholes, of which other items are parts. */
const wholes = new Set(['001', '002', '003', '004'].map(number => `IMPS-CSP-SERV-S-${number}`))

/** What may be said of each item after a run. */
export function claimsFrom(results: readonly Result[], items: readonly Item[] = allItems): readonly Claim[] {
  const known = new Map(items.map(item => [item.id, item]))
  /** Items may need each other; one that is being looked at is taken to hold, so that only what is outside counts. */
  const holds = (id: string, lookedAt: ReadonlySet<string>): boolean => {
    if (lookedAt.has(id)) return true
    const item = known.get(id)
    if (item === undefined) return false // of another specification
    if (!wholes.has(id) && (item.unseen !== undefined || ownState(item, results) !== 'passes')) return false
    return missingIn(item, lookedAt).length === 0
  }
  const missingIn = (item: Item, lookedAt: ReadonlySet<string> = new Set()): Need[] => {
    const further = new Set([...lookedAt, item.id])
    return needsOf(item).filter(need => ![need].flat().some(id => holds(id, further)))
  }

  return items.map(item => {
    const about = scenariosOn(item, results)
    const missing = missingIn(item)
    if (wholes.has(item.id)) {
      const hasSome = missing.length < needsOf(item).length
      const state = missing.length === 0 ? 'passes' : hasSome ? 'partly' : 'not covered'
      return { item, state, because: hasSome ? sayMissing(missing) : [] }
    }
    const state = ownState(item, results)
    const unseen = item.unseen ? [`not looked at: ${item.unseen}`] : []
    if (state === 'not covered') return { item, state, because: unseen }
    if (state !== 'passes') return { item, state, because: reasons(about, state) }
    const because = [...sayMissing(missing), ...unseen]
    return { item, state: because.length > 0 ? 'partly' : 'passes', because }
  })
}

/** A part does not wait for the whole it belongs to: what the whole lacks is told there. */
const needsOf = ({ id, needs }: Item): readonly Need[] =>
  wholes.has(id) ? needs : needs.filter(need => typeof need !== 'string' || !wholes.has(need))

const scenariosOn = ({ id }: Item, results: readonly Result[]) =>
  results.filter(({ scenario }) => scenario.items.includes(id))

const ownState = (item: Item, results: readonly Result[]): Exclude<State, 'partly'> => {
  const outcomes = scenariosOn(item, results).map(({ outcome }) => outcome)
  if (outcomes.length === 0) return 'not covered'
  if (outcomes.includes('failed')) return 'fails'
  return outcomes.includes('passed') ? 'passes' : 'not offered'
}

const reasons = (about: readonly Result[], state: State): string[] => {
  const telling = about.filter(({ outcome }) => outcome === (state === 'fails' ? 'failed' : 'skipped'))
  return [...new Set(telling.map(({ scenario, reason }) => (state === 'fails' ? scenario.title : (reason ?? ''))))]
}

/** The id without what all ids have in common. */
export const shortId = (id: string) => id.replace('IMPS-CSP-', '')

const sayMissing = (needs: readonly Need[]): string[] => {
  const each = needs.map(need => [need].flat().map(shortId).join(' or '))
  return each.length > 0 ? [`needs ${each.join(', ')}`] : []
}
