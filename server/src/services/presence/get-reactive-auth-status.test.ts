import { describe, expect, it } from 'vitest'
import { expectPrimitive, type Phone } from '../../testing/phone.ts'
import { authorize, namesIn, watch, withPresence } from '../../testing/presence.ts'
import { dialects, openVillage } from '../../testing/village.ts'

const [alice, bob, carol] = ['wv:alice@example.com', 'wv:bob@example.com', 'wv:carol@example.com'] as const

async function states(phone: Phone, ...userIds: string[]): Promise<string[]> {
  const { primitive } = await phone.ask({ name: 'GetReactiveAuthStatusRequest', body: { userIds } })
  const { reactiveAuthStatuses } = expectPrimitive(primitive, 'GetReactiveAuthStatusResponse')
  return reactiveAuthStatuses.map(
    ({ userId, reactiveAuthState, presenceSubList }) => `${userId} ${reactiveAuthState} ${namesIn(presenceSubList)}`,
  )
}

describe.each(dialects.filter(({ version }) => version === '1.2'))(
  'CSP 8.2.3, GetReactiveAuthStatus in $version $syntax',
  dialect => {
    it('PENDING, GRANTED or DENIED, of all who are concerned', async () => {
      const village = await openVillage()
      const phone = await withPresence(village, 'alice', dialect)
      await authorize(phone, 'OnlineStatus', { defaultList: true })
      expect(await states(phone)).toEqual([])
      await watch(await withPresence(village, 'bob'), { userIds: [alice] }, 'OnlineStatus Alias')
      await watch(await withPresence(village, 'carol'), { userIds: [alice] }, 'OnlineStatus')
      expect(await states(phone)).toEqual([`${bob} PENDING Alias`])
      await authorize(phone, 'Alias', { userIds: [bob] })
      await authorize(phone, '', { userIds: [carol] })
      expect(await states(phone)).toEqual([`${bob} GRANTED Alias`, `${carol} DENIED `])
      await phone.ask({ name: 'CancelAuthRequest', body: { userId: bob } })
      expect(await states(phone)).toEqual([`${bob} PENDING Alias`, `${carol} DENIED `])
    })

    it('of those that are named, in the form in which they are', async () => {
      const village = await openVillage()
      const phone = await withPresence(village, 'alice', dialect)
      await authorize(phone, 'Alias', { userIds: [bob] })
      expect(await states(phone, 'wv:bob', carol)).toEqual(['wv:bob GRANTED Alias'])
      expect(await states(phone, 'wv:stranger', bob)).toEqual([`${bob} GRANTED Alias`])
      const stranger = { name: 'GetReactiveAuthStatusRequest', body: { userIds: ['wv:stranger'] } } as const
      expect(await phone.code(stranger)).toBe(531)
    })

    it('of who is on a contact list by what that shows', async () => {
      const village = await openVillage()
      const phone = await withPresence(village, 'alice', dialect)
      const contactList = 'wv:alice/friends'
      await phone.ask({ name: 'CreateListRequest', body: { contactList, nickList: [{ userId: bob }] } })
      await authorize(phone, 'Alias', { contactLists: [contactList] })
      await watch(await withPresence(village, 'bob'), { userIds: [alice] })
      expect(await states(phone)).toEqual([`${bob} GRANTED Alias`])
    })
  },
)
