import type { PrimitiveInput } from '@village/protocol'
import { describe, expect, it } from 'vitest'
import type { Phone } from '../../testing/phone.ts'
import { withPresence } from '../../testing/presence.ts'
import { openVillage } from '../../testing/village.ts'

const friends = 'wv:alice/friends@example.com'

const detailsOf = async (phone: Phone, request: PrimitiveInput) => {
  const { primitive } = await phone.ask(request)
  const body = primitive?.body as {
    result?: { details: { code: number; userIds: string[]; contactLists: string[] }[] }
  }
  return body.result?.details.map(({ code, userIds, contactLists }) => [code, ...userIds, ...contactLists])
}

describe('CSP 6.1: a request about several, of whom some are unknown', () => {
  const about = { userIds: ['BOB', 'wv:nobody'], contactLists: ['wv:alice/friends'] }
  const requests: readonly PrimitiveInput[] = [
    { name: 'SubscribePresenceRequest', body: about },
    { name: 'UnsubscribePresenceRequest', body: about },
    { name: 'GetPresenceRequest', body: about },
    { name: 'CreateAttributeListRequest', body: { ...about, presenceSubList: {}, defaultList: true } },
    { name: 'GetAttributeListRequest', body: { ...about, defaultList: true } },
    { name: 'DeleteAttributeListRequest', body: { ...about, defaultList: true } },
  ]

  it.each(requests)('$name: names the others as they were written, unless it is 1.1 that cannot', async request => {
    for (const [version, lists] of [
      ['1.3', ['wv:alice/friends']],
      ['1.2', ['wv:alice/friends']],
      ['1.1', []],
    ] as const) {
      const phone = await withPresence(await openVillage(), 'alice', { version })
      await phone.ask({ name: 'CreateListRequest', body: { contactList: friends } })
      expect(await detailsOf(phone, request), version).toEqual([
        [531, 'wv:nobody'],
        [200, 'BOB', ...lists],
      ])
    }
  })

  it('does not name those with too many watchers, nor a list on which they are', async () => {
    const village = await openVillage({ config: { 'presence.maxWatchers': 1 } })
    const full = await withPresence(village, 'carol')
    await full.ask({ name: 'SubscribePresenceRequest', body: { userIds: ['wv:bob'] } })
    const phone = await withPresence(village, 'alice', { version: '1.2' })
    const nickList = ['wv:bob', 'wv:carol'].map(userId => ({ userId }))
    await phone.ask({ name: 'CreateListRequest', body: { contactList: friends, nickList } })
    const body = { userIds: ['wv:bob', 'wv:alice'], contactLists: [friends] }
    const subscribe = (autoSubscribe: boolean) =>
      detailsOf(phone, { name: 'SubscribePresenceRequest', body: { ...body, autoSubscribe } })
    expect(await subscribe(false)).toEqual([
      [758, 'wv:bob'],
      [200, 'wv:alice'],
    ])
    expect(await subscribe(true)).toEqual([
      [758, 'wv:bob'],
      [200, 'wv:alice', friends],
    ])
  })
})
