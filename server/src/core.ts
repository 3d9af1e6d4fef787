import type { Bus } from './cluster/bus.ts'
import type { Config } from './config/options.ts'
import type { Credentials } from './credentials/credentials.ts'
import { Throttle } from './credentials/throttle.ts'
import { Deliveries } from './csp/deliveries.ts'
import { makeDispatch } from './csp/dispatch.ts'
import { Housekeeping } from './csp/housekeeping.ts'
import { makeReceive, type Receive } from './csp/receive.ts'
import { Sessions } from './csp/sessions.ts'
import { handlers as table } from './handlers.ts'
import { Nonces } from './services/access/nonces.ts'
import { Segments } from './services/access/segments.ts'
import type { House, Rows } from './services/context.ts'
import type { Store } from './store/store.ts'
import type { Log } from './telemetry/log.ts'
import type { Metrics } from './telemetry/metrics.ts'
import type { World } from './world.ts'

export interface CoreOptions {
  readonly world: World
  readonly config: Config
  readonly store: Store
  readonly credentials: Credentials
  readonly bus: Bus
  readonly log: Log
  readonly metrics: Metrics
  /** The name of this node. */
  readonly node: string
  /** Takes the place of the table of handlers. */
  readonly handlers?: Rows | undefined
}

export interface Core {
  readonly receive: Receive
  readonly sessions: Sessions
  readonly housekeeping: Housekeeping
  /** Answers every poll that is held, with nothing: the server is about to stop. */
  releasePolls(): void
}

/** The server without sockets, files and clocks of its own: what the simulated world runs as well. */
export function createCore(options: CoreOptions): Core {
  const { world, config, store, credentials, bus, log, metrics, node, handlers = table } = options
  const sessions = new Sessions({ world, store, node, maxPerUser: config.session.maxPerUser }, session => {
    segments.dropAll(session)
    session.collections.clear(segments)
    deliveries.onEnd(session)
  })
  const segments = new Segments()
  const deliveries = new Deliveries(world, store, sessions)
  bus.onAnnounce(announcement => deliveries.onAnnounce(announcement))
  const throttle = new Throttle({
    now: () => world.now(),
    accountAttemptsPerMinute: config.login.attemptsPerMinute.account,
    sourceAttemptsPerMinute: config.login.attemptsPerMinute.source,
  })
  const nonces = new Nonces(world)
  const house: House = { world, config, store, bus, credentials, throttle, nonces, segments, sessions }
  const dispatch = makeDispatch({ house, handlers, log, metrics })
  return {
    receive: makeReceive({ house, sessions, deliveries, dispatch }),
    sessions,
    housekeeping: new Housekeeping(house, sessions, log),
    releasePolls: () => {
      for (const session of sessions.all()) session.releasePoll?.()
    },
  }
}
