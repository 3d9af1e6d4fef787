import { describe, expect, it } from 'vitest'
import { type AccessEntry, type UserAccess, untouched } from '../../store/access-lists.ts'
import { RulesCache } from './rules-cache.ts'

const user = (key: string): AccessEntry => ({ kind: 'user', key, name: key, groupId: null })
const blocking = (...keys: string[]): UserAccess => ({
  ...untouched,
  block: { isInUse: true, entries: keys.map(user) },
})

/** A cache over lists that can be changed under it, and what it looked up. */
const cacheOver = (lists: Record<string, UserAccess>, most?: number) => {
  const reads: string[] = []
  const accessLists = {
    async find(userId: string) {
      reads.push(userId)
      const found = lists[userId] ?? untouched
      await Promise.resolve()
      return found
    },
  }
  const cache = new RulesCache({ accessLists, contactLists: {} } as ConstructorParameters<typeof RulesCache>[0], most)
  const blocks = async (userId: string, sender: string) => (await cache.of(userId)).blocks({ userId: sender })
  return { cache, blocks, reads, lists }
}

describe('the cache of access rules', () => {
  it('reads the lists of a user once, also where there are none', async () => {
    const { blocks, reads } = cacheOver({ alice: blocking('bob') })
    expect(await Promise.all([blocks('alice', 'bob'), blocks('alice', 'carol')])).toEqual([true, false])
    expect([await blocks('carol', 'bob'), await blocks('carol', 'bob')]).toEqual([false, false])
    expect(reads).toEqual(['alice', 'carol'])
  })

  it('keeps nothing that was read before a change, even if the reading ends after it', async () => {
    const { cache, blocks, lists } = cacheOver({ alice: blocking('bob') })
    const early = blocks('alice', 'carol')
    lists.alice = blocking('carol')
    cache.forget('alice')
    expect(await early).toBe(false)
    expect(await blocks('alice', 'carol')).toBe(true)
  })

  it('is bounded by what the rules hold, and lets go of who was not asked about for longest', async () => {
    const four = blocking('x', 'y', 'z')
    const { cache, blocks, reads } = cacheOver({ alice: four, bob: four, carol: four }, 8)
    for (const userId of ['alice', 'bob', 'alice', 'carol']) await blocks(userId, 'x')
    expect(cache.size).toBe(8)
    await blocks('alice', 'x')
    expect(reads).toEqual(['alice', 'bob', 'carol'])
    await blocks('bob', 'x')
    expect(reads).toHaveLength(4)
    for (const userId of ['alice', 'bob', 'carol', 'nobody']) cache.forget(userId)
    expect(cache.size).toBe(0)
  })

  it('tries again after the store failed', async () => {
    const { cache, lists } = cacheOver({})
    Object.defineProperty(lists, 'alice', {
      configurable: true,
      get: () => {
        throw new Error('disk')
      },
    })
    await expect(cache.of('alice')).rejects.toThrow('disk')
    Object.defineProperty(lists, 'alice', { value: blocking('bob') })
    expect((await cache.of('alice')).blocks({ userId: 'bob' })).toBe(true)
    expect(cache.size).toBe(2)
  })
})
