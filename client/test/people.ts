import { afterEach } from 'vitest'
import { openVillage, type VillageOptions } from '../../server/src/testing/village.ts'
import { connect } from '../src/connection.ts'
import type { ContactChange } from '../src/contact-changes.ts'
import type { Contact } from '../src/contact-roster.ts'
import type { Wishes } from '../src/negotiation.ts'
import type { Session } from '../src/session.ts'
import { fetchFrom } from './core-fetch.ts'
import type { Dialect } from './open-session.ts'

const sessions: Session[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.close()
})

export const addressOf = (name: string) => `wv:${name}@example.com`

/** A server in this process with alice, bob and carol, and sessions with it that end with the test. */
export async function openPeople(options: VillageOptions = {}) {
  const village = await openVillage(options)
  const fromCore = fetchFrom(village)
  let lose = Promise.withResolvers<never>()
  const asking: typeof fetch = (...request) => Promise.race([fromCore(...request), lose.promise])
  /** The server is gone without a word, and with it the connections on which it held polls. */
  const restart = () => {
    lose.promise.catch(() => {})
    lose.reject(new TypeError('connection lost'))
    lose = Promise.withResolvers()
    village.restart()
  }
  const login = async (
    name: string,
    [version, syntax]: Dialect = ['1.3', 'wbxml'],
    wishes: Wishes = { presence: 'live' },
  ) => {
    const connection = connect({ url: 'http://village.test/imps', fetch: asking, version, syntax })
    const session = await connection.login({ userId: addressOf(name), password: `${name}-secret` })
    sessions.push(session)
    await session.negotiate(wishes)
    return session
  }
  return { village, login, restart }
}

/** Waits until a contact is as described; undefined parts of it are not looked at. */
export async function seen(session: Session, name: string, isSo: (contact: Contact | undefined) => boolean) {
  const changes: AsyncIterableIterator<ContactChange> = session.contacts.changes()
  try {
    while (!isSo(session.contacts.find(addressOf(name))))
      if ((await changes.next()).done) throw new Error(`the session ended before ${name} was as expected`)
  } finally {
    await changes.return?.()
  }
  return session.contacts.find(addressOf(name))
}
