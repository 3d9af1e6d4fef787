import type { Syntax } from '@village/protocol'
import { loadFigures, type Scenario } from '../load/bench.ts'
import { carry, type Flow, makeRing, Tally } from '../load/flow.ts'

/** S1 with one transaction at a time. */
export const oneByOne = (syntax: Syntax): Scenario => ({
  id: `s1-${syntax}`,
  title: `S1: one to one, 100 phones, MultiTrans 1, ${syntax.toUpperCase()}`,
  async run(bench) {
    const { subject, flows } = await makeRing(bench, syntax, 1)
    const tally = new Tally()
    const send = (flow: Flow) => carry(flow, tally, send)
    flows.forEach(send)
    const measured = await bench.measure(
      subject,
      () => tally.delivered,
      () => tally.begin(),
    )
    return [
      { name: 'messages per CPU second', value: measured.perCpuSecond, isRate: true, aim: { atLeast: 0.115 } },
      ...tally.figures(),
      ...loadFigures(measured),
    ]
  },
})
