import { describe, expect, it } from 'vitest'
import { expectPrimitive } from '../testing/phone.ts'
import { openVillage } from '../testing/village.ts'

const bobId = 'wv:bob@example.com'

describe('Clearing a queue', () => {
  it('takes what waits out of the mailbox and from clients that have not got it', async () => {
    const village = await openVillage()
    const [alice, bob] = [await village.ready('alice'), await village.ready('bob')]
    await alice.send('bob', 'one')
    await alice.send('bob', 'two')
    expect(await village.core.clearQueue(bobId)).toEqual({ cleared: 2, more: false })
    expect(await village.store.mailboxes.count(bobId, 'message')).toBe(0)
    await alice.send('bob', 'three')
    expect(await bob.texts()).toEqual(['three'])
    expect(await village.core.clearQueue(bobId)).toEqual({ cleared: 0, more: false })
  })

  it('goes in portions, and tells senders who wanted to know: 410', async () => {
    const village = await openVillage()
    const alice = await village.ready('alice')
    for (let count = 0; count < 201; count++) await alice.send('bob', `${count}`, { report: count === 0 })
    expect(await village.core.clearQueue(bobId)).toEqual({ cleared: 200, more: true })
    expect(await village.core.clearQueue(bobId)).toEqual({ cleared: 1, more: false })
    const report = (await alice.poll()).message?.transactions[0]
    expect(expectPrimitive(report?.primitive, 'DeliveryReportRequest').result.code).toBe(410)
  })
})
