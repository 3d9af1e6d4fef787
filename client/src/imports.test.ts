import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const folder = new URL('./', import.meta.url)
const sources = readdirSync(folder).filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))

it('runs in browsers: imports its own files, the protocol and hash-wasm, and names nothing of Node', () => {
  expect(sources).toContain('index.ts')
  for (const name of sources) {
    const text = readFileSync(new URL(name, folder), 'utf8')
    const imports = [...text.matchAll(/(?:from|import)\s*\(?'([^']+)'/g)].map(([, from]) => from!)
    const foreign = imports.filter(from => !from.startsWith('./') && from !== '@village/client')
    expect(foreign.filter(from => from !== '@village/protocol' && from !== 'hash-wasm')).toEqual([])
    expect(text).not.toMatch(/\b(Buffer|process|require|NodeJS|__dirname)\b/)
  }
})
