import type { Syntax } from '@village/protocol'
import { type Bench, type Figure, loadFigures, type Measured, type Scenario } from '../load/bench.ts'
import { Connection } from '../load/connection.ts'
import { type Flow, makeRing, type Ring, Tally, untilCompiled } from '../load/flow.ts'

interface Carried {
  readonly measured: Measured
  readonly tally: Tally
}

/** Sends so many messages per second, whatever the server does. Returns how to stop. */
function sendSteadily(flows: readonly Flow[], perSecond: number, send: (flow: Flow) => void): () => void {
  const begun = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    for (const due = ((performance.now() - begun) / 1000) * perSecond; sent < due; sent++) {
      const flow = flows[sent % flows.length]!
      if (!flow.isUnderWay) send(flow)
    }
  }, 1)
  return () => clearInterval(timer)
}

/**
 * S1 with four transactions at a time: on a second connection a poll is held until something arrives, and the answer to
 * MessageDelivered may bring the next message along. Whoever sends gets the held poll back, and polls again.
 * @param perSecond messages; if left out, the next one is sent as soon as the one before has arrived
 */
async function run(bench: Bench, { subject, flows }: Ring, perSecond?: number): Promise<Carried> {
  const tally = new Tally()
  const send = (flow: Flow) => {
    tally.exchanges++
    flow.sender.connection.post(flow.next(), answer => flow.accepted(answer))
  }
  let onArrival: (flow: Flow) => void = send
  const listen = (flow: Flow) => {
    const { recipient } = flow
    const line = new Connection(subject)
    bench.onClose(() => line.close())
    const post = (request: string) => {
      tally.exchanges++
      line.post(request, answer => {
        const messages = recipient.language.originatedIn(answer)
        if (messages.length === 0) return post(recipient.poll())
        for (const message of messages) {
          tally.arrived(flow.arrived(message.text))
          post(recipient.delivered(message))
          onArrival(flow)
        }
      })
    }
    post(recipient.poll())
  }
  flows.forEach(listen)
  flows.forEach(send)
  await bench.warmUp(() => tally.delivered, untilCompiled)
  if (perSecond !== undefined) {
    onArrival = () => {}
    bench.onClose(sendSteadily(flows, perSecond, send))
  }
  const measured = await bench.measure(
    subject,
    () => tally.delivered,
    () => tally.begin(),
  )
  return { measured, tally }
}

export const heldPolls = (syntax: Syntax): Scenario => ({
  id: `s1-${syntax}-held`,
  title: `S1: one to one, 100 phones, MultiTrans 4 with held polls, ${syntax.toUpperCase()}`,
  run: async bench => atFullPace(bench, await makeRing(bench, syntax, 4)),
})

/** The same where everybody has contacts and a block list in use, and 10 000 users are registered. */
export const heldPollsWithLists: Scenario = {
  id: 's1-lists-held',
  title: 'S1: one to one, MultiTrans 4 with held polls, XML, 100 phones of 10 000 users with block lists',
  run: async bench => atFullPace(bench, await makeRing(bench, 'xml', 4, bench.scaled(10_000))),
}

async function atFullPace(bench: Bench, ring: Ring): Promise<readonly Figure[]> {
  const { measured, tally } = await run(bench, ring)
  return [
    { name: 'messages per CPU second', value: measured.perCpuSecond, isRate: true, aim: { atLeast: 0.115 } },
    ...tally.figures(),
    ...loadFigures(measured),
  ]
}

/** The same far from full: what a message costs, and how long it takes, when nobody has to stand in line. */
export const steadyRate = (syntax: Syntax): Scenario => ({
  id: `s1-${syntax}-500`,
  title: `S1 at 500 messages/s, MultiTrans 4 with held polls, ${syntax.toUpperCase()}`,
  async run(bench) {
    const { measured, tally } = await run(bench, await makeRing(bench, syntax, 4), bench.scaled(500))
    const aims: Readonly<Record<string, Figure['aim']>> = {
      'send to delivery, p50 ms': { atMost: 0.31 },
      'send to delivery, p99 ms': { atMost: 0.93 },
    }
    return [
      { name: 'CPU seconds per 1000', value: measured.cpuSecondsPer1000, aim: { atMost: 0.38 } },
      ...tally.figures().map(figure => ({ ...figure, aim: aims[figure.name] })),
      ...loadFigures(measured),
    ]
  },
})
