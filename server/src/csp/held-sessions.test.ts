import { expect, it } from 'vitest'
import { HeldWorld } from '../testing/held-world.ts'
import { HeldSessions } from './held-sessions.ts'
import type { Session } from './session.ts'

const session = (idDigest: string, userId = 'wv:alice@example.com') => ({ idDigest, userId }) as Session

class CountingWorld extends HeldWorld {
  digests = 0

  override digest(data: string | Uint8Array): string {
    this.digests++
    return super.digest(data)
  }
}

const open = () => {
  const world = new CountingWorld()
  const idOf = (id: string) => new HeldWorld().digest(id)
  return { held: new HeldSessions(world), idOf, digests: () => world.digests }
}

it('makes the digest of an id that led to a session only once, and of any other each time', () => {
  const { held, idOf, digests } = open()
  held.add(session(idOf('one')))
  for (let time = 0; time < 3; time++) expect(held.digestOf('one')).toBe(idOf('one'))
  expect(digests()).toBe(1)
  for (let time = 0; time < 3; time++) expect(held.digestOf('guess')).toBe(idOf('guess'))
  expect(digests()).toBe(4)
})

it('forgets the id with the session', () => {
  const { held, idOf, digests } = open()
  const one = session(idOf('one'))
  held.add(one)
  held.digestOf('one')
  expect(held.remove(one)).toBe(true)
  expect(held.remove(one)).toBe(false)
  expect([held.size, held.ofUser(one.userId), held.ofDigest(idOf('one'))]).toEqual([0, [], undefined])
  held.digestOf('one')
  held.digestOf('one')
  expect(digests()).toBe(3)
})

it('does not let go of a session for one that had its id before', () => {
  const { held, idOf } = open()
  const [before, after] = [session(idOf('one')), session(idOf('one'))]
  held.add(before)
  held.remove(before)
  held.add(after)
  expect(held.remove(before)).toBe(false)
  expect(held.ofUser(after.userId)).toEqual([after])
})
