import { readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { checkConfig } from './load.ts'
import { listOptions } from './options.ts'
import { configReference, exampleToml } from './reference.ts'
import { fromToml } from './sources.ts'

const page = new URL('../../../docs/CONFIG.md', import.meta.url)

describe('docs/CONFIG.md', () => {
  it('is up to date (UPDATE=1 rewrites it)', () => {
    if (process.env.UPDATE === '1') writeFileSync(page, configReference())
    expect(readFileSync(page, 'utf8')).toBe(configReference())
  })

  it('has an example file in which every line may be uncommented', () => {
    const uncommented = exampleToml().replace(/^# (\w+ = )/gm, '$1')
    expect(() => parse(uncommented)).not.toThrow()
    const names = fromToml(uncommented, 'example').settings.map(setting => setting.name)
    expect(names).toEqual(listOptions().map(option => option.name))
    const flags = Object.fromEntries(fromToml(uncommented, 'example').settings.map(({ name, value }) => [name, value]))
    expect(checkConfig({ flags }).mistakes).toEqual([])
  })
})

describe('options', () => {
  it('have different environment variables and a sentence of prose each', () => {
    const all = listOptions()
    expect(new Set(all.map(option => option.variable)).size).toBe(all.length)
    for (const { about, name } of all) expect(about, name).toMatch(/^[A-Z].{20,115}\.$/)
  })
})
