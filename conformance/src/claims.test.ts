import { describe, expect, it } from 'vitest'
import { claimsFrom } from './claims.ts'
import type { Item } from './items.ts'
import { judge, readKnownFailures } from './known-failures.ts'
import type { Result } from './run.ts'
import { scenario } from './scenario.ts'

const item = (id: string, needs: Item['needs'] = [], unseen?: string): Item => ({
  id,
  isMandatory: true,
  clause: '1',
  requires: 'Something.',
  needs,
  unseen,
})

const result = (id: string, outcome: Result['outcome'], reason?: string): Result => ({
  scenario: scenario(id, '1', `${id} works`, async () => {}),
  version: '1.2',
  syntax: 'xml',
  outcome,
  reason,
})

const stateOf = (items: readonly Item[], results: readonly Result[], id: string) => {
  const { state, because } = claimsFrom(results, items).find(claim => claim.item.id === id)!
  return because.length > 0 ? `${state}: ${because.join('; ')}` : state
}

describe('a claim', () => {
  const [a, b] = ['IMPS-CSP-A-S-001', 'IMPS-CSP-B-S-001']

  it('is what the scenarios on an item show', () => {
    expect(stateOf([item(a)], [], a)).toBe('not covered')
    expect(stateOf([item(a)], [result(a, 'passed'), result(a, 'skipped', 'may')], a)).toBe('passes')
    expect(stateOf([item(a)], [result(a, 'passed'), result(a, 'failed')], a)).toBe(`fails: ${a} works`)
    expect(stateOf([item(a)], [result(a, 'skipped', 'it may')], a)).toBe('not offered: it may')
  })

  it('is partial while something it needs is missing', () => {
    expect(stateOf([item(a, [b]), item(b)], [result(a, 'passed')], a)).toBe('partly: needs B-S-001')
    expect(stateOf([item(a, [b]), item(b)], [result(a, 'passed'), result(b, 'passed')], a)).toBe('passes')
    expect(stateOf([item(a, [[b, 'C']]), item(b)], [result(a, 'passed')], a)).toBe('partly: needs B-S-001 or C')
    expect(stateOf([item(a, [], 'the rest')], [result(a, 'passed')], a)).toBe('partly: not looked at: the rest')
  })

  it('says of what no scenario is about what that would be, if it is known', () => {
    expect(stateOf([item(a, [], 'all of it')], [], a)).toBe('not covered: not looked at: all of it')
  })

  it('does not count a part that is itself only partly there', () => {
    const items = [item(a, [b]), item(b, [], 'the rest')]
    expect(stateOf(items, [result(a, 'passed'), result(b, 'passed')], a)).toBe('partly: needs B-S-001')
  })

  it('holds for items that need each other', () => {
    const items = [item(a, [b]), item(b, [a])]
    expect(stateOf(items, [result(a, 'passed'), result(b, 'passed')], a)).toBe('passes')
  })

  it('on a whole is made of its parts, and no part waits for the whole', () => {
    const whole = 'IMPS-CSP-SERV-S-002'
    const items = [item(whole, [a, b]), item(a, [whole]), item(b, [whole])]
    expect(stateOf(items, [], whole)).toBe('not covered')
    expect(stateOf(items, [result(a, 'passed')], whole)).toBe('partly: needs B-S-001')
    expect(stateOf(items, [result(a, 'passed')], a)).toBe('passes')
    expect(stateOf(items, [result(a, 'passed'), result(b, 'passed')], whole)).toBe('passes')
  })
})

describe('known failures', () => {
  const known = readKnownFailures('# why\n\nA works\n  B works  \n')

  it('are titles, one a line', () => {
    expect([...known]).toEqual(['A works', 'B works'])
  })

  it('leave new failures and unexpected successes', () => {
    const { failures, surprises } = judge([result('A', 'failed'), result('B', 'passed'), result('C', 'failed')], known)
    expect(failures.map(({ scenario }) => scenario.title)).toEqual(['C works'])
    expect(surprises).toEqual(['B works'])
  })
})
