import { describe, expect, it } from 'vitest'
import { allMessaging, codeOf, type Phone } from '../../testing/phone.ts'
import { openVillage } from '../../testing/village.ts'
import type { Groups } from '../groups/groups.ts'

const chess = 'wv:/chess@example.com'
const closed = 'wv:/closed@example.com'

/** Two groups of which Alice is in one; Bob was thrown out of it. */
const groups: Groups = {
  find: async groupId =>
    [chess, closed].includes(groupId) ? { groupId, isRestricted: groupId === closed } : undefined,
  memberOf: async (groupId, userId) =>
    groupId !== chess ? undefined : userId.startsWith('wv:alice') ? 'member' : 'rejected',
}

const open = async () => {
  const village = await openVillage({ groups })
  const ready = (user: string) =>
    village.ready(user, { version: '1.3', services: { imFeat: { ...allMessaging?.imFeat, imAuthFunc: {} } } })
  return { village, alice: await ready('alice'), bob: await ready('bob') }
}

const method = (phone: Phone, groupId?: string, groupContentLimit?: number, deliveryMethod: 'P' | 'N' = 'N') =>
  phone.code({ name: 'SetDeliveryMethodRequest', body: { deliveryMethod, groupId, groupContentLimit } })

describe('CSP 9.1.2: a delivery method for a group', () => {
  it('is kept beside that for all else', async () => {
    const { village, alice } = await open()
    expect(await method(alice, 'wv:/Chess', 1000)).toBe(200)
    const [session] = village.core.sessions.ofUser('wv:alice@example.com')
    expect(session?.agreement).toMatchObject({
      deliveryMethod: 'P',
      groupDelivery: { [chess]: { deliveryMethod: 'N', contentLimit: 1000 } },
    })
    expect([await method(alice, chess, undefined, 'P'), await method(alice)]).toEqual([200, 200])
    expect(session?.agreement).toMatchObject({
      deliveryMethod: 'N',
      groupDelivery: { [chess]: { deliveryMethod: 'P' } },
    })
  })

  it('800 without the group, 809 for who was rejected, 810 for strangers, 400 for a limit of no group', async () => {
    const { alice, bob } = await open()
    expect([await method(alice, 'wv:/go'), await method(bob, chess)]).toEqual([800, 809])
    expect([await method(alice, closed), await method(alice, undefined, 10)]).toEqual([810, 400])
  })

  it('509 comes first where the services for it are missing', async () => {
    const { village } = await open()
    const carol = await village.ready('carol', {
      version: '1.3',
      services: { imFeat: { imReceiveFunc: { setd: true } } },
    })
    expect([await method(carol, 'wv:/go'), await method(carol, chess)]).toEqual([509, 509])
  })
})

describe('groups that there are', () => {
  it('are found where messages are sent, listed and blocked', async () => {
    const { alice, bob } = await open()
    const sent = async (phone: Phone, groupId: string) =>
      codeOf((await phone.send([], 'hello', { recipient: { groups: [{ groupId }] } })).primitive)
    expect([await sent(alice, 'wv:/go'), await sent(bob, chess), await sent(alice, chess)]).toEqual([800, 808, 508])
    await bob.send('alice', 'not in a group')
    const listed = (groupId: string) => alice.code({ name: 'GetMessageListRequest', body: { groupId } })
    expect([await listed('wv:/go'), await listed(chess)]).toEqual([800, 908])
    const blocked = (groupIds: string[]) =>
      alice.code({ name: 'BlockEntityRequest', body: { blockList: { addList: { groupIds } } } })
    expect([await blocked(['wv:/go']), await blocked(['wv:/Chess'])]).toEqual([800, 200])
  })
})
