import { readFileSync, writeFileSync } from 'node:fs'
import { type Syntax, type Version, versions } from '@village/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judge, type Result, readKnownFailures, renderReport, runConformance, tellFailure } from '../src/index.ts'
import { startVillage } from './village.ts'

const knownFailures = readKnownFailures(readFileSync(new URL('../known-failures.txt', import.meta.url), 'utf8'))
const page = new URL('../../docs/CONFORMANCE.md', import.meta.url)
const readme = new URL('../../README.md', import.meta.url)
const howToUpdate = '`UPDATE=1 npx vitest run conformance` makes it anew'

const ways = versions.flatMap(version => (['xml', 'wbxml'] as const).map(syntax => ({ version, syntax })))

describe('our own server', () => {
  let village: Awaited<ReturnType<typeof startVillage>>
  let results: readonly Result[] = []

  beforeAll(async () => {
    village = await startVillage()
    const play = async ({ version, syntax }: { version: Version; syntax: Syntax }) =>
      runConformance({
        url: village.url,
        users: await village.trio(),
        operator: village.operator,
        notices: village.notices,
        versions: [version],
        syntaxes: [syntax],
      })
    // Each way of speaking has users of its own, so all of them can be tried at once.
    results = (await Promise.all(ways.map(play))).flat()
  }, 600_000)
  afterAll(() => village.stop())

  it('plays scenarios in every version and syntax', () => {
    for (const { version, syntax } of ways)
      expect(results.filter(it => it.version === version && it.syntax === syntax).length).toBeGreaterThan(50)
  })

  it('passes all scenarios but those that are known to fail', () => {
    const { failures, surprises } = judge(results, knownFailures)
    expect(failures.map(tellFailure).join('\n\n')).toBe('')
    expect(surprises, 'these pass now: strike them off known-failures.txt').toEqual([])
  })

  it('has docs/CONFORMANCE.md up to date', () => {
    const report = renderReport(results, howToUpdate)
    if (process.env.UPDATE) writeFileSync(page, report)
    expect(readFileSync(page, 'utf8')).toBe(report)
  })

  it('has its summary in the README', () => {
    const table = (text: string) => /\| \| mandatory [\s\S]*?\n\n/.exec(text)?.[0]
    const [before, now] = [readFileSync(readme, 'utf8'), table(renderReport(results, howToUpdate))!]
    if (process.env.UPDATE) writeFileSync(readme, before.replace(table(before)!, now))
    expect(table(readFileSync(readme, 'utf8'))).toBe(now)
  })
})
