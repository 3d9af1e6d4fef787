import { describe, expect, it } from 'vitest'
import { authorize, heard, sayStatus, watch, withPresence } from '../../testing/presence.ts'
import { dialects, openVillage } from '../../testing/village.ts'

describe.each(dialects)('CSP 8.3.2, SubscribePresence in $version $syntax', dialect => {
  it('brings what may be seen at once, and every change', async () => {
    const village = await openVillage()
    const alice = await withPresence(village, 'alice', dialect)
    const bob = await withPresence(village, 'bob')
    expect(await authorize(bob, 'OnlineStatus StatusText', { userIds: ['wv:alice@example.com'] })).toBe(200)
    expect(await watch(alice, { userIds: ['wv:bob@example.com'] })).toBe(200)
    expect(await heard(alice)).toEqual(['bob: onlineStatuses=T'])
    expect(await sayStatus(bob, 'hello')).toBe(200)
    expect(await heard(alice)).toEqual(['bob: statusText=hello'])
  })
})
