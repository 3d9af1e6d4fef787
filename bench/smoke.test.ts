import { describe, expect, it } from 'vitest'
import { Bench, type Figure } from './load/bench.ts'
import { Gauge } from './load/gauge.ts'
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

  it('have a bare server beside them, which can be asked again', async () => {
    const bench = new Bench(settings)
    try {
      const gauge = await Gauge.start(bench, 'ceiling.ts', 4)
      for (let time = 0; time < 2; time++) expect((await gauge.read()).perCpuSecond).toBeGreaterThan(0)
    } finally {
      await bench.close()
    }
  })

  it('tell rates as parts of the ceiling of their minute, and aims as reached or missed', () => {
    const run = (r: number, value: number, aim?: Figure['aim']) => ({
      figures: [{ name: 'rate', value, isRate: true, aim }],
      r,
    })
    const runs = [run(1000, 50, { atLeast: 0.1 }), run(1000, 200), run(500, 60)]
    const report = makeReport([{ scenario: { id: 's', title: 'S' }, runs }], [900, 1000, 5000], {})

    expect(report.rows[0]).toMatchObject({ scenario: 'r', median: 1000, min: 900, max: 5000 })
    expect(report.rows[1]).toMatchObject({ median: 60, min: 50, max: 200, ratio: 0.12, isReached: true })
    expect(asMarkdown(report)).toContain('| rate | 60 (50-200) | 0.120 | >= 0.1 R | reached |')
  })
})
