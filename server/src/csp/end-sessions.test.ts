import { describe, expect, it } from 'vitest'
import { expectPrimitive, type Reply } from '../testing/phone.ts'
import { dialects, openVillage } from '../testing/village.ts'

const alice = 'wv:alice@example.com'
const reasonIn = ({ message }: Reply) => expectPrimitive(message?.transactions[0]?.primitive, 'Disconnect').result.code

describe.each(dialects)('CSP 6.6: an operator ends a session, in $version $syntax', dialect => {
  it('and its client is told so by the next poll, and by 604 whatever else it asks', async () => {
    const village = await openVillage()
    const phone = await village.ready('alice', dialect)
    expect(await village.core.endSessions(alice)).toBe(1)
    expect(reasonIn(await phone.poll())).toBe(601)
    expect(await phone.code({ name: 'KeepAliveRequest', body: {} })).toBe(604)
  })

  it('and a poll that is being held is answered at once', async () => {
    const village = await openVillage()
    const phone = await village.ready('alice', { ...dialect, multiTrans: 2 })
    const held = phone.poll()
    await village.world.pass(1)
    await village.core.endSessions(alice)
    expect(reasonIn(await held)).toBe(601)
  })
})

describe('CSP 6.6: an operator ends sessions', () => {
  it('of one client, and leaves the others alone', async () => {
    const village = await openVillage()
    const one = await village.ready('alice', { clientId: 'one' })
    const other = await village.ready('alice', { clientId: 'other' })
    expect(await village.core.endSessions(alice, 'url:one')).toBe(1)
    expect(await one.code({ name: 'KeepAliveRequest', body: {} })).toBe(604)
    expect(await other.code({ name: 'KeepAliveRequest', body: {} })).toBe(200)
    expect(await village.core.endSessions(alice, 'url:nobody')).toBe(0)
  })

  it('that were open before a restart', async () => {
    const village = await openVillage()
    const phone = await village.ready('alice')
    village.restart()
    expect(await village.core.endSessions(alice)).toBe(1)
    expect(reasonIn(await phone.poll())).toBe(601)
  })

  it('and a client that logs out itself is not told anything', async () => {
    const village = await openVillage()
    const phone = await village.ready('alice')
    const { message } = await phone.exchange([
      { mode: 'Request', id: 'x', primitive: { name: 'LogoutRequest', body: {} } },
      { mode: 'Request', primitive: { name: 'PollingRequest', body: {} } },
    ])
    expect(message?.transactions.map(it => it.primitive?.name)).toEqual(['Status'])
  })
})
