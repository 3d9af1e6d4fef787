import { type Version, versions } from '@village/protocol'
import { afterEach } from 'vitest'
import { connect } from '../src/connection.ts'
import type { Wishes } from '../src/negotiation.ts'
import type { Session } from '../src/session.ts'
import { password, type ScriptedServer } from './scripted-server.ts'

export type Dialect = readonly [version: Version, syntax: 'xml' | 'wbxml']

export const dialects: readonly Dialect[] = versions.flatMap(version =>
  (['xml', 'wbxml'] as const).map(syntax => [version, syntax] as const),
)

const sessions: Session[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.close()
})

/** A session of alice's with a scripted server, negotiated, and closed after the test. */
export async function openSession(
  server: ScriptedServer,
  [version, syntax]: Dialect = ['1.3', 'wbxml'],
  wishes: Wishes = { presence: 'live' },
): Promise<Session> {
  const connection = connect({ url: 'http://village.test/', fetch: server.fetch, version, syntax })
  const session = await connection.login({ userId: 'wv:alice@village.local', password })
  sessions.push(session)
  server.agreed = { multiTrans: 4, serverPollMin: 1 }
  await session.negotiate(wishes)
  return session
}
