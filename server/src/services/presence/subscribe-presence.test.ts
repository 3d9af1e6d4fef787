import { beforeEach, describe, expect, it } from 'vitest'
import { manage } from '../../testing/contacts.ts'
import { atRest } from '../../testing/held-world.ts'
import type { Phone } from '../../testing/phone.ts'
import { authorize, heard, publish, sayStatus, watch, withPresence } from '../../testing/presence.ts'
import { dialects, openVillage, type Village } from '../../testing/village.ts'

const [aliceId, bobId, carolId] = ['wv:alice@example.com', 'wv:bob@example.com', 'wv:carol@example.com']
const friends = 'wv:alice/friends@example.com'

const everybody = { defaultList: true }
const shown = 'OnlineStatus StatusText UserAvailability'

describe.each(dialects)('CSP 8.3.2, subscriptions in $version $syntax', dialect => {
  let village: Village
  let alice: Phone
  let bob: Phone
  beforeEach(async () => {
    village = await openVillage()
    alice = await withPresence(village, 'alice', dialect)
    bob = await withPresence(village, 'bob', { syntax: 'wbxml' })
    await authorize(bob, shown, everybody)
  })

  it('bring what may be seen at once, and then what changes', async () => {
    expect(await watch(alice, { userIds: [bobId] })).toBe(200)
    expect(await heard(alice)).toEqual(['bob: onlineStatuses=T'])
    await sayStatus(bob, 'hello')
    expect(await heard(alice)).toEqual(['bob: statusText=hello'])
    await publish(bob, { alias: { qualifier: true, presenceValue: 'Bobby' } })
    expect(await heard(alice)).toEqual([])
  })

  it('are told of nothing, too, at first', async () => {
    await watch(alice, { userIds: [carolId] })
    expect(await heard(alice)).toEqual(['carol:'])
  })

  it('are of some attributes, or of all; more can be added', async () => {
    await sayStatus(bob, 'hello')
    await watch(alice, { userIds: [bobId] }, 'StatusText')
    expect(await heard(alice)).toEqual(['bob: statusText=hello'])
    await publish(bob, { userAvailability: { qualifier: true, presenceValue: 'DISCREET' } })
    expect(await heard(alice)).toEqual([])
    await watch(alice, { userIds: [bobId] }, 'UserAvailability')
    expect(await heard(alice)).toEqual(['bob: userAvailability=DISCREET'])
    await sayStatus(bob, 'bye')
    expect(await heard(alice)).toEqual(['bob: statusText=bye'])
  })

  it('tell once what changes many times before the client asks, and that a value is gone', async () => {
    await watch(alice, { userIds: [bobId] })
    await heard(alice)
    for (let count = 0; count < 50; count++) await sayStatus(bob, `at ${count}`)
    expect(await heard(alice)).toEqual(['bob: statusText=at 49'])
    await publish(bob, { statusText: { qualifier: false } })
    expect(await heard(alice)).toEqual(['bob: statusText=?'])
  })

  it('tell of a logout and of a login', async () => {
    await watch(alice, { userIds: [bobId] })
    await heard(alice)
    await bob.ask({ name: 'LogoutRequest', body: {} })
    expect(await heard(alice)).toEqual(['bob: onlineStatuses=F'])
    await withPresence(village, 'bob')
    expect(await heard(alice)).toEqual(['bob: onlineStatuses=T'])
  })

  it('end by User-ID, and leave those by contact list', async () => {
    await alice.ask({ name: 'CreateListRequest', body: { contactList: friends, nickList: [{ userId: bobId }] } })
    await watch(alice, { userIds: [bobId] })
    await watch(alice, { contactLists: [friends] }, 'StatusText')
    await heard(alice)
    const end = (subjects: object) => alice.code({ name: 'UnsubscribePresenceRequest', body: subjects })
    expect(await end({ userIds: [bobId] })).toBe(200)
    await publish(bob, { userAvailability: { qualifier: true, presenceValue: 'AVAILABLE' } })
    await sayStatus(bob, 'here')
    expect(await heard(alice)).toEqual(['bob: statusText=here'])
    expect(await end({ contactLists: [friends] })).toBe(200)
    await sayStatus(bob, 'gone')
    expect(await heard(alice)).toEqual([])
  })

  it('come again as they are where they did not reach the client, or were not answered', async () => {
    await watch(alice, { userIds: [bobId] })
    const lost = await alice.poll()
    lost.outbound.onLost?.()
    await sayStatus(bob, 'hello')
    const { message } = await alice.poll()
    expect(message?.transactions.map(({ primitive }) => primitive?.name)).toEqual(['PresenceNotificationRequest'])
    await village.world.pass(20)
    const again = await alice.poll()
    expect(again.message?.transactions[0]?.id).toBe(message?.transactions[0]?.id)
    await alice.answer(again.message?.transactions[0]?.id, { name: 'Status', body: { result: { code: 200 } } })
    expect(await heard(alice)).toEqual([])
  })

  it('outlive a restart: everything is told anew', async () => {
    await watch(alice, { userIds: [bobId] }, 'OnlineStatus StatusText')
    await sayStatus(bob, 'hello')
    await heard(alice)
    village.restart()
    await publish(bob, { userAvailability: { qualifier: true, presenceValue: 'AVAILABLE' } })
    expect(await heard(alice)).toEqual(['bob: onlineStatuses=T statusText=hello'])
    await sayStatus(bob, 'still here')
    expect(await heard(alice)).toEqual(['bob: statusText=still here'])
  })

  it('outlive a restart with what is gone: the client may hold what it was told', async () => {
    await sayStatus(bob, 'hello')
    await watch(alice, { userIds: [bobId] }, 'StatusText')
    expect(await heard(alice)).toEqual(['bob: statusText=hello'])
    await publish(bob, { statusText: { qualifier: false } })
    village.restart()
    expect(await heard(alice)).toEqual(['bob: statusText=?'])
  })

  it('are made again without loss of the news that a value is gone', async () => {
    await sayStatus(bob, 'hello')
    await watch(alice, { userIds: [bobId] }, 'StatusText')
    await heard(alice)
    await publish(bob, { statusText: { qualifier: false } })
    await watch(alice, { userIds: [bobId] })
    expect(await heard(alice)).toEqual(['bob: onlineStatuses=T statusText=?'])
  })

  it('end with the session, and come back with it', async () => {
    const { sessionId } = alice
    await watch(alice, { userIds: [bobId] }, 'OnlineStatus')
    await heard(alice)
    await alice.ask({ name: 'LogoutRequest', body: {} })
    await alice.loginStep({ password: alice.password }, { sessionId })
    expect(await heard(alice)).toEqual(['bob: onlineStatuses=T'])
    await alice.ask({ name: 'LogoutRequest', body: {} })
    await alice.login()
    await alice.negotiate({ presenceFeat: {} })
    expect(await heard(alice)).toEqual([])
  })

  it('are of users and lists that there are: 531, 700, 201, and 400 for nobody', async () => {
    expect(await watch(alice, { userIds: ['wv:nobody'] })).toBe(531)
    expect(await watch(alice, { contactLists: ['wv:bob/friends@example.com'] })).toBe(700)
    expect(await watch(alice, { userIds: ['wv:nobody', bobId] })).toBe(201)
    expect(await watch(alice, { userIds: [] })).toBe(400)
    expect(await watch(alice, { userIds: ['wv:bob@elsewhere.org'] })).toBe(516)
  })

  it('of the own presence bring all of it', async () => {
    await sayStatus(alice, 'me')
    await watch(alice, { userIds: [aliceId] }, 'StatusText OnlineStatus')
    expect(await heard(alice)).toEqual(['alice: onlineStatuses=T statusText=me'])
  })
})

describe('CSP 8.3.2.1: a subscription to a contact list', () => {
  const open = async (dialect: { version: '1.2' | '1.3' }, autoSubscribe?: boolean) => {
    const village = await openVillage()
    const alice = await withPresence(village, 'alice', dialect)
    for (const name of ['bob', 'carol']) await authorize(await withPresence(village, name), shown, everybody)
    await alice.ask({ name: 'CreateListRequest', body: { contactList: friends, nickList: [{ userId: bobId }] } })
    await watch(alice, { contactLists: [friends], autoSubscribe }, 'OnlineStatus')
    expect(await heard(alice)).toEqual(['bob: onlineStatuses=T'])
    const change = (body: Parameters<typeof manage>[2]) => manage(alice, friends, body)
    return { village, alice, change }
  }

  it.each([
    [{ version: '1.3' } as const, undefined],
    [{ version: '1.2' } as const, true],
  ])('follows the list in %o', async (dialect, autoSubscribe) => {
    const { village, alice, change } = await open(dialect, autoSubscribe)
    await change({ addNickList: [{ userId: carolId }], removeNickList: undefined, receiveList: false })
    expect(await heard(alice)).toEqual(['carol: onlineStatuses=T'])
    await change({ removeNickList: [carolId], receiveList: false })
    await village.core.endSessions(carolId)
    expect(await heard(alice)).toEqual([])
    await alice.ask({ name: 'DeleteListRequest', body: { contactList: friends } })
    await village.core.endSessions(bobId)
    expect(await heard(alice)).toEqual([])
  })

  it('does not in 1.2 where the client does not ask for that', async () => {
    const { village, alice, change } = await open({ version: '1.2' }, false)
    await change({ addNickList: [{ userId: carolId }], receiveList: false })
    expect(await heard(alice)).toEqual([])
    await change({ removeNickList: [bobId], receiveList: false })
    await village.core.endSessions(bobId)
    expect(await heard(alice)).toEqual(['bob: onlineStatuses=F'])
  })
})

describe('CSP 8.3.2.1: a poll that comes while a subscription is carried out', () => {
  it('brings what may be seen', async () => {
    const village = await openVillage()
    const alice = await withPresence(village, 'alice', { version: '1.3', multiTrans: 4, perMessage: 1 })
    const subscribing = watch(alice, { userIds: [bobId] })
    const polling = alice.poll()
    expect(await subscribing).toBe(200)
    expect(await Promise.race([polling, atRest()])).toMatchObject({
      message: { transactions: [{ primitive: { name: 'PresenceNotificationRequest' } }] },
    })
  })
})
