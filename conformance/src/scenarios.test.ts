import { catalogue } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import { items } from './items.ts'
import { scenarios } from './scenarios.ts'

const known = new Set(items.map(({ id }) => id))

describe('the items', () => {
  it('are the 125 of the specification and two of the transport specification, each once', () => {
    expect(known.size).toBe(127)
    expect(items.length).toBe(127)
  })

  it('name only each other as needs', () => {
    const needed = items.flatMap(({ needs }) => needs.flat())
    expect(needed.filter(id => !known.has(id))).toEqual([])
  })

  it('have all that the primitives of the protocol claim to be about', () => {
    const claimed = Object.values(catalogue).flatMap(({ scr }) => scr as readonly string[])
    expect(claimed.filter(id => !known.has(id))).toEqual([])
  })
})

describe('the scenarios', () => {
  it('have titles of their own, by which failures are known', () => {
    const titles = scenarios().map(({ title }) => title)
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([])
  })

  it('cite a clause, and items that exist', () => {
    for (const { title, clause, items: about } of scenarios()) {
      expect(clause, title).not.toBe('')
      expect(
        about.filter(id => !known.has(id)),
        title,
      ).toEqual([])
    }
  })
})
