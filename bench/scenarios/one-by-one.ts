import type { Syntax } from '@village/protocol'
import { type Bench, loadFigures, type Scenario } from '../load/bench.ts'
import { carry, type Flow, makeRing, type Ring, Tally, untilCompiled } from '../load/flow.ts'

/** S1 with one transaction at a time. */
export const oneByOne = (syntax: Syntax): Scenario => ({
  id: `s1-${syntax}`,
  title: `S1: one to one, 100 phones, MultiTrans 1, ${syntax.toUpperCase()}`,
  run: async bench => run(bench, await makeRing(bench, syntax, 1)),
})

/** The same where everybody has contacts and a block list in use, and 10 000 users are registered. */
export const oneByOneWithLists: Scenario = {
  id: 's1-lists',
  title: 'S1: one to one, MultiTrans 1, XML, 100 phones of 10 000 users with block lists',
  run: async bench => run(bench, await makeRing(bench, 'xml', 1, bench.scaled(10_000))),
}

async function run(bench: Bench, { subject, flows }: Ring) {
  const tally = new Tally()
  const send = (flow: Flow) => carry(flow, tally, send)
  flows.forEach(send)
  await bench.warmUp(() => tally.delivered, untilCompiled)
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
}
