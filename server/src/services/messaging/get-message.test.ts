import { describe, expect, it } from 'vitest'
import { allMessaging, expectPrimitive, type Phone, type PhoneOptions } from '../../testing/phone.ts'
import { dialects, openVillage, type Village } from '../../testing/village.ts'

const notified: PhoneOptions = { services: allMessaging, capabilities: { initialDeliveryMethod: 'N' } }

const open = async (options: PhoneOptions = {}) => {
  const village = await openVillage()
  const [alice, bob] = [await village.ready('alice'), await village.ready('bob', { ...notified, ...options })]
  return { village, alice, bob }
}

const idOf = async (sending: ReturnType<Phone['send']>) =>
  expectPrimitive((await sending).primitive, 'SendMessageResponse').messageId!

/** What the next polls bring, each answered with 200. */
const told = async (phone: Phone) => {
  const came = []
  for (;;) {
    const asked = (await phone.poll()).message?.transactions[0]
    if (asked === undefined) return came
    came.push(asked.primitive!)
    await phone.answer(asked.id, { name: 'Status', body: { result: { code: 200 } } })
  }
}

const list = (phone: Phone, messageCount?: number) =>
  phone.ask({ name: 'GetMessageListRequest', body: { messageCount } })
const get = (phone: Phone, messageId: string) => phone.ask({ name: 'GetMessageRequest', body: { messageId } })
const waiting = ({ store }: Village, user: string) => store.mailboxes.count(`wv:${user}@example.com`, 'message')

describe.each(dialects)('CSP 9.1.6, 9.1.8: notify and get in $version $syntax', dialect => {
  it('announces a message once, hands it over on demand and removes it once it is confirmed', async () => {
    const { village, alice, bob } = await open(dialect)
    const messageId = await idOf(alice.send('bob', 'Grüße'))
    const [notification, ...more] = await told(bob)
    expect(more).toEqual([])
    if (notification?.name !== 'MessageNotification') throw new Error(notification?.name)
    expect(notification.body.messageInfo).toMatchObject({ messageId, contentSize: 5, contentType: 'text/plain' })
    expect(await told(bob)).toEqual([])
    for (let time = 0; time < 2; time++) {
      const { messageInfo, contentData } = expectPrimitive((await get(bob, messageId)).primitive, 'GetMessageResponse')
      expect([messageInfo.messageId, contentData]).toEqual([messageId, 'Grüße'])
    }
    expect(await waiting(village, 'bob')).toBe(1)
    expect(await bob.code({ name: 'MessageDelivered', body: { messageId } })).toBe(200)
    expect(await waiting(village, 'bob')).toBe(0)
    expect((await get(bob, messageId)).primitive).toMatchObject({ body: { result: { code: 426 } } })
  })
})

describe('CSP 9.1.2: the delivery method', () => {
  const method = (phone: Phone, deliveryMethod: 'P' | 'N', groupId?: string) =>
    phone.code({ name: 'SetDeliveryMethodRequest', body: { deliveryMethod, groupId } })

  it('is changed during the session; with push comes all that waits, announced already or not', async () => {
    const { alice, bob } = await open()
    await alice.send('bob', 'one')
    expect(await told(bob)).toHaveLength(1)
    await alice.send('bob', 'two')
    expect(await method(bob, 'P')).toBe(200)
    expect(await bob.texts()).toEqual(['one', 'two'])
    expect(await method(bob, 'N')).toBe(200)
    await alice.send('bob', 'three')
    expect((await told(bob)).map(({ name }) => name)).toEqual(['MessageNotification'])
  })

  it('509 where the services for it were not agreed, 800 for a group, and nothing changes', async () => {
    const village = await openVillage()
    const services = { imFeat: { imReceiveFunc: { setd: true, newm: true } } } as const
    const bob = await village.ready('bob', { services })
    expect([await method(bob, 'N'), await method(bob, 'P', 'wv:/chess')]).toEqual([509, 800])
    const alice = await village.ready('alice')
    await alice.send('bob', 'hello')
    expect(await bob.texts()).toEqual(['hello'])
  })

  it('does not make a client be told again of what it knows when another client comes', async () => {
    const { village, alice, bob } = await open()
    await alice.send('bob', 'one')
    expect(await told(bob)).toHaveLength(1)
    await village.ready('bob', { clientId: 'other', services: { imFeat: { imSendFunc: {} } } })
    expect(await told(bob)).toEqual([])
  })
})

describe('CSP 9.1.3: the list of messages', () => {
  it('908 where there are none', async () => {
    const { bob } = await open()
    expect((await list(bob)).primitive).toMatchObject({ name: 'Status', body: { result: { code: 908 } } })
  })

  it('is cut where so few are asked for, and then says how many there are', async () => {
    const { alice, bob } = await open({ version: '1.3' })
    const ids = [
      await idOf(alice.send('bob', 'a')),
      await idOf(alice.send('bob', 'b')),
      await idOf(alice.send('bob', 'c')),
    ]
    const of = async (count?: number) => {
      const { messageInfos, messageTotalCount } = expectPrimitive(
        (await list(bob, count)).primitive,
        'GetMessageListResponse',
      )
      return [messageInfos?.map(({ messageId }) => messageId), messageTotalCount]
    }
    expect(await of()).toEqual([ids, undefined])
    expect(await of(3)).toEqual([ids, undefined])
    expect(await of(2)).toEqual([ids.slice(0, 2), 3])
    expect((await list(bob, 0)).primitive).toMatchObject({ body: { result: { code: 539 } } })
  })

  it('does not show what is meant for another client or application', async () => {
    const { village, bob } = await open({ version: '1.3', clientId: 'pda', applicationId: 'Chess' })
    const alice = await village.ready('alice', { version: '1.3', clientId: 'newer' })
    for (const more of [{ clientId: { url: 'desk' } }, { clientId: { url: 'PDA' } }])
      await alice.send([], 'x', { recipient: { users: [{ userId: 'bob', ...more }] } })
    for (const applicationId of ['Checkers', 'chess'])
      await alice.send([], applicationId, { recipient: { users: [{ userId: 'bob', applicationId }] } })
    const { messageInfos } = expectPrimitive((await list(bob)).primitive, 'GetMessageListResponse')
    expect(messageInfos?.map(({ recipient: { users } }) => users[0]?.clientId?.url ?? users[0]?.applicationId)).toEqual(
      ['PDA', 'chess'],
    )
  })
})

describe('CSP 9.1.4: rejecting messages', () => {
  const reject = (phone: Phone, ...messageIds: [string, ...string[]]) =>
    phone.ask({ name: 'RejectMessageRequest', body: { messageIds } })

  it('removes them, and 538 goes to a sender who asked for a report', async () => {
    const { village, alice, bob } = await open()
    const ids = [await idOf(alice.send('bob', 'a', { report: true })), await idOf(alice.send('bob', 'b'))] as const
    const { primitive } = await reject(bob, ids[0], 'unknown', ids[1])
    expect(primitive).toMatchObject({
      body: {
        result: {
          code: 201,
          details: [
            { code: 426, messageIds: ['unknown'] },
            { code: 200, messageIds: ids },
          ],
        },
      },
    })
    expect(await waiting(village, 'bob')).toBe(0)
    expect(await told(bob)).toEqual([])
    expect(await told(alice)).toMatchObject([{ name: 'DeliveryReportRequest', body: { result: { code: 538 } } }])
  })

  it('tells of success where senders are not to know', async () => {
    const village = await openVillage({ config: { 'messages.hideRefusals': true } })
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob', notified)]
    await reject(bob, await idOf(alice.send('bob', 'a', { report: true })))
    expect(await told(alice)).toMatchObject([{ body: { result: { code: 200 } } }])
    await alice.send('bob', 'b', { report: true, info: { validity: 60 } })
    await village.world.pass(61)
    await village.core.housekeeping.dropExpired()
    expect(await told(alice)).toEqual([])
  })

  it('426 for what belongs to somebody else', async () => {
    const { village, alice, bob } = await open()
    const carol = await village.ready('carol', notified)
    const messageId = await idOf(alice.send('bob', 'a'))
    expect((await reject(carol, messageId)).primitive).toMatchObject({ body: { result: { code: 426 } } })
    expect((await get(carol, messageId)).primitive).toMatchObject({ body: { result: { code: 426 } } })
    expect(await carol.code({ name: 'MessageDelivered', body: { messageId } })).toBe(426)
    expect(expectPrimitive((await get(bob, messageId)).primitive, 'GetMessageResponse').contentData).toBe('a')
  })
})

describe('CSP 5.6.4: content that does not fit', () => {
  it('is announced where it cannot be pushed, and waits where it cannot be fetched either', async () => {
    const capabilities = { acceptedPushLength: 10, acceptedPullLength: 20, anyContent: true } as const
    const phone = { version: '1.3', syntax: 'wbxml', services: allMessaging, capabilities } as const
    const { alice, bob } = await open({ ...phone, capabilities: { ...capabilities, initialDeliveryMethod: 'P' } })
    const html = { info: { contentType: 'text/html' } }
    await alice.send('bob', 'short', html)
    const long = await idOf(alice.send('bob', 'eleven char', html))
    const longer = await idOf(alice.send('bob', 'more than twenty characters', html))
    expect((await told(bob)).map(({ name }) => name)).toEqual(['NewMessage', 'MessageNotification'])
    expect((await get(bob, long)).primitive?.name).toBe('GetMessageResponse')
    expect((await get(bob, longer)).primitive).toMatchObject({ body: { result: { code: 546 } } })
  })

  it('540 where every client of the user refuses its like', async () => {
    const acceptedContentTypes = [
      { contentType: 'image/gif', acceptedRichContentLength: 2, contentPolicy: 'R' as const, contentPolicyLimit: 4 },
    ]
    const { alice } = await open({ version: '1.3', syntax: 'wbxml', capabilities: { acceptedContentTypes } })
    const send = (text: string) => alice.send('bob', text, { info: { contentType: 'image/gif' } })
    expect((await send('1234')).primitive?.name).toBe('SendMessageResponse')
    expect((await send('12345')).primitive).toMatchObject({ name: 'Status', body: { result: { code: 540 } } })
  })
})
