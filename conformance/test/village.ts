import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig, readAdminToken, startServer } from '@village/server'
import { type Account, receiveNotices } from '../src/index.ts'

/** One dot. */
const smallestImage = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

/**
 * A server of our own in a scratch folder, with short times so that nobody has to wait long.
 * @param changes options by their full name
 */
export async function startVillage(changes: Readonly<Record<string, string | undefined>> = {}) {
  const scratch = mkdtempSync(join(tmpdir(), 'village-conformance-'))
  const logo = join(scratch, 'logo.gif')
  writeFileSync(logo, Buffer.from(smallestImage, 'base64'))
  const notices = await receiveNotices()
  const flags = {
    data: join(scratch, 'data'),
    'http.port': '0',
    'admin.port': '0',
    'cir.tcp.port': '0',
    'cir.udp.port': '0',
    'secrets.keyFile': join(scratch, 'key'),
    'provider.logo': logo,
    'session.keepAliveSeconds.min': '1',
    'session.maxPerUser': '64',
    'announcements.lockOutSeconds': '3',
    'notices.webhook.url': notices.url,
    'login.network.trustedPeers': '127.0.0.1',
    'login.forbiddenApplications': 'Forbidden1.0',
    'login.attemptsPerMinute.account': '1000',
    'login.attemptsPerMinute.source': '100000',
    'login.register.byPassword': 'true',
    'login.register.allowClear': 'true',
    'login.register.terms': 'Whoever comes here promises to be kind.',
    'login.register.reserved': 'nobody-*',
    'login.register.perHour.source': '10000',
    'login.register.perHour.server': '10000',
    'log.level': 'error',
    ...changes,
  }
  const server = await startServer(loadConfig({ file: undefined, environment: {}, flags }).config)
  const token = (await readAdminToken(flags.data)) ?? ''
  let made = 0
  /** Users nobody had before. */
  const users = async (...names: readonly string[]): Promise<Account[]> => {
    made++
    const accounts = names.map(name => ({
      userId: `wv:${name}${made}@village.local`,
      password: `secret ${name} ${made}`,
    }))
    for (const account of accounts) await server.users.add(account)
    return accounts
  }
  return {
    url: server.url,
    notices,
    operator: { url: server.adminUrl, token },
    couple: async () => (await users('romeo', 'juliet')) as [Account, Account],
    trio: async () => (await users('romeo', 'juliet', 'nurse')) as [Account, Account, Account],
    async stop() {
      await server.stop()
      await notices.close()
      rmSync(scratch, { recursive: true, force: true })
    },
  }
}
