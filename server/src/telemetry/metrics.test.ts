import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createMetrics, type Metrics } from './metrics.ts'

let made: Metrics[] = []
const create = () => {
  const metrics = createMetrics()
  made.push(metrics)
  return metrics
}
afterEach(() => {
  for (const metrics of made) metrics.close()
  made = []
})

const delayIn = (text: string) => Number(/^village_event_loop_delay_p99_seconds (.+)$/m.exec(text)?.[1])

describe('metrics', () => {
  it('count primitives by name and status, and their time', async () => {
    const metrics = create()
    metrics.handled('SendMessage', 200, 0.004)
    metrics.handled('SendMessage', 200, 0.02)
    metrics.handled('SendMessage', 531, 0.001)
    const text = await metrics.text()
    expect(text).toContain('village_primitives_total{primitive="SendMessage",status="200"} 2')
    expect(text).toContain('village_primitives_total{primitive="SendMessage",status="531"} 1')
    expect(text).toContain('village_handling_seconds_bucket{le="0.005",primitive="SendMessage"} 2')
    expect(text).toContain('village_handling_seconds_count{primitive="SendMessage"} 3')
  })

  it('ask for gauges when somebody looks', async () => {
    const metrics = create()
    expect(await metrics.text()).not.toContain('village_sessions')
    let sessions = 1
    metrics.watch({ sessions: () => sessions, heldPolls: () => 2, mailboxWaiting: async () => 3 })
    sessions = 7
    const text = await metrics.text()
    expect(text).toMatch(/^village_sessions 7$/m)
    expect(text).toMatch(/^village_held_polls 2$/m)
    expect(text).toMatch(/^village_mailbox_waiting 3$/m)
  })

  it('measure the event loop', async () => {
    const metrics = create()
    await sleep(30)
    const until = performance.now() + 60
    while (performance.now() < until);
    await sleep(30)
    const seconds = delayIn(await metrics.text())
    expect(seconds).toBeGreaterThan(0.03)
    expect(seconds).toBeLessThan(10)
  })

  it('do not call an event loop late that nothing holds up', async () => {
    const metrics = create()
    // A busy machine delays some looks, but never all.
    for (let look = 0, seconds = 1; seconds > 0.005; look++) {
      expect(look).toBeLessThan(60)
      await sleep(60)
      seconds = delayIn(await metrics.text())
    }
  })

  it('stay apart for two servers in one process', async () => {
    const [one, other] = [create(), create()]
    one.handled('Login', 200, 0)
    expect(await other.text()).not.toContain('Login')
  })

  it('do not grow with invented names', async () => {
    const metrics = create()
    for (let index = 0; index < 1000; index++) metrics.handled(`Invented${index}`, 400, 0)
    const text = await metrics.text()
    expect(text.match(/^village_primitives_total\{/gm)?.length).toBe(151)
    expect(text).toContain('village_primitives_total{primitive="other",status="400"} 850')
  })
})
