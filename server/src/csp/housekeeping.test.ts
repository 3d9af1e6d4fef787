import { describe, expect, it } from 'vitest'
import { codeOf, expectPrimitive } from '../testing/phone.ts'
import { openVillage } from '../testing/village.ts'

const alive = { name: 'KeepAliveRequest', body: {} } as const

describe('CSP 6.6, 6.7: a session that was idle for too long', () => {
  const idle = async () => {
    const village = await openVillage()
    village.core.housekeeping.start()
    const phone = village.phone('alice')
    await phone.login({ timeToLive: 120 })
    return { village, phone }
  }

  it('ends, and a poll is told so by Disconnect 600, anything else by 604', async () => {
    const { village, phone } = await idle()
    await village.world.pass(121)
    expect(village.core.sessions.size).toBe(0)
    const { message } = await phone.poll()
    expect(message).toMatchObject({ sessionId: phone.sessionId, transactions: [{ mode: 'Request' }] })
    expect(expectPrimitive(message?.transactions[0]?.primitive, 'Disconnect').result.code).toBe(600)
    expect(await phone.code(alive)).toBe(604)
  })

  it('is over while its end is being written', async () => {
    let flush = () => {}
    let isSlow = false
    const village = await openVillage({
      around: store => ({
        ...store,
        commit: async (unit, lane) => {
          if (isSlow) await new Promise<void>(resolve => (flush = resolve))
          return store.commit(unit, lane)
        },
      }),
    })
    const phone = village.phone('alice')
    await phone.login({ timeToLive: 120 })
    await village.world.pass(121)
    isSlow = true
    const ending = village.core.housekeeping.endIdle()
    const { message } = await phone.poll()
    expect(codeOf(message?.transactions[0]?.primitive)).toBe(604)
    flush()
    await ending
  })

  it('does not end before, and any request begins the time anew', async () => {
    const { village, phone } = await idle()
    for (let count = 0; count < 5; count++) {
      await village.world.pass(119)
      expect(await phone.code(alive)).toBe(200)
    }
    await village.world.pass(60)
    await phone.poll()
    await village.world.pass(119)
    expect(await phone.code(alive)).toBe(200)
  })

  it('is told why for an hour', async () => {
    const { village, phone } = await idle()
    await village.world.pass(4000)
    const { message } = await phone.poll()
    expect(codeOf(message?.transactions[0]?.primitive)).toBe(604)
  })

  it('has a fresh time after a restart, whenever it was last used', async () => {
    const { village, phone } = await idle()
    await village.core.housekeeping.stop()
    await village.world.pass(10_000)
    village.restart()
    expect(await phone.code(alive)).toBe(200)
  })

  it('ends after a restart as well, if its client never comes back', async () => {
    const { village } = await idle()
    await village.core.housekeeping.stop()
    village.restart()
    village.core.housekeeping.start()
    await village.world.pass(299)
    expect(await village.store.sessions.ofUser('wv:alice@example.com')).toHaveLength(1)
    await village.world.pass(2)
    expect(await village.store.sessions.ofUser('wv:alice@example.com')).toEqual([])
  })
})

describe('Housekeeping', () => {
  it('writes down activity within 15 seconds, and at the end', async () => {
    const village = await openVillage()
    const phone = await village.ready('alice')
    village.core.housekeeping.start()
    const saved = async () => (await village.store.sessions.ofUser('wv:alice@example.com'))[0]?.lastActivityAt
    await village.world.pass(14)
    await phone.code(alive)
    const used = village.world.now()
    expect(await saved()).toBeLessThan(used)
    await village.world.pass(1)
    expect(await saved()).toBe(used)
    await village.world.pass(5)
    await phone.code(alive)
    await village.core.housekeeping.stop()
    expect(await saved()).toBe(village.world.now())
    expect(village.world.waiting).toBe(0)
  })

  it('goes on after a round that failed', async () => {
    let failures = 0
    const village = await openVillage({
      around: store => ({
        ...store,
        sessions: {
          ...store.sessions,
          touch: activities => {
            failures++
            if (failures < 3) throw new Error('not now')
            return store.sessions.touch(activities)
          },
        },
      }),
    })
    const phone = await village.ready('alice')
    village.core.housekeeping.start()
    await village.world.pass(1)
    await phone.code(alive)
    await village.world.pass(60)
    expect(failures).toBe(3)
  })

  it('CSP 5.6.4.2: drops messages after their validity, and tells senders who wanted to know with 542', async () => {
    const village = await openVillage()
    const bob = await village.ready('bob')
    for (let count = 0; count < 250; count++)
      await bob.send('alice', `${count}`, { info: { validity: 60 }, report: count === 0 })
    await bob.send('alice', 'stays')
    village.core.housekeeping.start()
    await village.world.pass(90)
    expect(await village.store.mailboxes.count('wv:alice@example.com', 'message')).toBe(1)
    const report = (await bob.poll()).message?.transactions[0]
    const { result, messageInfo } = expectPrimitive(report?.primitive, 'DeliveryReportRequest')
    expect(result.code).toBe(542)
    expect(messageInfo.recipient.users).toEqual([expect.objectContaining({ userId: 'wv:alice@example.com' })])
    expect(await (await village.ready('alice')).texts()).toEqual(['stays'])
  })

  it('does not let a message be delivered after its validity, swept or not', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    await bob.send('alice', 'short', { info: { validity: 10 } })
    await village.world.pass(11)
    expect(await alice.texts()).toEqual([])
  })

  it('bounds validity by what the server allows', async () => {
    const village = await openVillage({ config: { 'messages.maxValiditySeconds': 60 } })
    const bob = await village.ready('bob')
    await bob.send('alice', 'forever')
    await bob.send('alice', 'for years', { info: { validity: 99_999_999 } })
    await village.world.pass(61)
    expect(await (await village.ready('alice')).texts()).toEqual([])
  })
})
