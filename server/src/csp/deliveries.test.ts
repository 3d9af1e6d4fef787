import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../store/database.ts'
import { atRest } from '../testing/held-world.ts'
import { allMessaging, expectPrimitive, type Phone, pushed } from '../testing/phone.ts'
import { openVillage, type VillageOptions } from '../testing/village.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `number ${index}`)

const two = async (alices: Parameters<Phone['negotiate']>[0] | undefined = pushed, options?: VillageOptions) => {
  const village = await openVillage(options)
  const [alice, bob] = [village.phone('alice'), await village.ready('bob')]
  await alice.login()
  await alice.negotiate(alices)
  return { village, alice, bob }
}

const nextMessage = async (phone: Phone) => {
  const asked = (await phone.poll()).message?.transactions[0]
  return { id: asked!.id, ...expectPrimitive(asked?.primitive, 'NewMessage').messageInfo }
}

describe('Messages on their way to a client', () => {
  it('come in the order in which they were sent, however many wait', async () => {
    const { village, alice, bob } = await two()
    for (const text of numbers(40)) await bob.send('alice', text)
    expect(village.core.sessions.ofUser('wv:alice@example.com')[0]?.outbox.space).toBe(0)
    expect(await alice.texts()).toEqual(numbers(40))
    expect(await alice.texts()).toEqual([])
  })

  it('wait while the user is away, and while nothing was agreed', async () => {
    const village = await openVillage()
    const bob = await village.ready('bob')
    for (const text of numbers(20)) await bob.send('alice', text)
    const alice = village.phone('alice')
    await alice.login()
    expect(await alice.texts()).toEqual([])
    await alice.negotiate({ imFeat: { imSendFunc: {} } })
    expect(await alice.texts()).toEqual([])
    await alice.negotiate()
    expect(await alice.texts()).toEqual(numbers(20))
  })

  it('go to another client where the one that was to have them does not take them', async () => {
    const { village, alice, bob } = await two()
    const other = await village.ready('alice', {
      clientId: 'other',
      version: '1.3',
      capabilities: { sessionPriority: 1 },
    })
    await bob.send('alice', 'hello')
    const { id } = await nextMessage(alice)
    expect(await other.texts()).toEqual([])
    await alice.answer(id, { name: 'Status', body: { result: { code: 415 } } })
    expect(await other.texts()).toEqual(['hello'])
    expect(await alice.texts()).toEqual([])
  })

  it('that a client did not take are not for it because another has logged in, but may be when it has negotiated other things', async () => {
    const first = { clientId: 'first', version: '1.3', capabilities: { sessionPriority: 9 } } as const
    const village = await openVillage()
    const [bob, phone] = [await village.ready('bob'), await village.ready('alice', first)]
    await bob.send('alice', 'hello')
    const decline = async () =>
      phone.answer((await nextMessage(phone)).id, { name: 'Status', body: { result: { code: 415 } } })
    await decline()
    await phone.negotiate()
    expect(await phone.texts()).toEqual([])
    await phone.negotiate({ ...pushed, fundamentalFeat: {} })
    await decline()
    const other = await village.ready('alice', { version: '1.3', capabilities: { sessionPriority: 1 } })
    expect(await phone.texts()).toEqual([])
    expect(await other.texts()).toEqual(['hello'])
  })

  it('come several at a time to clients that agreed to it', async () => {
    const village = await openVillage()
    const bob = await village.ready('bob')
    const alice = await village.ready('alice', { version: '1.3', multiTrans: 5, perMessage: 3 })
    for (const text of numbers(7)) await bob.send('alice', text)
    expect((await alice.poll()).message?.transactions).toHaveLength(3)
    expect((await alice.poll()).message?.transactions).toHaveLength(2)
    const third = alice.poll()
    await atRest()
    village.core.releasePolls()
    expect((await third).outbound.body).toBe('')
  })

  it('ride on the answer to a response, for clients with several transactions open', async () => {
    const village = await openVillage()
    const bob = await village.ready('bob')
    const alice = await village.ready('alice', { version: '1.3', multiTrans: 2, perMessage: 1 })
    await bob.send('alice', 'one')
    await bob.send('alice', 'two')
    const { id, messageId } = await nextMessage(alice)
    const { message } = await alice.answer(id, { name: 'MessageDelivered', body: { messageId: messageId! } })
    expect(expectPrimitive(message?.transactions[0]?.primitive, 'NewMessage').contentData).toBe('two')
  })

  it('leave nothing in the answer to a response for others', async () => {
    const { alice, bob } = await two()
    await bob.send('alice', 'one')
    await bob.send('alice', 'two')
    const { id, messageId } = await nextMessage(alice)
    const { outbound } = await alice.answer(id, { name: 'MessageDelivered', body: { messageId: messageId! } })
    expect(outbound).toMatchObject({ status: 200, body: '' })
  })

  it('that are longer than a client can read wait for one that can', async () => {
    const { village, alice, bob } = await two()
    await bob.send('alice', 'x'.repeat(40_000))
    await bob.send('alice', 'short')
    expect(await alice.texts()).toEqual(['short'])
    const able = village.phone('alice', { clientId: 'able' })
    await able.login()
    await able.ask({ name: 'ServiceRequest', body: { functions: pushed, allFunctionsRequest: false } })
    expect(await able.texts()).toEqual(['x'.repeat(40_000)])
  })

  it('that have more octets than a client can read go to another that is there, or are announced', async () => {
    const small = { clientId: 'small', version: '1.3', capabilities: { sessionPriority: 9 } } as const
    const village = await openVillage()
    const [bob, phone] = [await village.ready('bob'), await village.ready('alice', small)]
    const large = await village.ready('alice', { version: '1.3', capabilities: { parserSize: 65_536 } })
    const text = '\u4e2d'.repeat(15_000)
    await bob.send('alice', text)
    expect(await phone.texts()).toEqual([])
    expect(await large.texts()).toEqual([text])
    await phone.negotiate(allMessaging)
    await bob.send('alice', text)
    expect((await phone.poll()).message?.transactions[0]?.primitive?.name).toBe('MessageNotification')
  })

  it('come again where the connection died under them', async () => {
    const { alice, bob } = await two()
    await bob.send('alice', 'hello')
    const { outbound } = await alice.poll()
    expect((await alice.poll()).outbound.body).toBe('')
    outbound.onLost!()
    expect(await alice.texts()).toEqual(['hello'])
  })

  it('come again after 20 seconds without an answer, under the same ids', async () => {
    const { village, alice, bob } = await two()
    await bob.send('alice', 'hello')
    const first = await nextMessage(alice)
    await village.world.pass(19)
    expect((await alice.poll()).message).toBeUndefined()
    await village.world.pass(1)
    const again = await nextMessage(alice)
    expect([again.id, again.messageId]).toEqual([first.id, first.messageId])
  })

  it('that were declined stay in the mailbox, are not offered again, and do not hold up others', async () => {
    const { village, alice, bob } = await two()
    for (const text of numbers(20)) await bob.send('alice', text)
    for (let count = 0; count < 18; count++) {
      const { id } = await nextMessage(alice)
      await alice.answer(id, { name: 'Status', body: { result: { code: 415 } } })
    }
    expect(await alice.texts()).toEqual(numbers(20).slice(18))
    expect(await village.store.mailboxes.count('wv:alice@example.com', 'message')).toBe(18)
    const other = await village.ready('alice')
    expect(await other.texts()).toEqual(numbers(20).slice(0, 18))
  })

  it('are done with also where MessageDelivered comes as a request, or under a wrong id', async () => {
    const { village, alice, bob } = await two()
    await bob.send('alice', 'one')
    await bob.send('alice', 'two')
    const first = await nextMessage(alice)
    expect(await alice.code({ name: 'MessageDelivered', body: { messageId: first.messageId! } })).toBe(200)
    const second = await nextMessage(alice)
    await alice.answer('wrong', { name: 'MessageDelivered', body: { messageId: second.messageId! } })
    await village.world.pass(60)
    expect(await alice.texts()).toEqual([])
    expect(await village.store.mailboxes.count('wv:alice@example.com', 'message')).toBe(0)
  })

  it('are not lost by an answer that names another message', async () => {
    const { village, alice, bob } = await two()
    await bob.send('alice', 'hello')
    const { id } = await nextMessage(alice)
    await alice.answer(id, { name: 'MessageDelivered', body: { messageId: 'something else' } })
    await village.world.pass(20)
    expect(await alice.texts()).toEqual(['hello'])
  })

  it('are given once, also where a poll reads the mailbox while the answer is written down', async () => {
    const gate = { isShut: false, open: () => {} }
    const around: VillageOptions['around'] = store => ({
      ...store,
      commit: async (...unit) => {
        if (gate.isShut) await new Promise<void>(resolve => (gate.open = resolve))
        return store.commit(...unit)
      },
    })
    const { village, alice, bob } = await two(pushed, { around })
    for (const text of numbers(20)) await bob.send('alice', text)
    const { id, messageId } = await nextMessage(alice)
    gate.isShut = true
    const answering = alice.answer(id, { name: 'MessageDelivered', body: { messageId: messageId! } })
    await atRest()
    const [session] = village.core.sessions.ofUser('wv:alice@example.com')
    session!.outbox.miss()
    const second = await nextMessage(alice)
    expect(second.messageId).not.toBe(messageId)
    gate.isShut = false
    gate.open()
    await answering
    await alice.answer(second.id, { name: 'MessageDelivered', body: { messageId: second.messageId! } })
    expect(await alice.texts()).toEqual(numbers(20).slice(2))
  })

  it.each([
    ['the answer', (id: string | undefined) => id],
    ['the answer under a former id', () => 'former'],
  ])('come again where %s could not be written down', async (_, idOf) => {
    let isBroken = false
    const around: VillageOptions['around'] = store => ({
      ...store,
      commit: async (...unit) => {
        if (isBroken) throw new StoreUnavailable('no disk')
        return store.commit(...unit)
      },
    })
    const { village, alice, bob } = await two(pushed, { around })
    await bob.send('alice', 'hello')
    const { id, messageId } = await nextMessage(alice)
    isBroken = true
    const delivered = { name: 'MessageDelivered', body: { messageId: messageId! } } as const
    await expect(alice.answer(idOf(id), delivered)).rejects.toBeInstanceOf(StoreUnavailable)
    isBroken = false
    await alice.answer(idOf(id), delivered)
    expect(await village.store.mailboxes.count('wv:alice@example.com', 'message')).toBe(0)
  })

  it('wait for a client that has not come back since a restart, where the one that has refuses them (540)', async () => {
    const village = await openVillage()
    const refusing = { contentType: 'text/html', acceptedRichContentLength: 2, contentPolicyLimit: 2 }
    const acceptedContentTypes = [{ ...refusing, contentPolicy: 'R' as const }]
    const [bob, small] = [
      await village.ready('bob'),
      await village.ready('alice', { version: '1.3', syntax: 'wbxml', capabilities: { acceptedContentTypes } }),
    ]
    const desk = await village.ready('alice', { clientId: 'desk' })
    const send = (text: string) => bob.send('alice', text, { info: { contentType: 'text/html' } })
    await send('before')
    village.restart()
    expect(await small.texts()).toEqual([])
    expect((await send('after')).primitive?.name).toBe('SendMessageResponse')
    expect(await desk.texts()).toEqual(['before', 'after'])
    await desk.code({ name: 'LogoutRequest', body: {} })
    expect((await send('alone')).primitive).toMatchObject({ body: { result: { code: 540 } } })
  })

  it('are found after a crash between the disk and the announcement', async () => {
    const { village, alice, bob } = await two()
    await bob.send('alice', 'hello')
    village.restart()
    expect(await alice.texts()).toEqual(['hello'])
  })
})

describe('A session that another node has taken over', () => {
  it('writes nothing any more, and is let go of', async () => {
    const { village, alice, bob } = await two()
    const [session] = village.core.sessions.ofUser('wv:bob@example.com')
    const record = await village.store.sessions.find(session!.idDigest)
    await village.store.commit(village.store.sessions.claim(session!.idDigest, session!.claimEpoch, record!))
    expect((await bob.send('alice', 'stale')).primitive).toMatchObject({ body: { result: { code: 604 } } })
    expect(village.core.sessions.held(session!.idDigest)).toBeUndefined()
    expect(await alice.texts()).toEqual([])
    // On one node there is nobody else to take it: it is taken back.
    expect((await bob.send('alice', 'fresh')).primitive?.name).toBe('SendMessageResponse')
    expect(await alice.texts()).toEqual(['fresh'])
  })
})
