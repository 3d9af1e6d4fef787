import { describe, expect, it } from 'vitest'
import { expectPrimitive, type Phone } from '../../testing/phone.ts'
import { openVillage } from '../../testing/village.ts'

const logout = { name: 'LogoutRequest', body: {} } as const

/** The reports that a phone gets. */
const reports = async (phone: Phone) => {
  const came = []
  for (;;) {
    const asked = (await phone.poll()).message?.transactions[0]
    if (asked === undefined) return came
    came.push(expectPrimitive(asked.primitive, 'DeliveryReportRequest'))
    await phone.answer(asked.id, { name: 'Status', body: { result: { code: 200 } } })
  }
}

describe('CSP 9.1.9: a delivery report', () => {
  it('tells who got what and when, once for each recipient', async () => {
    const village = await openVillage()
    const [alice, bob, carol] = [await village.ready('alice'), await village.ready('bob'), await village.ready('carol')]
    const sent = await alice.send(['bob', 'carol'], 'hello', { report: true })
    const { messageId } = expectPrimitive(sent.primitive, 'SendMessageResponse')
    expect(await reports(alice)).toEqual([])
    await village.world.pass(5)
    await bob.collect()
    await carol.collect()
    const came = await reports(alice)
    expect(came.map(({ messageInfo }) => messageInfo.recipient.users[0]?.userId)).toEqual([
      'wv:bob@example.com',
      'wv:carol@example.com',
    ])
    for (const { result, deliveryTime, messageInfo } of came) {
      expect(result.code).toBe(200)
      expect(deliveryTime).toEqual(new Date(village.world.now()))
      expect(messageInfo).toMatchObject({ messageId, sender: { user: { userId: 'wv:alice@example.com' } } })
    }
    expect(await reports(alice)).toEqual([])
  })

  it('waits while the one who asked is away, also across a restart', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    await alice.send('bob', 'hello', { report: true })
    await alice.code(logout)
    await bob.collect()
    village.restart()
    expect(await reports(await village.ready('alice'))).toHaveLength(1)
  })

  it('is not made where it was not asked for or not agreed', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    await alice.send('bob', 'no report')
    await alice.negotiate({ imFeat: { imReceiveFunc: { newm: true } } })
    await alice.send('bob', 'not agreed', { report: true })
    expect(await bob.texts()).toHaveLength(2)
    expect(await village.store.mailboxes.count('wv:alice@example.com', 'report')).toBe(0)
  })

  it('is done with whatever the client says to it, and comes again where it says nothing', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    await alice.send('bob', 'hello', { report: true })
    await bob.collect()
    const first = (await alice.poll()).message?.transactions[0]
    await village.world.pass(20)
    const again = (await alice.poll()).message?.transactions[0]
    expect(again?.id).toBe(first?.id)
    await alice.answer(again?.id, { name: 'Status', body: { result: { code: 501 } } })
    expect(await village.store.mailboxes.count('wv:alice@example.com', 'report')).toBe(0)
  })

  it('is stored where the queue of messages is full', async () => {
    const village = await openVillage({ config: { 'messages.queueLimit': 2 } })
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    await alice.send('bob', 'hello', { report: true })
    await bob.send('alice', 'one')
    await bob.send('alice', 'two')
    expect(await bob.texts()).toEqual(['hello'])
    const waiting = (['message', 'report'] as const).map(kind =>
      village.store.mailboxes.count('wv:alice@example.com', kind),
    )
    expect(await Promise.all(waiting)).toEqual([2, 1])
  })

  it('is not owed to a sender who is gone', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    await alice.send('bob', 'farewell', { report: true })
    await village.store.commit(village.store.accounts.remove('wv:alice@example.com'))
    expect(await bob.texts()).toEqual(['farewell'])
    expect(await village.store.mailboxes.count('wv:bob@example.com', 'message')).toBe(0)
  })
})

describe('CSP 9.1.5: MessageDelivered', () => {
  it('for a message that is already gone is what was wanted, and 426 for one that never was', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    const sent = await alice.send('bob', 'hello')
    const messageId = expectPrimitive(sent.primitive, 'SendMessageResponse').messageId!
    const confirm = (id: string) => bob.code({ name: 'MessageDelivered', body: { messageId: id } })
    expect([await confirm(messageId), await confirm(messageId), await confirm('never was')]).toEqual([200, 200, 426])
  })

  it("empties nobody else's mailbox", async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    const sent = await alice.send(['bob', 'carol'], 'hello')
    const { messageId } = expectPrimitive(sent.primitive, 'SendMessageResponse')
    expect(await alice.code({ name: 'MessageDelivered', body: { messageId: messageId! } })).toBe(426)
    await bob.code({ name: 'MessageDelivered', body: { messageId: messageId! } })
    expect(await village.store.mailboxes.count('wv:bob@example.com', 'message')).toBe(0)
    expect(await (await village.ready('carol')).texts()).toEqual(['hello'])
  })

  it('that a client says again and again is noted once, where the message stays for another', async () => {
    const village = await openVillage()
    const [bob, desk] = [
      await village.ready('bob'),
      await village.ready('alice', { version: '1.3', capabilities: { onlineEtemHandling: 'FORKALL' } }),
    ]
    const pda = await village.ready('alice', { clientId: 'pda' })
    const sent = await bob.send('alice', 'hello')
    const { messageId } = expectPrimitive(sent.primitive, 'SendMessageResponse')
    const delivered = { name: 'MessageDelivered', body: { messageId: messageId! } } as const
    expect([await desk.code(delivered), await desk.code(delivered)]).toEqual([200, 200])
    const item = await village.store.mailboxes.find('wv:alice@example.com', messageId!)
    expect(JSON.parse(item!.givenTo!)).toHaveLength(1)
    expect(await pda.texts()).toEqual(['hello'])
  })

  it('that comes twice makes one report', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    await alice.send('bob', 'hello', { report: true })
    const asked = (await bob.poll()).message!.transactions[0]!
    const { messageId } = expectPrimitive(asked.primitive, 'NewMessage').messageInfo
    const delivered = { name: 'MessageDelivered', body: { messageId: messageId! } } as const
    await Promise.all([bob.answer(asked.id, delivered), bob.answer(asked.id, delivered)])
    village.restart()
    await bob.answer(asked.id, delivered)
    expect(await reports(alice)).toHaveLength(1)
  })
})
