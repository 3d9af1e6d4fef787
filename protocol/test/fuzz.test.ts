import { expect, it } from 'vitest'
import { fuzz } from './fuzz.ts'

it.each(['xml', 'wbxml'] as const)('damaged %s is read or refused, quickly, and never anything else', syntax => {
  const { findings, accepted } = fuzz(syntax, 4000, 7)
  expect(findings.map(({ problem, input }) => `${problem}\n${Buffer.from(input).toString('base64')}`)).toEqual([])
  expect(accepted).toBeGreaterThan(100)
})
