import { describe, expect, it } from 'vitest'
import { heard, subscribed } from '../../testing/notifications.ts'
import type { PhoneOptions } from '../../testing/phone.ts'
import { openVillage } from '../../testing/village.ts'

const wish = (onlineEtemHandling: 'DETECT' | 'FORKALL' | 'SERVERLOGIC', clientId: string): PhoneOptions => ({
  version: '1.3',
  clientId,
  capabilities: { onlineEtemHandling },
})

describe('CSP 6.9.1: OnlineETEMHandling', () => {
  it('is one setting of the user, told to those who ask, kept by the server', async () => {
    const village = await openVillage()
    const pda = await village.ready('alice', wish('DETECT', 'pda'))
    expect(pda.agreed?.onlineEtemHandling).toBe('SERVERLOGIC')
    const desk = await village.ready('alice', wish('FORKALL', 'desk'))
    expect(desk.agreed?.onlineEtemHandling).toBeUndefined()
    await pda.negotiate()
    expect(pda.agreed?.onlineEtemHandling).toBe('FORKALL')
    village.restart()
    expect((await village.ready('alice', wish('DETECT', 'tablet'))).agreed?.onlineEtemHandling).toBe('FORKALL')
  })

  it('is not brought back by a client that comes back after another changed it', async () => {
    const village = await openVillage()
    const pda = await village.ready('alice', wish('FORKALL', 'pda'))
    await pda.code({ name: 'LogoutRequest', body: {} })
    await village.ready('alice', wish('SERVERLOGIC', 'desk'))
    await village.phone('alice', { version: '1.3', clientId: 'pda' }).login()
    expect(village.core.sessions.ofUser('wv:alice@example.com').map(it => it.onlineHandling)).toEqual([
      'SERVERLOGIC',
      'SERVERLOGIC',
    ])
  })
})

describe('CSP 7.2.1: the other clients of the user are notified of OnlineETEMHandling', () => {
  const updated = (onlineEtemHandling: string) => [{ notificationType: 'OEU', onlineEtemHandling }]

  it('where one negotiates another than before, and not where it asks or confirms', async () => {
    const village = await openVillage()
    const ears = await subscribed(village, 'alice', ['OEU'])
    const desk = await village.ready('alice', wish('FORKALL', 'desk'))
    expect(await heard(ears)).toEqual(updated('FORKALL'))
    await desk.negotiate()
    await village.ready('alice', wish('DETECT', 'pda'))
    await village.ready('alice', { version: '1.3', clientId: 'tablet' })
    expect(await heard(ears)).toEqual([])
  })

  it('where it is negotiated within a login, of which those know that log in later', async () => {
    const village = await openVillage()
    const ears = await subscribed(village, 'alice', ['OEU'])
    village.restart()
    const capabilityList = { onlineEtemHandling: 'FORKALL' } as const
    const desk = village.phone('alice', { version: '1.3', clientId: 'desk' })
    await desk.login({ capabilityList })
    await village.phone('alice', { version: '1.3', clientId: 'pda' }).login({ capabilityList })
    expect(await heard(ears)).toEqual(updated('FORKALL'))
    await village.phone('alice', { version: '1.3', clientId: 'tablet' }).login()
    await desk.login({ sessionId: desk.sessionId, capabilityList: { onlineEtemHandling: 'SERVERLOGIC' } })
    expect(await heard(ears)).toEqual([])
  })

  it('and the one that did it is not', async () => {
    const village = await openVillage()
    const ears = await subscribed(village, 'alice', ['OEU'])
    const capabilityList = { onlineEtemHandling: 'FORKALL' } as const
    await ears.ask({ name: 'ClientCapabilityRequest', body: { capabilityList } })
    expect(await heard(ears)).toEqual([])
  })
})

describe('CSP 6.9.1: a message to a user whose clients are all to have it', () => {
  const open = async () => {
    const village = await openVillage()
    const [pda, desk] = [
      await village.ready('alice', wish('FORKALL', 'pda')),
      await village.ready('alice', wish('DETECT', 'desk')),
    ]
    return { village, bob: await village.ready('bob'), pda, desk }
  }
  const reports = async (phone: Awaited<ReturnType<typeof open>>['bob']) => {
    const asked = (await phone.poll()).message?.transactions ?? []
    for (const { id } of asked) await phone.answer(id, { name: 'Status', body: { result: { code: 200 } } })
    return asked.map(({ primitive }) => primitive?.name)
  }

  it('reaches each of them once, and its sender hears of the first', async () => {
    const { village, bob, pda, desk } = await open()
    await bob.send('alice', 'hello', { report: true })
    expect(await pda.texts()).toEqual(['hello'])
    expect(await reports(bob)).toEqual(['DeliveryReportRequest'])
    expect(await village.store.mailboxes.count('wv:alice@example.com', 'message')).toBe(1)
    expect(await desk.texts()).toEqual(['hello'])
    expect(await village.store.mailboxes.count('wv:alice@example.com', 'message')).toBe(0)
    expect([await pda.texts(), await desk.texts(), await reports(bob)]).toEqual([[], [], []])
  })

  it('also across a crash in between', async () => {
    const { village, bob, pda, desk } = await open()
    await bob.send('alice', 'hello')
    expect(await pda.texts()).toEqual(['hello'])
    village.restart()
    expect([await pda.texts(), await desk.texts()]).toEqual([[], ['hello']])
    expect(await village.store.mailboxes.count('wv:alice@example.com', 'message')).toBe(0)
  })

  it('is done with when those who have not had it are gone, and never goes to those who came later', async () => {
    const { village, bob, pda, desk } = await open()
    await bob.send('alice', 'hello')
    expect(await pda.texts()).toEqual(['hello'])
    await desk.code({ name: 'LogoutRequest', body: {} })
    await village.world.pass(1)
    const late = await village.ready('alice', wish('DETECT', 'late'))
    expect(await late.texts()).toEqual([])
    expect(await village.store.mailboxes.count('wv:alice@example.com', 'message')).toBe(0)
  })

  it('waits for the next to log in where nobody is there', async () => {
    const { village, bob, pda, desk } = await open()
    for (const phone of [pda, desk]) await phone.code({ name: 'LogoutRequest', body: {} })
    await bob.send('alice', 'hello')
    await village.world.pass(1)
    expect(await (await village.ready('alice', wish('DETECT', 'late'))).texts()).toEqual(['hello'])
  })
})

describe('CSP 6.9.1: OfflineETEMHandling for all others', () => {
  it('brings what is meant for a client that has gone to all others that are there', async () => {
    const village = await openVillage()
    const bob = await village.ready('bob')
    const pda = await village.ready('alice', {
      version: '1.3',
      clientId: 'pda',
      capabilities: { offlineEtemHandling: 'SENDSTORE' },
    })
    expect(pda.agreed?.offlineEtemHandling).toBeUndefined()
    const others = [
      await village.ready('alice', { clientId: 'desk' }),
      await village.ready('alice', { clientId: 'tablet' }),
    ]
    await pda.code({ name: 'LogoutRequest', body: {} })
    const recipient = { users: [{ userId: 'wv:alice', clientId: { url: 'pda' } }] }
    await bob.send([], 'hello', { recipient })
    for (const phone of others) expect(await phone.texts()).toEqual(['hello'])
    expect(await village.store.mailboxes.count('wv:alice@example.com', 'message')).toBe(0)
  })
})
