import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../store/database.ts'
import { codeOf } from '../testing/phone.ts'
import { openVillage } from '../testing/village.ts'

const alive = { name: 'KeepAliveRequest', body: {} } as const
const logout = { name: 'LogoutRequest', body: {} } as const

describe('CSP 6.4: one client, one session', () => {
  it.each(['1.1', '1.2'] as const)('a second login in %s takes the place of the first', async version => {
    const village = await openVillage()
    const lost = await village.ready('alice', { version })
    const phone = village.phone('alice', { version })
    expect((await phone.login()).result.code).toBe(200)
    expect(phone.sessionId).not.toBe(lost.sessionId)
    expect(await lost.code(alive)).toBe(604)
    expect(await phone.code(alive)).toBe(200)
    expect(village.core.sessions.size).toBe(1)
  })

  it('a second login in 1.3 is told 608', async () => {
    const village = await openVillage()
    const first = await village.ready('alice', { version: '1.3' })
    expect((await village.phone('alice', { version: '1.3' }).login()).result.code).toBe(608)
    expect(await first.code(alive)).toBe(200)
    expect((await village.phone('alice', { version: '1.3', clientId: 'other' }).login()).result.code).toBe(200)
  })

  it('two logins at the same moment leave one session', async () => {
    const village = await openVillage()
    const phones = [village.phone('alice'), village.phone('alice'), village.phone('alice')]
    await Promise.all(phones.map(phone => phone.login()))
    expect(await village.store.sessions.ofUser('wv:alice@example.com')).toHaveLength(1)
    expect(village.core.sessions.size).toBe(1)
    const codes = await Promise.all(phones.map(phone => phone.code(alive)))
    expect(codes.toSorted()).toEqual([200, 604, 604])
  })

  it('a session that a login has ended holds nothing back, though the flush was said to have failed', async () => {
    let fails = false
    const village = await openVillage({
      around: store => ({
        ...store,
        commit: async (unit, lane) => {
          await store.commit(unit, lane)
          if (fails) throw new StoreUnavailable('nobody can tell')
        },
      }),
    })
    const lost = await village.ready('alice')
    const bob = await village.ready('bob')
    await bob.send('alice', 'first')
    await lost.poll()
    await bob.send('alice', 'second')
    const phone = village.phone('alice')
    fails = true
    expect((await phone.login()).result.code).toBe(503)
    fails = false
    expect((await phone.login()).result.code).toBe(200)
    await phone.negotiate()
    expect(await phone.texts()).toEqual(['first', 'second'])
  })

  it('610 beyond what a user may have open, and room again after a logout', async () => {
    const village = await openVillage({ config: { 'session.maxPerUser': 2 } })
    const one = await village.ready('alice', { clientId: 'one' })
    await village.ready('alice', { clientId: 'two' })
    const three = village.phone('alice', { clientId: 'three' })
    expect((await three.login()).result.code).toBe(610)
    expect((await village.phone('alice', { clientId: 'two' }).login()).result.code).toBe(200)
    expect(await one.code(logout)).toBe(200)
    expect((await three.login()).result.code).toBe(200)
  })
})

describe('CSP 5.1: a session', () => {
  it('outlives a restart of the server, with what was agreed', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    village.restart()
    expect((await alice.send('bob', 'after the restart')).primitive?.name).toBe('SendMessageResponse')
    expect(await bob.texts()).toEqual(['after the restart'])
  })

  it('is one also where many requests arrive before it is loaded', async () => {
    const village = await openVillage()
    const alice = await village.ready('alice')
    village.restart()
    expect(await Promise.all([1, 2, 3].map(() => alice.code(alive)))).toEqual([200, 200, 200])
    expect(village.core.sessions.size).toBe(1)
  })

  it('is for the version and syntax it began in', async () => {
    const village = await openVillage()
    const phone = await village.ready('alice', { version: '1.2' })
    for (const dialect of [{ version: '1.3' }, { syntax: 'wbxml' }] as const) {
      const other = village.phone('alice', dialect)
      other.sessionId = phone.sessionId
      expect(await other.code(alive)).toBe(604)
    }
    expect(await phone.code(alive)).toBe(200)
  })

  it('604 for an id that never was, under the id of each transaction', async () => {
    const phone = (await openVillage()).phone('alice')
    phone.sessionId = 'no such session'
    const { message } = await phone.exchange([
      { mode: 'Request', id: 'a', primitive: alive },
      { mode: 'Request', id: 'b', primitive: alive },
    ])
    expect(message?.transactions.map(({ id, primitive }) => [id, codeOf(primitive)])).toEqual([
      ['a', 604],
      ['b', 604],
    ])
    expect(codeOf((await phone.poll()).message?.transactions[0]?.primitive)).toBe(604)
  })

  it('ends with a logout, for good', async () => {
    const village = await openVillage()
    const phone = await village.ready('alice')
    expect(await phone.code(logout)).toBe(200)
    expect(await phone.code(alive)).toBe(604)
    expect(codeOf((await phone.poll()).message?.transactions[0]?.primitive)).toBe(604)
    village.restart()
    expect(await phone.code(alive)).toBe(604)
  })

  it('lets nothing after a logout in the same message through', async () => {
    const phone = await (await openVillage()).ready('alice')
    const { message } = await phone.exchange([
      { mode: 'Request', id: '1', primitive: logout },
      { mode: 'Request', id: '2', primitive: phone.message('bob', 'too late') },
    ])
    expect(message?.transactions.map(({ primitive }) => codeOf(primitive))).toEqual([200, 604])
  })
})

describe('CSP 5.5.2.1: which of several clients is served', () => {
  const both = async (first: number | undefined, second: number | undefined) => {
    const village = await openVillage()
    const phones = []
    for (const [index, sessionPriority] of [first, second].entries()) {
      const phone = village.phone('alice', { version: '1.3', clientId: `client ${index}` })
      const capabilityList = { supportedBearers: ['HTTP'], sessionPriority }
      await phone.login({ functions: { imFeat: {} }, capabilityList })
      phones.push(phone)
      await village.world.pass(1)
    }
    const bob = await village.ready('bob')
    await bob.send('alice', 'hello')
    return Promise.all(phones.map(phone => phone.texts()))
  }

  it('the one with the higher priority', async () => {
    expect(await both(9, 2)).toEqual([['hello'], []])
    expect(await both(2, 9)).toEqual([[], ['hello']])
  })

  it('of two alike the latest', async () => {
    expect(await both(undefined, undefined)).toEqual([[], ['hello']])
  })

  it('only one that takes messages at all', async () => {
    const village = await openVillage()
    const [takes, bob] = [await village.ready('alice', { clientId: 'one' }), await village.ready('bob')]
    const mute = village.phone('alice', { clientId: 'two' })
    await mute.login()
    await mute.negotiate({ imFeat: { imSendFunc: {} } })
    await bob.send('alice', 'hello')
    expect(await mute.texts()).toEqual([])
    expect(await takes.texts()).toEqual(['hello'])
  })

  it('the others, once it is gone', async () => {
    const village = await openVillage()
    const first = await village.ready('alice', { clientId: 'one' })
    await village.world.pass(1)
    const second = await village.ready('alice', { clientId: 'two' })
    const bob = await village.ready('bob')
    await bob.send('alice', 'one')
    await bob.send('alice', 'two')
    expect((await second.poll()).message?.transactions[0]?.primitive?.name).toBe('NewMessage')
    expect(await first.texts()).toEqual([])
    await second.code(logout)
    expect(await first.texts()).toEqual(['one', 'two'])
  })
})
