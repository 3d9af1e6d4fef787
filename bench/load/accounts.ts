import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, loadConfig, openAccounts } from '@village/server'
import { certificate } from '../../server/src/testing/certificate.ts'
import { password } from './language.ts'
import { domain, userIdOf } from './phone.ts'

/** Ordinary settings, but for the throttle: all phones of a benchmark log in from one address. */
export const configFor = (folder: string, isTls = false): Config =>
  loadConfig({
    flags: {
      data: join(folder, 'data'),
      domains: [domain],
      'http.port': 0,
      'admin.port': 0,
      'cir.tcp.port': 0,
      'login.attemptsPerMinute.account': 1000,
      'login.attemptsPerMinute.source': 100_000,
      'log.level': 'warn',
      ...(isTls && tlsFiles(folder)),
    },
  }).config

const tlsFiles = (folder: string) => {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  writeFileSync(cert, certificate.cert)
  writeFileSync(key, certificate.key, { mode: 0o600 })
  return { 'http.tls.cert': cert, 'http.tls.key': key }
}

/** Makes so many accounts in a data folder that no server is using. */
export async function makeAccounts(folder: string, count: number, hashed: number): Promise<void> {
  const { users, close } = await openAccounts(configFor(folder))
  const batch = 200
  for (let start = 0; start < count; start += batch)
    await Promise.all(
      Array.from({ length: Math.min(batch, count - start) }, (_, n) =>
        users.add({ userId: userIdOf(start + n), password, mode: start + n < hashed ? 'hash' : 'sealed' }),
      ),
    )
  await close()
}
