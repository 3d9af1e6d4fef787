import type { Server } from 'node:http'
import type { AddressInfo, Server as NetServer } from 'node:net'
import { resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { announcementRoutes } from './admin/announcement-routes.ts'
import { createAnnouncementAdmin } from './admin/announcements.ts'
import { createAdminApp } from './admin/app.ts'
import { contactRoutes } from './admin/contact-routes.ts'
import { createContactAdmin } from './admin/contacts.ts'
import { findOwnUser } from './admin/find-own-user.ts'
import { createHistoryAdmin } from './admin/history.ts'
import { historyRoutes } from './admin/history-routes.ts'
import { queueRoutes } from './admin/queue-routes.ts'
import { createQueueAdmin } from './admin/queues.ts'
import { sessionRoutes } from './admin/session-routes.ts'
import { createSessionAdmin } from './admin/sessions.ts'
import { adminToken } from './admin/token.ts'
import { traceRoutes } from './admin/trace-routes.ts'
import { createTraceAdmin } from './admin/traces.ts'
import { createUserAdmin, type UserAdmin } from './admin/users.ts'
import { localBus } from './cluster/local.ts'
import { isLoopback } from './config/load.ts'
import { readLogo } from './config/logo-file.ts'
import type { Config } from './config/options.ts'
import { readTlsFiles } from './config/tls-files.ts'
import { readWebhookToken } from './config/webhook-token.ts'
import { type Core, createCore } from './core.ts'
import { calmWorkers } from './credentials/calm-workers.ts'
import { createCredentials } from './credentials/credentials.ts'
import { keyFor } from './credentials/key-file.ts'
import { loadScaler, scalerIsMissing } from './pictures/scaler.ts'
import { realWorld } from './real-world.ts'
import { infoOf } from './services/messaging/mail.ts'
import { openDataFolder } from './store/data-folder.ts'
import { openStore, type Store } from './store/store.ts'
import { checkHealth } from './telemetry/health.ts'
import { createLog, type Log } from './telemetry/log.ts'
import { createMetrics } from './telemetry/metrics.ts'
import { createDatagrams } from './transport/cir/datagrams.ts'
import { createShttp } from './transport/cir/shttp.ts'
import { createStcp } from './transport/cir/stcp.ts'
import { gatewayNumbers } from './transport/http/gateway-numbers.ts'
import { createHttpListener } from './transport/http/listener.ts'
import { createWebhook } from './transport/notices/webhook.ts'
import { version } from './version.ts'

/** What the server is made of, in one place. */

export interface RunningServer {
  /** Where IMPS clients are heard: `http://127.0.0.1:8080/imps`. */
  readonly url: string
  readonly adminUrl: string
  readonly users: UserAdmin
  readonly log: Log
  /** Lets requests under way finish, writes down what is in memory, and releases everything. */
  stop(): Promise<void>
}

/** The accounts of a data folder that no server is using, for the command line. */
export interface OpenAccounts {
  readonly users: UserAdmin
  close(): Promise<void>
}

export async function openAccounts(config: Config): Promise<OpenAccounts> {
  const folder = openDataFolder(config.data)
  try {
    const store = await openStore({ url: config.store.url, now: realWorld.now() })
    const { users } = await openUsers(config, store)
    return {
      users,
      close: async () => {
        await store.close()
        folder.release()
      },
    }
  } catch (error) {
    folder.release()
    throw error
  }
}

async function openUsers(config: Config, store: Store, onChanged?: (userId: string) => Promise<void>) {
  const sealedRecordsExist = (await store.accounts.countSealed()) > 0
  const key = await keyFor({ path: config.secrets.keyFile, sealedRecordsExist })
  const credentials = await createCredentials({ key, allowMd4: config.secrets.allowMd4 })
  const users = createUserAdmin({
    accounts: store.accounts,
    history: store.history,
    commit: unit => store.commit(unit),
    credentials,
    domains: config.domains,
    now: () => realWorld.now(),
    onChanged,
  })
  return { users, credentials }
}

export async function startServer(config: Config): Promise<RunningServer> {
  const world = realWorld
  const log = createLog({ level: config.log.level, pretty: config.log.pretty })
  const folder = openDataFolder(config.data)
  if (!folder.isPrivate)
    log.warn('Others on this machine can look into the data folder: chmod 700', { path: folder.path })
  const undo: (() => unknown)[] = [() => folder.release()]
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const store = await openStore({ url: config.store.url, now: world.now() })
    undo.push(() => store.close())
    const { users, credentials } = await openUsers(config, store, async userId => {
      core.forgetUser(userId)
      await core.endSessions(userId)
    })
    await calmWorkers()
    const logo = config.provider.logo === undefined ? undefined : await readLogo(resolve(config.provider.logo))
    const metrics = createMetrics()
    undo.push(() => metrics.close())
    const scalePicture = config.messages.scalePictures ? await loadScaler() : undefined
    if (config.messages.scalePictures && scalePicture === undefined) log.info(scalerIsMissing)
    const outside = { world, bus: localBus(), log, metrics, node: 'n1', logo, scalePicture }
    const core = createCore({ config, store, credentials, ...outside })
    core.housekeeping.start()
    undo.push(() => core.housekeeping.stop())
    metrics.watch({
      sessions: () => core.sessions.size,
      heldPolls: () => [...core.sessions.all()].filter(session => session.releasePoll !== undefined).length,
      mailboxWaiting: () => store.mailboxes.countAll(),
    })

    const health = () => checkHealth({ version, askStore: () => store.ping() })
    const { domains } = config
    const sessions = createSessionAdmin({ records: store.sessions, domains, end: core.endSessions })
    const now = () => world.now()
    const announcements = createAnnouncementAdmin({
      announce: core.announce,
      records: store.announcements,
      domains,
      now,
    })
    const traces = createTraceAdmin(core.traces, domains)
    const find = (userId: string) => findOwnUser(userId, store.accounts, domains)
    const history = createHistoryAdmin({
      records: store.history,
      commit: unit => store.commit(unit),
      find,
      now,
      log,
    })
    const queues = createQueueAdmin({
      mailboxes: store.mailboxes,
      messageLimit: config.messages.queueLimit,
      infoOf,
      find,
      clear: core.clearQueue,
      log,
    })
    const contacts = createContactAdmin({
      records: store.contactLists,
      lists: core.operatorLists,
      domains: config.domains,
      find,
      log,
    })
    const routes = [
      (app: FastifyInstance) => sessionRoutes(app, sessions),
      (app: FastifyInstance) => traceRoutes(app, traces),
      (app: FastifyInstance) => announcementRoutes(app, announcements),
      (app: FastifyInstance) => historyRoutes(app, history),
      (app: FastifyInstance) => queueRoutes(app, queues),
      (app: FastifyInstance) => contactRoutes(app, contacts),
    ]
    const admin = await createAdminApp({ users, routes, metrics, health, token: await adminToken(config.data), log })
    undo.push(() => admin.close())
    const adminUrl = await admin.listen({ host: config.admin.host, port: config.admin.port })

    const tls = readTlsFiles(config.http.tls)
    await openCir(core, config, log, undo)
    await openWebhook(core, config, undo)
    const { holdSeconds } = config.poll
    const shttp = createShttp({ cir: core.cir, world, holdSeconds, publicUrl: config.http.publicUrl })
    const { maxBodyBytes, allowedOrigins } = config.http
    const msisdnOf = gatewayNumbers(config.login.network)
    const http = createHttpListener({ receive: core.receive, log, maxBodyBytes, allowedOrigins, tls, shttp, msisdnOf })
    await listen(http, config.http.host, config.http.port)
    const release = () => {
      core.releasePolls()
      shttp.release()
    }
    undo.push(() => drain(http, release))
    const scheme = tls ? 'https' : 'http'
    if (!tls && !config.http.requireDigest && !isLoopback(config.http.host))
      log.warn('Passwords may cross the network in clear: set http.tls, or http.requireDigest to take digests only')
    return { url: `${scheme}://${hostAndPort(http)}/imps`, adminUrl, users, log, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The ways to wake clients that need a port of their own; open before the first client can agree to them. */
async function openCir({ cir }: Core, { cir: { tcp, udp } }: Config, log: Log, undo: (() => unknown)[]) {
  if (tcp.port !== undefined) {
    const stcp = createStcp({ cir, log, publicAddress: tcp.publicAddress })
    await listen(stcp.server, tcp.host, tcp.port)
    undo.push(() => stcp.close())
  }
  if (udp.port !== undefined) {
    const datagrams = await createDatagrams({ ...udp, cir, log, port: udp.port })
    undo.push(() => datagrams.close())
  }
}

/** The bearer of offline notifications that needs no network of phones; there before the first client asks for one. */
async function openWebhook({ offlineNotices }: Core, { notices }: Config, undo: (() => unknown)[]) {
  const { url, tokenFile, timeoutSeconds, bearers, always } = notices.webhook
  if (url === undefined) return
  const token = await readWebhookToken(tokenFile)
  const webhook = createWebhook({ world: realWorld, url, token, timeoutSeconds })
  for (const name of bearers) offlineNotices.use(name, webhook)
  if (always) offlineNotices.useForOthers(webhook)
  undo.push(async () => {
    webhook.close()
    await offlineNotices.settled()
  })
}

const listen = (server: NetServer, host: string, port: number) =>
  new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(port, host, () => {
      server.off('error', failed)
      done()
    })
  })

/** Takes no new connections, answers what is under way, and closes. */
const drain = (server: Server, releasePolls: () => void) =>
  new Promise<void>(done => {
    // Clients go on asking on connections they have, and each of those is at rest at another moment.
    server.prependListener('request', (_, response) => response.setHeader('Connection', 'close'))
    const letGo = () => {
      releasePolls()
      server.closeIdleConnections()
    }
    const rounds = setInterval(letGo, 50)
    const limit = setTimeout(() => server.closeAllConnections(), 5000)
    server.close(() => {
      clearInterval(rounds)
      clearTimeout(limit)
      done()
    })
    letGo()
  })

const hostAndPort = (server: Server) => {
  const { address, port, family } = server.address() as AddressInfo
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`
}
