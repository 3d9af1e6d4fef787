import { beforeEach, describe, expect, it } from 'vitest'
import type { Phone } from '../../testing/phone.ts'
import { publish, withPresence } from '../../testing/presence.ts'
import { openVillage, type Village } from '../../testing/village.ts'

const online = (presenceValue: 'T' | 'F') => ({ onlineStatuses: [{ qualifier: true, presenceValue }] })

describe('CSP 6.9.1, SERVERLOGIC: messages come last to a client that wants to be taken for offline', () => {
  let village: Village
  let first: Phone
  let second: Phone
  let bob: Phone
  beforeEach(async () => {
    village = await openVillage()
    first = await withPresence(village, 'alice', { clientId: 'first' })
    second = await withPresence(village, 'alice', { clientId: 'second' })
    bob = await village.ready('bob')
    await publish(second, online('F'))
  })

  /** Which of the clients has what Bob sends. */
  const reached = async (text: string) => {
    await bob.send('alice', text)
    return [(await first.collect()).length, (await second.collect()).length]
  }

  it('until it says otherwise', async () => {
    expect(await reached('hello')).toEqual([1, 0])
    await publish(second, online('T'))
    expect(await reached('again')).toEqual([0, 1])
  })

  it('after a restart of the server', async () => {
    village.restart()
    await first.poll()
    await second.poll()
    expect(await reached('hello')).toEqual([1, 0])
  })

  it('in a session that is taken up again', async () => {
    await second.login({ sessionId: second.sessionId })
    expect(await reached('hello')).toEqual([1, 0])
  })

  it('not in the next session', async () => {
    await second.code({ name: 'LogoutRequest', body: {} })
    await village.world.pass(1)
    second = await withPresence(village, 'alice', { clientId: 'second' })
    expect(await reached('hello')).toEqual([0, 1])
  })

  it('but they come where nobody else is', async () => {
    await first.code({ name: 'LogoutRequest', body: {} })
    await bob.send('alice', 'hello')
    expect(await second.collect()).toHaveLength(1)
  })
})
