import { describe, expect, it } from 'vitest'
import type { CirAddresses, CirMethod, WakeMethod } from '../services/access/wake-method.ts'
import { atRest } from '../testing/held-world.ts'
import type { PhoneOptions } from '../testing/phone.ts'
import { dialects, openVillage, type Village } from '../testing/village.ts'

/** Writes down who was knocked at; can be reached or not. */
const fake = (village: Village, name: CirMethod, log: string[], state = { isUp: true }, told: CirAddresses = {}) => {
  const method: WakeMethod = {
    addresses: () => told,
    knock: (_, line) => {
      if (state.isUp) log.push(`${name}: ${line}`)
      return state.isUp
    },
    isConnected: () => state.isUp,
    close: session => log.push(`${name} closed for ${session.userId}`),
  }
  village.core.cir.use(name, method)
  return state
}

const open = async (options: PhoneOptions = {}) => {
  const village = await openVillage()
  const log: string[] = []
  const stcp = fake(village, 'STCP', log)
  fake(village, 'WAPUDP', log)
  const alice = await village.ready('alice')
  const bob = await village.ready('bob', { cirMethods: ['STCP', 'WAPUDP'], ...options })
  await atRest()
  log.length = 0
  const say = async (text: string) => {
    await alice.send('bob', text)
    await atRest()
  }
  return { village, log, stcp, alice, bob, say }
}

const knock = (version = '1.2') => `STCP: WVCI ${version} cookie-of-bob`

describe('CIR (CSP 6.2)', () => {
  it.each(dialects)('wakes a client of $version $syntax once for a burst, without a word of content', async dialect => {
    const { log, say, bob } = await open(dialect)
    await say('one')
    await say('two')
    expect(log).toEqual([knock(dialect.version)])
    expect(await bob.texts()).toEqual(['one', 'two'])
    await say('three')
    expect(log).toEqual([knock(dialect.version), knock(dialect.version)])
  })

  it('repeats after 20, 60 and 300 seconds, and then waits for new traffic', async () => {
    const { village, log, say } = await open()
    await say('one')
    const counts: number[] = []
    for (const seconds of [19, 2, 58, 3, 296, 5, 3000]) {
      await village.world.pass(seconds)
      await atRest()
      counts.push(log.length)
    }
    expect(counts).toEqual([1, 2, 2, 3, 3, 4, 4])
    await say('two')
    expect(log).toHaveLength(5)
  })

  it('leaves a client in peace once it has fetched and answered', async () => {
    const { village, log, say, bob } = await open()
    await say('one')
    await bob.texts()
    await village.world.pass(1000)
    expect(log).toHaveLength(1)
    expect(village.world.waiting).toBe((await openVillage()).world.waiting)
  })

  it('reminds a client that fetched something and never answered', async () => {
    const { village, log, say, bob } = await open()
    await say('one')
    await bob.poll()
    await village.world.pass(21)
    await atRest()
    expect(log).toHaveLength(2)
  })

  it('does not knock for what the Poll flag has told, but does for what came after an empty flag', async () => {
    const { log, say, bob } = await open()
    await say('one')
    await say('two')
    const { message } = await bob.poll()
    expect(message?.poll).toBe(true)
    await say('three')
    expect(log).toHaveLength(1)
    await bob.answer(message?.transactions[0]?.id, { name: 'Status', body: { result: { code: 200 } } })
    await bob.texts()
    await say('four')
    expect((await bob.poll()).message?.poll).toBe(false)
    await say('five')
    expect(log).toHaveLength(3)
  })

  it('does not knock while a poll is held: the answer to that is faster', async () => {
    const { log, say, bob } = await open({ version: '1.3', multiTrans: 2 })
    const held = bob.poll()
    await atRest()
    await say('one')
    expect((await held).message?.transactions).toHaveLength(1)
    expect(log).toEqual([])
  })

  it('knocks at a client whose held poll breaks off at the same moment', async () => {
    const { log, alice, bob } = await open({ version: '1.3', multiTrans: 2 })
    let hangUp = () => {}
    const held = bob.poll(run => {
      hangUp = run
    })
    await atRest()
    hangUp()
    await alice.send('bob', 'one')
    await held
    await atRest()
    expect(log).toEqual([knock('1.3')])
  })

  it("uses the client's first method that works at the moment", async () => {
    const { log, say, stcp } = await open()
    stcp.isUp = false
    await say('one')
    expect(log).toEqual(['WAPUDP: WVCI 1.2 cookie-of-bob'])
  })

  it('tries another when one has brought no poll, for its channel may be dead, and that one again after all others', async () => {
    const { village, log, say } = await open()
    await say('one')
    for (const seconds of [20, 60]) {
      await village.world.pass(seconds)
      await atRest()
    }
    expect(log.map(line => line.split(':')[0])).toEqual(['STCP', 'WAPUDP', 'STCP'])
  })

  it('wakes by SMS where there is a way to send any, and tells the number it comes from', async () => {
    const village = await openVillage()
    const log: string[] = []
    fake(village, 'SSMS', log, { isUp: true }, { cirSmsAddress: '+15550100' })
    const alice = await village.ready('alice')
    const bob = await village.ready('bob', { version: '1.3', cirMethods: ['SSMS'] })
    expect(bob.agreed).toMatchObject({ supportedCirMethods: ['SSMS'], cirSmsAddress: '+15550100' })
    await alice.send('bob', 'one')
    await atRest()
    expect(log).toEqual(['SSMS: WVCI 1.3 cookie-of-bob'])
  })

  it('knocks as soon as there is a channel, if there was none before', async () => {
    const { village, log, say, stcp } = await open({ cirMethods: ['STCP'] })
    stcp.isUp = false
    await say('one')
    expect(log).toEqual([])
    stcp.isUp = true
    village.core.cir.onOpened(village.core.sessions.ofUser('wv:bob@example.com')[0]!)
    await atRest()
    expect(log).toEqual([knock()])
  })

  it('knocks neither at who did not agree to it nor when nothing waits', async () => {
    const { log, say, bob, village } = await open({ cirMethods: [] })
    await say('one')
    await bob.ask({ name: 'KeepAliveRequest', body: {} })
    const silent = await village.ready('carol', { cirMethods: ['STCP'] })
    await silent.negotiate()
    await atRest()
    expect(log).toEqual([])
  })

  it('knocks for a System Message that has to be answered, and for nothing behind it until it is', async () => {
    const { village, log, say, bob } = await open({ version: '1.3', cirMethods: ['STCP'] })
    const terms = { text: 'New terms', requiresResponse: true, options: [] }
    const { id } = await village.core.announce(terms, ['wv:bob@example.com'])
    await atRest()
    expect(log).toEqual([knock('1.3')])
    const { message } = await bob.poll()
    await bob.answer(message?.transactions[0]?.id, { name: 'Status', body: { result: { code: 200 } } })
    await say('one')
    for (let count = 0; count < 20; count++) await say(`another ${count}`)
    await village.world.pass(1000)
    await atRest()
    expect(log).toHaveLength(1)
    await bob.ask({ name: 'SystemMessageUser', body: { systemMessageResponses: [{ systemMessageId: id }] } })
    await atRest()
    expect(log).toHaveLength(2)
    expect(await bob.texts()).toHaveLength(21)
  })

  it('knocks for what waited behind a System Message that nobody answered in time', async () => {
    const { village, log, say, bob } = await open({ version: '1.3', cirMethods: ['STCP'] })
    const terms = { text: 'New terms', requiresResponse: true, options: [] }
    await village.core.announce(terms, ['wv:bob@example.com'], 60)
    const { message } = await bob.poll()
    await bob.answer(message?.transactions[0]?.id, { name: 'Status', body: { result: { code: 200 } } })
    await say('one')
    await village.world.pass(61)
    log.length = 0
    await village.core.housekeeping.dropExpired()
    await atRest()
    expect(log).toEqual([knock('1.3')])
    expect(await bob.texts()).toEqual(['one'])
  })

  it('says F in the CIR element when the channel has been missing for a while, and nothing else ever', async () => {
    const { village, bob, stcp } = await open()
    const flag = async () =>
      (await bob.exchange([{ mode: 'Request', id: bob.nextId(), primitive: { name: 'KeepAliveRequest', body: {} } }]))
        .message?.cir
    expect(await flag()).toBeUndefined()
    stcp.isUp = false
    expect(await flag()).toBeUndefined()
    await village.world.pass(11)
    expect(await flag()).toBe(false)
    stcp.isUp = true
    expect(await flag()).toBeUndefined()
  })

  it('closes the channels of a session that has ended, and knocks no more', async () => {
    const { village, log, say, bob } = await open()
    await say('one')
    await bob.code({ name: 'LogoutRequest', body: {} })
    await village.world.pass(1000)
    expect(log).toEqual([knock(), 'STCP closed for wv:bob@example.com', 'WAPUDP closed for wv:bob@example.com'])
  })

  it('knocks at a client whose session the server ends, so that it polls and hears why (CSP 6.6)', async () => {
    const { village, log, bob } = await open()
    await village.core.endSessions('wv:bob@example.com')
    expect(log[0]).toBe(knock())
    expect(log).toHaveLength(3)
    expect((await bob.poll()).message?.transactions).toMatchObject([
      { primitive: { name: 'Disconnect', body: { result: { code: 601 } } } },
    ])
  })

  it('is agreed on in the order of the client, and outlives a restart', async () => {
    const { village, bob, alice, log } = await open({ cirMethods: ['SSMS', 'WAPUDP', 'STCP', 'WAPUDP'] })
    expect(bob.agreed?.supportedCirMethods).toEqual(['WAPUDP', 'STCP'])
    village.restart()
    fake(village, 'WAPUDP', log)
    await bob.code({ name: 'KeepAliveRequest', body: {} })
    await alice.send('bob', 'one')
    await atRest()
    expect(log).toEqual(['WAPUDP: WVCI 1.2 cookie-of-bob'])
  })
})
