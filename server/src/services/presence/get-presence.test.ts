import { describe, expect, it } from 'vitest'
import { expectPrimitive } from '../../testing/phone.ts'
import { authorize, inShort, sayStatus, withPresence } from '../../testing/presence.ts'
import { fetchWhole } from '../../testing/segments.ts'
import { openVillage } from '../../testing/village.ts'

describe('CSP 8.3.3, the presence of hundreds of users', () => {
  it.each(['xml', 'wbxml'] as const)('comes in segments, where those were agreed (CSP 6.10), in %s', async syntax => {
    const village = await openVillage()
    const bob = await withPresence(village, 'bob')
    await authorize(bob, 'StatusText', { defaultList: true })
    await sayStatus(bob, 'hello')
    const names = Array.from({ length: 300 }, (_, n) => `u${n}`)
    for (const name of names) await village.add(name)
    const services = { fundamentalFeat: {}, presenceFeat: {} }
    const alice = await village.ready('alice', { version: '1.3', syntax, services, capabilities: { parserSize: 4000 } })
    const userIds = [...names, 'bob'].map(name => `wv:${name}@example.com`)
    const { whole, sizes } = await fetchWhole(alice, { name: 'GetPresenceRequest', body: { userIds } })
    expect(sizes.length).toBeGreaterThan(2)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4000)
    const { presences } = expectPrimitive(whole, 'GetPresenceResponse')
    expect(presences.map(({ userId }) => userId)).toEqual(userIds)
    expect(inShort(presences.at(-1)!)).toBe('bob: statusText=hello')
  })
})
