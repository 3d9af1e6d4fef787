import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Numbers that are asked for when somebody looks, rather than kept up to date. */
interface Gauges {
  readonly sessions: () => number
  readonly heldPolls: () => number
  readonly mailboxWaiting: () => number | Promise<number>
}

/** What one server tells about itself. Each server has its own, so that two in one process do not mix. */
export interface Metrics {
  /** Counts a handled primitive by its status code (200, 531, …) and the time it took. */
  handled(primitive: string, status: number, seconds: number): void
  /** Says where the gauges come from; before, they are not shown. */
  watch(gauges: Gauges): void
  /** The text of /metrics. */
  text(): Promise<string>
  readonly contentType: string
  /** Stops measuring the event loop. */
  close(): void
}

/** Names come from the wire: beyond this many different ones, further ones are counted together. */
const mostNames = 150
const nanosecondsPerSecond = 1e9
/** Between two looks at the event loop. */
const resolutionMilliseconds = 10

export const createMetrics = (): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  const primitives = new Counter({
    name: 'village_primitives_total',
    help: 'Primitives handled, by name and status code',
    labelNames: ['primitive', 'status'] as const,
    registers,
  })
  const seconds = new Histogram({
    name: 'village_handling_seconds',
    help: 'Time from a decoded primitive to its answer',
    labelNames: ['primitive'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  })
  const delay = monitorEventLoopDelay({ resolution: resolutionMilliseconds })
  delay.enable()
  new Gauge({
    name: 'village_event_loop_delay_p99_seconds',
    help: 'Delay of the event loop since the last look, 99th percentile',
    registers,
    collect() {
      // What is counted is the time from one look to the next, which is the resolution where nothing is late.
      const seconds = delay.percentile(99) / nanosecondsPerSecond - resolutionMilliseconds / 1000
      this.set(delay.count === 0 ? 0 : Math.max(0, seconds))
      delay.reset()
    },
  })

  const names = new Set<string>()
  const labelFor = (primitive: string): string => {
    if (names.has(primitive)) return primitive
    if (names.size >= mostNames || primitive.length > 60) return 'other'
    names.add(primitive)
    return primitive
  }

  return {
    handled: (name, status, duration) => {
      const primitive = labelFor(name)
      primitives.inc({ primitive, status })
      seconds.observe({ primitive }, duration)
    },
    watch: gauges => {
      gauge(registry, 'village_sessions', 'Sessions that are logged in', gauges.sessions)
      gauge(registry, 'village_held_polls', 'Polls held open until something arrives', gauges.heldPolls)
      gauge(registry, 'village_mailbox_waiting', 'Messages waiting for their recipients', gauges.mailboxWaiting)
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
    close: () => delay.disable(),
  }
}

const gauge = (registry: Registry, name: string, help: string, ask: () => number | Promise<number>): void => {
  const registers = [registry]
  new Gauge({
    name,
    help,
    registers,
    async collect() {
      this.set(await ask())
    },
  })
}
