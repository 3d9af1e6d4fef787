import { describe, expect, it } from 'vitest'
import { Bench, type Figure } from './load/bench.ts'
import { asMarkdown, makeReport } from './report.ts'
import { scenarios } from './scenarios/index.ts'

/** Every scenario once, with tiny numbers: what they count has to be right, how fast it is says nothing here. */
const settings = { seconds: 0.15, scale: 25, kills: 25, core: undefined }

const figureOf = (figures: readonly Figure[], name: string) => figures.find(figure => figure.name === name)?.value

describe('benchmarks', () => {
  for (const scenario of scenarios)
    it(scenario.title, { timeout: 60_000 }, async () => {
      const bench = new Bench(settings)
      const figures = await scenario.run(bench).finally(() => bench.close())

      for (const { name, value } of figures) expect(value, name).not.toBeNaN()
      for (const { value } of figures.filter(({ isRate }) => isRate)) expect(value).toBeGreaterThan(0)
      if (['s5', 's5-kills'].includes(scenario.id)) expect(figureOf(figures, 'accepted in all')).toBeGreaterThan(0)
      if (['s5', 's5-kills', 'drain-wbxml-1', 'drain-wbxml-4'].includes(scenario.id)) {
        expect(figureOf(figures, 'lost')).toBe(0)
        expect(figureOf(figures, 'delivered twice')).toBe(0)
      }
      if (scenario.id.startsWith('cir')) expect(figureOf(figures, 'messages')).toBeGreaterThan(0)
      if (scenario.id === 's6-argon2id') expect(figureOf(figures, 'logins as a part of bare checks')).toBeGreaterThan(0)
      // Three one by one, two where the next rides along; of those under way at either end of the window some are outside.
      if (scenario.id.startsWith('s1'))
        expect(figureOf(figures, 'exchanges per message')).toBeGreaterThan(/ml$|lists$/.test(scenario.id) ? 2.5 : 1.5)
      if (scenario.id === 's2-memory') {
        expect(figureOf(figures, 'subscriptions')).toBe(40 * 39)
        expect(figureOf(figures, 'notifications that told of them at once')).toBeGreaterThanOrEqual(40)
      } else if (scenario.id.startsWith('s2')) {
        // A poll and a Status; a Status is answered with the next change at best.
        expect(figureOf(figures, 'exchanges per notification')).toBeGreaterThanOrEqual(0.9)
        expect(figureOf(figures, 'exchanges per notification')).toBeLessThanOrEqual(2.5)
      }
      if (scenario.id.startsWith('drain')) {
        expect(figureOf(figures, 'messages')).toBe(80)
        // Poll and MessageDelivered each time; or four together, and the next ones ride on the answer.
        const [least, most] = scenario.id.endsWith('1') ? [2, 4] : [0.25, 1.6]
        expect(figureOf(figures, 'exchanges per message, logins included')).toBeGreaterThanOrEqual(least!)
        expect(figureOf(figures, 'exchanges per message, logins included')).toBeLessThanOrEqual(most!)
      }
    })

  it('tells rates as parts of the ceiling, and aims as reached or missed', () => {
    const run = (value: number, aim?: Figure['aim']): readonly Figure[] => [{ name: 'rate', value, isRate: true, aim }]
    const report = makeReport(
      [
        { scenario: { id: 'r', title: 'R' }, runs: [run(900), run(1000), run(5000)] },
        { scenario: { id: 's', title: 'S' }, runs: [run(50, { atLeast: 0.1 }), run(200), run(120)] },
      ],
      {},
    )

    expect(report.rows[1]).toMatchObject({ median: 120, min: 50, max: 200, ratio: 0.12, isReached: true })
    expect(asMarkdown(report)).toContain('| rate | 120 (50-200) | 0.120 | >= 0.1 R | reached |')
  })
})
