import { expect, it } from 'vitest'
import { expectPrimitive, type Phone } from '../testing/phone.ts'
import { authorize, watch } from '../testing/presence.ts'
import { dialects, openVillage } from '../testing/village.ts'

const services = { imFeat: {}, presenceFeat: {} }
const everybody = { defaultList: true }

/** A phone of alice's that has logged in under one spelling of her address. */
const as = async (userId: string, dialect: object) => {
  const village = await openVillage()
  const phone = village.phone('alice', { ...dialect, services })
  await phone.login({ userId })
  await phone.negotiate(services)
  const bob = await village.ready('bob', { ...dialect, services })
  await watch(bob, { userIds: ['wv:alice'] })
  return phone
}

const addListed = async (phone: Phone, lists: object) => {
  await phone.ask({
    name: 'BlockEntityRequest',
    body: { blockList: { addList: lists }, grantList: { addList: lists } },
  })
  const { primitive } = await phone.ask({ name: 'GetBlockedListRequest', body: {} })
  return expectPrimitive(primitive, 'GetBlockedListResponse')
}

it.each(dialects)(
  'CSP 5.3.2: what names nobody is answered in the form of the login, in $version $syntax',
  async dialect => {
    for (const [own, domain] of [
      ['wv:alice', ''],
      ['wv:alice@example.com', '@example.com'],
    ] as const) {
      const phone = await as(own, dialect)
      await phone.ask({ name: 'CreateListRequest', body: { contactList: 'wv:alice/friends' } })
      const lists = {
        userIds: ['wv:bob@example.com', 'Carol', 'wv:x@elsewhere.org', 'wv:spam*@example.com'],
        contactLists: ['wv:alice/friends@example.com'],
        groupIds: ['wv:/chess@elsewhere.org'],
      }
      const { blockList, grantList } = await addListed(phone, lists)
      expect(blockList).toEqual(grantList)
      expect(blockList?.entityList).toMatchObject({
        userIds: [`wv:bob${domain}`, `wv:Carol${domain}`, 'wv:spam*@example.com', 'wv:x@elsewhere.org'],
        // Known there since 1.3.
        contactLists: dialect.version === '1.3' ? [`wv:alice/friends${domain}`] : [],
        groupIds: ['wv:/chess@elsewhere.org'],
      })

      const watchers = (await phone.ask({ name: 'GetWatcherListRequest', body: {} })).primitive
      expect(expectPrimitive(watchers, 'GetWatcherListResponse').watchers[0]?.userId).toBe(`wv:bob${domain}`)

      await authorize(phone, 'StatusText', { userIds: ['wv:bob@example.com', 'wv:carol'], ...everybody })
      const shown = (await phone.ask({ name: 'GetAttributeListRequest', body: everybody })).primitive
      const presences = expectPrimitive(shown, 'GetAttributeListResponse').presences
      expect(presences.map(({ userId }) => userId)).toEqual([`wv:bob${domain}`, `wv:carol${domain}`])

      if (dialect.version === '1.2') {
        const asked = { name: 'GetReactiveAuthStatusRequest', body: { userIds: [] } } as const
        const statuses = expectPrimitive((await phone.ask(asked)).primitive, 'GetReactiveAuthStatusResponse')
        const told = statuses.reactiveAuthStatuses.map(({ userId }) => userId)
        expect(told.sort()).toEqual([`wv:bob${domain}`, `wv:carol${domain}`])
      }
    }
  },
)

it.each(dialects)('CSP 5.3.2: who is on a contact list is named as the list is, in $version $syntax', async dialect => {
  const phone = await as('wv:alice', dialect)
  const nickList = [{ userId: 'wv:bob' }, { userId: 'wv:x@elsewhere.org' }]
  await phone.ask({ name: 'CreateListRequest', body: { contactList: 'wv:alice/friends', nickList } })
  for (const domain of ['', '@example.com']) {
    const body = { contactLists: [`wv:alice/friends${domain}`] }
    const { primitive } = await phone.ask({ name: 'GetPresenceRequest', body })
    const { presences } = expectPrimitive(primitive, 'GetPresenceResponse')
    expect(presences.map(({ userId }) => userId)).toEqual([`wv:bob${domain}`, 'wv:x@elsewhere.org'])
  }
})
