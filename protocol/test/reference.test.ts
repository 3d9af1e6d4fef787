import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { reference } from './reference.ts'

const page = new URL('../../docs/REFERENCE.md', import.meta.url)

it('docs/REFERENCE.md is what the schema says', () => {
  if (process.env.UPDATE) writeFileSync(page, reference())
  expect(readFileSync(page, 'utf8')).toBe(reference())
})
