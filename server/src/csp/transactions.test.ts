import { describe, expect, it } from 'vitest'
import { codeOf } from '../testing/phone.ts'
import { dialects, openVillage } from '../testing/village.ts'

const alive = { name: 'KeepAliveRequest', body: {} } as const

describe('CSP 6.9.1: what was not agreed', () => {
  it('506 for what could be agreed, until it is', async () => {
    const phone = (await openVillage()).phone('alice')
    await phone.login()
    expect((await phone.send('bob', 'hello')).primitive).toMatchObject({
      name: 'Status',
      body: { result: { code: 506 } },
    })
    await phone.negotiate()
    expect((await phone.send('bob', 'hello')).primitive?.name).toBe('SendMessageResponse')
    await phone.negotiate({ fundamentalFeat: {} })
    expect(codeOf((await phone.send('bob', 'hello')).primitive)).toBe(506)
  })

  it('405 for what this server does not have, whatever was asked for', async () => {
    const phone = await (await openVillage()).ready('alice')
    await phone.negotiate({ imFeat: {}, presenceFeat: {}, groupFeat: {}, fundamentalFeat: {} })
    expect(await phone.code({ name: 'DeleteGroupRequest', body: { groupId: 'wv:alice/chess@example.com' } })).toBe(405)
  })

  it('501 for what is unknown, and for what only a server says', async () => {
    const phone = await (await openVillage()).ready('alice')
    const body = String(phone.write([{ mode: 'Request', id: '9', primitive: alive }]))
    const { body: answer } = await phone.post(
      body.replace(/<KeepAlive-Request.*?\/>|<KeepAlive-Request>.*<\/KeepAlive-Request>/, '<Teleport-Request/>'),
    )
    expect(String(answer)).toMatch(/<TransactionID>9<\/TransactionID>.*<Code>501<\/Code>/)
    expect(await phone.code({ name: 'Disconnect', body: { result: { code: 600 } } })).toBe(501)
  })

  it('506: a segment is not taken for the whole', async () => {
    const phone = await (await openVillage()).ready('alice', { version: '1.3' })
    const segment = { segmentCount: 2, segmentId: { transactionId: '5', segmentReference: 0 } }
    const primitive = phone.message('bob', 'the first half')
    const { message } = await phone.exchange([{ mode: 'Request', id: '5', primitive, segment: segment as never }])
    expect(codeOf(message?.transactions[0]?.primitive)).toBe(506)
  })
})

describe('CSP 5.4: a transaction that comes again', () => {
  it.each(dialects)('has the same answer and takes effect once, in $version $syntax', async dialect => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice', dialect), await village.ready('bob')]
    const first = await alice.send('bob', 'once', { id: '7' })
    expect(await alice.send('bob', 'once', { id: '7' })).toEqual(first)
    expect(await bob.texts()).toEqual(['once'])
    expect((await alice.send('bob', 'once', { id: '7' })).primitive).toEqual(first.primitive)
    expect(await bob.texts()).toEqual([])
  })

  it('is another one if its body is', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    await alice.send('bob', 'one', { id: '7' })
    await alice.send('bob', 'two', { id: '7' })
    await alice.send('bob', 'one', { id: '7' })
    // The third looks like the first, within ten minutes: the mailbox remembers it.
    expect(await bob.texts()).toEqual(['one', 'two'])
  })

  it('is another one after ten minutes, also where the first still waits', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    const ids = new Set()
    for (let count = 0; count < 4; count++) {
      ids.add(JSON.stringify((await alice.send('bob', 'ping', { id: '7' })).primitive))
      await village.world.pass(600)
    }
    expect(ids.size).toBe(4)
    expect(await bob.texts()).toEqual(['ping', 'ping', 'ping', 'ping'])
  })

  it('may have an id with any characters', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    const id = 'IMApp01#12345@NOK5110'
    for (let count = 0; count < 3; count++) {
      await alice.send('bob', 'ping', { id })
      await alice.send('bob', 'pong', { id })
      await village.world.pass(600)
    }
    expect(await bob.texts()).toEqual(['ping', 'pong', 'ping', 'pong', 'ping', 'pong'])
  })

  it('is carried out once where both arrive before there is an answer', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    const [first, second] = await Promise.all([
      alice.send('bob', 'once', { id: '7' }),
      alice.send('bob', 'once', { id: '7' }),
    ])
    expect(second).toEqual(first)
    expect(await bob.texts()).toEqual(['once'])
  })

  it('is tried again where the first try failed for want of the store', async () => {
    let isBroken = false
    const { StoreUnavailable } = await import('../store/database.ts')
    const village = await openVillage({
      around: store => ({
        ...store,
        commit: async (...unit) => {
          if (isBroken) throw new StoreUnavailable('no disk')
          return store.commit(...unit)
        },
      }),
    })
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    isBroken = true
    expect(codeOf((await alice.send('bob', 'hello', { id: '7' })).primitive)).toBe(503)
    isBroken = false
    expect((await alice.send('bob', 'hello', { id: '7' })).primitive?.name).toBe('SendMessageResponse')
    expect(await bob.texts()).toEqual(['hello'])
  })

  it('is never a login', async () => {
    const village = await openVillage()
    const phone = village.phone('alice')
    const ask = async () => {
      const primitive = { name: 'LoginRequest', body: phone.loginBody({ digestSchemas: ['MD5'] }) } as const
      return (await phone.exchange([{ mode: 'Request', id: '1', primitive }])).message?.transactions[0]?.primitive
    }
    expect(await ask()).not.toEqual(await ask())
  })

  it('without an id is never taken for a repeat', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    for (let count = 0; count < 2; count++)
      await alice.exchange([{ mode: 'Request', primitive: alice.message('bob', 'again') }])
    expect(await bob.texts()).toEqual(['again', 'again'])
  })
})

describe('CSP 5.4: several transactions in one message', () => {
  it('are answered together, each under its id, in their order', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    const { message } = await alice.exchange([
      { mode: 'Request', id: 'a', primitive: alice.message('bob', 'one') },
      { mode: 'Request', id: 'b', primitive: alive },
      { mode: 'Request', id: 'c', primitive: alice.message('bob', 'two') },
    ])
    expect(message?.sessionId).toBe(alice.sessionId)
    expect(message?.transactions.map(({ id, mode, primitive }) => [id, mode, primitive?.name])).toEqual([
      ['a', 'Response', 'SendMessageResponse'],
      ['b', 'Response', 'KeepAliveResponse'],
      ['c', 'Response', 'SendMessageResponse'],
    ])
    expect(await bob.texts()).toEqual(['one', 'two'])
  })

  it('malformed ones get 400 or 402 under their id, and do not keep the others from being carried out', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    const body = String(
      alice.write([
        { mode: 'Request', id: 'good', primitive: alice.message('bob', 'one') },
        { mode: 'Request', id: 'part', primitive: alice.message('bob', 'two') },
        { mode: 'Request', id: 'value', primitive: { name: 'KeepAliveRequest', body: { timeToLive: 60 } } },
        { mode: 'Request', id: 'last', primitive: alice.message('bob', 'three') },
      ]),
    )
    const broken = body
      .replace('<TimeToLive>60<', '<TimeToLive>soon<')
      .replace(/(<TransactionID>part<[\s\S]*?)<Recipient>[\s\S]*?<\/Recipient>/, '$1')
    const { body: answer } = await alice.post(broken)
    const codes = [...String(answer).matchAll(/<TransactionID>(\w+)<[\s\S]*?<Code>(\d+)</g)].map(([, id, code]) => [
      id,
      code,
    ])
    expect(codes).toEqual([
      ['good', '200'],
      ['part', '400'],
      ['value', '402'],
      ['last', '200'],
    ])
    expect(await bob.texts()).toEqual(['one', 'three'])
  })

  it('400 without a body for what is no message at all', async () => {
    const phone = (await openVillage()).phone('alice')
    for (const body of ['', 'hello', '<html/>', '<WV-CSP-Message/>', new Uint8Array([3, 0x11, 0x6a, 0])])
      expect(await phone.post(body)).toMatchObject({ status: 400, body: '' })
  })

  it('outside a session 604 for all but those that need none', async () => {
    const phone = (await openVillage()).phone('alice')
    const { message } = await phone.exchange([
      { mode: 'Request', id: '1', primitive: phone.message('bob', 'hello') },
      {
        mode: 'Request',
        id: '2',
        primitive: { name: 'LoginRequest', body: phone.loginBody({ password: phone.password }) },
      },
    ])
    expect(message?.sessionId).toBeUndefined()
    expect(message?.transactions.map(({ primitive }) => [primitive?.name, codeOf(primitive)])).toEqual([
      ['Status', 604],
      ['LoginResponse', 200],
    ])
  })
})
