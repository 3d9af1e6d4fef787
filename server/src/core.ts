import type { Bus } from './cluster/bus.ts'
import type { Logo } from './config/logo-file.ts'
import type { Config } from './config/options.ts'
import type { Credentials } from './credentials/credentials.ts'
import { Throttle } from './credentials/throttle.ts'
import { Callers } from './csp/callers.ts'
import { Cir } from './csp/cir.ts'
import { clearQueue } from './csp/clear-queue.ts'
import { Deliveries } from './csp/deliveries.ts'
import { demandsOnSession } from './csp/demands.ts'
import { makeDispatch } from './csp/dispatch.ts'
import { endSessions } from './csp/end-sessions.ts'
import { Housekeeping } from './csp/housekeeping.ts'
import { OfflineNotices } from './csp/offline-notices.ts'
import { makeReceive, type Receive } from './csp/receive.ts'
import type { Session } from './csp/session.ts'
import { Sessions } from './csp/sessions.ts'
import { Tracing } from './csp/tracing.ts'
import { handlers as table } from './handlers.ts'
import type { ScalePicture } from './pictures/scaler.ts'
import { type Announcing, allUsers, announce } from './services/access/announcement.ts'
import { LockOuts } from './services/access/lock-outs.ts'
import { Nonces } from './services/access/nonces.ts'
import { RegistrationQuota } from './services/access/registration-quota.ts'
import { Segments } from './services/access/segments.ts'
import type { Announced } from './services/access/system-message.ts'
import type { House, Rows } from './services/context.ts'
import { type Groups, noGroups } from './services/groups/groups.ts'
import { Pictures } from './services/messaging/pictures.ts'
import { RulesCache } from './services/messaging/rules-cache.ts'
import { settle } from './services/messaging/settlement.ts'
import { ListDesk } from './services/presence/list-desk.ts'
import { OperatorLists } from './services/presence/operator-lists.ts'
import { PresenceDesk } from './services/presence/presence-desk.ts'
import { tellOpenRequests } from './services/presence/reactive-authorization.ts'
import { WatcherHistory } from './services/presence/watcher-history.ts'
import type { Store } from './store/store.ts'
import type { Log } from './telemetry/log.ts'
import type { Metrics } from './telemetry/metrics.ts'
import { Traces } from './telemetry/traces.ts'
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
  readonly logo?: Logo | undefined
  /** Without it pictures go to clients as they are, or wait. */
  readonly scalePicture?: ScalePicture | undefined
  readonly groups?: Groups | undefined
  /** Takes the place of the table of handlers. */
  readonly handlers?: Rows | undefined
}

export interface Core {
  readonly receive: Receive
  readonly sessions: Sessions
  /** Where transports that can wake clients are put in. */
  readonly cir: Cir
  /** Where bearers are put in that reach users who are not logged in. */
  readonly offlineNotices: OfflineNotices
  readonly housekeeping: Housekeeping
  /** Whose messages are kept for operators to look at. */
  readonly traces: Traces
  /** Sends a System Message (CSP 7.1) to users by key; undefined: to all. */
  announce(announced: Announced, to: readonly string[] | undefined, validitySeconds?: number): Promise<Announcing>
  /** Ends a user's sessions, or that of one client, by force (CSP 6.6); resolves to how many there were. */
  endSessions(userId: string, client?: string): Promise<number>
  /** Drops a portion of what waits for a user; resolves to how many items that were, and whether there may be more. */
  clearQueue(userId: string): Promise<{ cleared: number; more: boolean }>
  /** What operators do to contact lists. */
  readonly operatorLists: OperatorLists
  /** The account of a user, or a list of theirs, was changed by other means than a request of theirs. */
  forgetUser(userId: string): void
  /** Answers every poll that is held, with nothing: the server is about to stop. */
  releasePolls(): void
}

/** The server without sockets, files and clocks of its own: what the simulated world runs as well. */
export function createCore(options: CoreOptions): Core {
  const {
    world,
    config,
    store,
    credentials,
    bus,
    log,
    metrics,
    node,
    logo,
    groups = noGroups,
    handlers = table,
  } = options
  const onEnd = (session: Session) => {
    presence.onEnd(session)
    segments.dropAll(session)
    session.collections.clear(segments)
    deliveries.onEnd(session)
    cir.onEnd(session)
  }
  const { maxPerUser, contextSeconds } = config.session
  const sessionOptions = { world, store, node, maxPerUser, contextSeconds, bearers: () => offlineNotices.bearers }
  const sessions: Sessions = new Sessions(sessionOptions, {
    onEnd,
    onNews: session => cir.onNews(session),
    onTakenUp: async session => {
      await presence.onTakenUp(session)
      await listDesk.onNews(session)
      await tellOpenRequests(session, house)
    },
    onChange: async userId => {
      await presence.onSessions(userId)
      await listDesk.onSessions(userId)
    },
    onForsaken: record => presence.onForsaken(record),
  })
  const watcherHistory = new WatcherHistory(world, config.presence.watcherHistoryHours)
  const presence = new PresenceDesk(store, watcherHistory, userId => sessions.ofUser(userId))
  const listDesk = new ListDesk(store.listSyncs, userId => sessions.ofUser(userId))
  const segments = new Segments()
  const pictures = new Pictures(options.scalePicture)
  const deliveries = new Deliveries({
    world,
    store,
    sessions,
    pictures,
    settle: (item, code) => settle(item, code, house),
  })
  const callers = new Callers(sessions, world)
  const cir = new Cir({
    world,
    log,
    sessions,
    callers,
    deliveries,
    demands: session => demandsOnSession(session, house),
  })
  const offlineNotices = new OfflineNotices({ world, log, store, sessions, ...config.notices })
  bus.onAnnounce(announcement => {
    deliveries.onAnnounce(announcement)
    offlineNotices.onAnnounce(announcement)
  })
  const throttle = new Throttle({
    now: () => world.now(),
    accountAttemptsPerMinute: config.login.attemptsPerMinute.account,
    sourceAttemptsPerMinute: config.login.attemptsPerMinute.source,
  })
  const { maxWrongAnswers, lockOutSeconds } = config.announcements
  const lockOuts = new LockOuts(world, { mostFaults: maxWrongAnswers, seconds: lockOutSeconds })
  const accessRules = new RulesCache(store)
  const house: House = {
    world,
    config,
    store,
    bus,
    credentials,
    throttle,
    nonces: new Nonces(world),
    lockOuts,
    registrations: new RegistrationQuota(world, config.login.register.perHour),
    segments,
    sessions,
    outboxes: deliveries,
    pictures,
    wakeMethods: cir.methods,
    offlineBearers: offlineNotices.bearers,
    accessRules,
    presence,
    listDesk,
    watcherHistory,
    groups,
    logo,
    log,
  }
  const dispatch = makeDispatch({ house, handlers, log, metrics })
  const traces = new Traces({ world, log, ...config.trace })
  const tracing = new Tracing(traces, world, config.domains)
  return {
    receive: makeReceive({ house, sessions, callers, deliveries, cir, dispatch, tracing }),
    sessions,
    cir,
    offlineNotices,
    traces,
    announce: (announced, to, seconds = config.announcements.validitySeconds) =>
      announce(announced, to ?? allUsers(house), seconds, house),
    housekeeping: new Housekeeping(house, sessions, log),
    endSessions: (userId, client) => endSessions({ store, sessions }, userId, 601, client),
    clearQueue: userId => clearQueue(house, userId),
    operatorLists: new OperatorLists(house),
    forgetUser: userId => {
      accessRules.forget(userId)
      presence.forget(userId)
    },
    releasePolls: () => {
      for (const session of sessions.all()) session.releasePoll?.()
    },
  }
}
