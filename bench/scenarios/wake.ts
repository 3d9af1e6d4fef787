import { once } from 'node:events'
import { connect } from 'node:net'
import { bareRequest } from '../load/bare.ts'
import { type Bench, loadFigures, type Scenario } from '../load/bench.ts'
import { listenBy } from '../load/channel.ts'
import { Connection } from '../load/connection.ts'
import { type Flow, logInRing, type Ring } from '../load/flow.ts'
import { languageOf, type WakeMethod } from '../load/language.ts'
import { percentile } from '../load/percentile.ts'

/**
 * How soon an idle client has a message, from the moment the sender is told that it was accepted: the client is woken,
 * polls, and has the answer. One message at a time, so nothing stands in line. It may be less than nothing, since the
 * knock does not wait for the sender to read the answer.
 */
export const wake = (method: WakeMethod): Scenario => ({
  id: `cir-${method.toLowerCase()}`,
  title: `CIR: from acceptance to the hands of an idle client, woken by ${method}`,
  async run(bench) {
    const count = bench.scaled(50)
    await bench.makeAccounts(count)
    const [subject, language] = [await bench.start(), languageOf('xml')]
    const ring = await logInRing(bench, { subject, language, count, multiTrans: 1, wakeMethods: [method] })
    const carry = await listenAll(bench, ring, method)
    let waits: number[] = []
    let isOver = false
    const work = async () => {
      for (let n = 0; !isOver; n++) waits.push(await carry(ring.flows[n % count]!))
    }
    const working = work()
    const measured = await bench.measure(
      subject,
      () => waits.length,
      () => {
        waits = []
      },
    )
    isOver = true
    await working
    const ceiling = percentile(await bareTimes(bench, method), 0.5)
    const middle = percentile(waits, 0.5)
    return [
      { name: 'acceptance to hands, p50 ms', value: middle, aim: { atMost: 20 } },
      { name: 'acceptance to hands, p99 ms', value: percentile(waits, 0.99) },
      { name: 'bare servers, p50 ms', value: ceiling },
      { name: 'times the bare servers', value: middle / ceiling },
      { name: 'messages', value: waits.length },
      ...loadFigures(measured),
    ]
  },
})

/** Has all phones listen; returns what carries a message and tells the milliseconds from acceptance to hands. */
async function listenAll(bench: Bench, { flows, subject }: Ring, method: WakeMethod) {
  let onArrival: (at: number) => void = () => {}
  for (const flow of flows) {
    const { recipient } = flow
    const fetch = async () => {
      const [message] = recipient.language.originatedIn(await recipient.connection.ask(recipient.poll()))
      if (message === undefined) return
      const at = performance.now()
      flow.arrived(message.text)
      await recipient.connection.ask(recipient.delivered(message))
      onArrival(at)
    }
    bench.onClose(await listenBy[method](recipient, subject, fetch))
  }
  return async (flow: Flow): Promise<number> => {
    const arrival = new Promise<number>(resolve => {
      onArrival = resolve
    })
    flow.accepted(await flow.sender.connection.ask(flow.next()))
    const acceptedAt = performance.now()
    return (await arrival) - acceptedAt
  }
}

/** The same way with servers that do nothing: to be told something on the channel, and to ask by HTTP. */
async function bareTimes(bench: Bench, method: WakeMethod): Promise<number[]> {
  const http = new Connection(await bench.start('ceiling.ts'))
  const tcp = connect((await bench.start('echo.ts')).port, '127.0.0.1').setNoDelay()
  bench.onClose(() => {
    http.close()
    tcp.destroy()
  })
  const told = () => {
    if (method === 'SHTTP') return http.ask(bareRequest)
    tcp.write('WVCI 1.2 cookie\r\n')
    return once(tcp, 'data')
  }
  const times: number[] = []
  for (let n = bench.scaled(1000); n > 0; n--) {
    const begun = performance.now()
    await told()
    await http.ask(bareRequest)
    times.push(performance.now() - begun)
  }
  return times
}
