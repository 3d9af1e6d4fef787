import { describe, expect, it } from 'vitest'
import { isFinal, status, statusByCode, synonyms } from './status.ts'

// The codes of CSP 1.3 chapter 11, with 501 (6.1) and 760 (8.3.2.2): first and last of every unbroken run.
const runs = [
  [100, 102],
  [200, 201],
  [203, 203],
  [400, 405],
  [408, 411],
  [415, 415],
  [420, 420],
  [422, 429],
  [431, 442],
  [450, 452],
  [480, 481],
  [500, 510],
  [515, 517],
  [531, 548],
  [550, 550],
  [560, 562],
  [600, 601],
  [604, 608],
  [610, 610],
  [700, 703],
  [750, 758],
  [760, 760],
  [800, 810],
  [812, 818],
  [821, 825],
  [900, 909],
  [920, 921],
] as const

const listed = runs.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i))

describe('statusByCode', () => {
  it('knows the codes of chapter 11, their synonyms and no other code', () => {
    const known = Array.from({ length: 1100 }, (_, code) => code).filter(code => statusByCode(code) !== undefined)
    expect(known).toEqual([...listed, 580, 581].sort((a, b) => a - b))
    expect(listed).toHaveLength(136)
  })

  it('finds each row of the table under its own code', () => {
    for (const [name, row] of Object.entries(status)) expect(statusByCode(row.code)).toEqual({ name, ...row })
  })

  it('reads the codes that 6.10 misprints as those of chapter 11', () => {
    expect(statusByCode(580)).toBe(statusByCode(480))
    expect(statusByCode(581)).toBe(statusByCode(481))
    expect(synonyms).toEqual({ 580: 480, 581: 481 })
  })

  it('knows nothing of codes that are not numbers of the table', () => {
    for (const code of [Number.NaN, -200, 200.5, 204, 999]) expect(statusByCode(code)).toBeUndefined()
  })
})

describe('status', () => {
  it('names no code twice and keeps ascending order', () => {
    const codes = Object.values(status).map(row => row.code)
    expect(codes).toEqual([...codes].sort((a, b) => a - b))
    expect(new Set(codes).size).toBe(codes.length)
  })

  it('cites the clause of each class of codes, rows in the order of the chapter', () => {
    const clauses = Object.values(status).filter(row => row.clause.startsWith('11.'))
    let last = [0, 0]
    for (const { code, clause } of clauses) {
      const [, section, item] = clause.split('.').map(Number) as [number, number, number]
      expect([1, 2, 4, 5, 6, 7, 8, 9][section - 1]).toBe(Math.floor(code / 100))
      expect(item).toBe(section === last[0] ? last[1]! + 1 : 1)
      last = [section, item]
    }
    expect(clauses).toHaveLength(134)
  })

  it('describes each code in a few plain words, fit for a small screen', () => {
    for (const { description } of Object.values(status)) expect(description).toMatch(/^[A-Z][ -~]{3,59}$/)
  })
})

describe('isFinal', () => {
  it('holds for all but 1xx (5.4)', () => {
    const interim = Object.values(status)
      .filter(row => !isFinal(row.code))
      .map(row => row.code)
    expect(interim).toEqual([100, 101, 102])
  })
})
