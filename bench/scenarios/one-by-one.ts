import type { Syntax } from '@village/protocol'
import { loadFigures, type Scenario } from '../load/bench.ts'
import { type Flow, makeRing, Tally } from '../load/flow.ts'

/**
 * S1 with one transaction at a time, as most phones have it: send; poll; MessageDelivered. A phone polls when something
 * waits for it, as one that is woken does.
 */
export const oneByOne = (syntax: Syntax): Scenario => ({
  id: `s1-${syntax}`,
  title: `S1: one to one, 100 phones, MultiTrans 1, ${syntax.toUpperCase()}`,
  async run(bench) {
    const { subject, flows } = await makeRing(bench, syntax, 1)
    const tally = new Tally()
    const send = (flow: Flow) => {
      tally.exchanges++
      flow.sender.connection.post(flow.next(), answer => {
        flow.accepted(answer)
        poll(flow)
      })
    }
    const poll = (flow: Flow) => {
      const { recipient } = flow
      tally.exchanges++
      recipient.connection.post(recipient.poll(), answer => {
        const [message, ...others] = recipient.language.originatedIn(answer)
        if (message === undefined) return poll(flow)
        if (others.length > 0) throw new Error('More than one transaction at a time')
        tally.arrived(flow.arrived(message.text))
        tally.exchanges++
        recipient.connection.post(recipient.delivered(message), () => send(flow))
      })
    }
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
