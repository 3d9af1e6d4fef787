import { describe, expect, it } from 'vitest'
import { openVillage } from '../../testing/village.ts'

const [alice, bob, carol] = ['alice', 'bob', 'carol'].map(name => `wv:${name}@example.com`) as [string, string, string]
const day = 86_400_000

const open = async (config: Record<string, unknown> = { 'history.days': 30 }, users?: readonly string[]) => {
  const village = await openVillage({ config, users })
  const kept = (userId: string) => village.store.history.page(userId, 0, 100, 1_000_000)
  return { village, kept }
}

describe('History', () => {
  it('is not kept unless days are set', async () => {
    const { village, kept } = await open({})
    await (await village.ready('alice')).send('bob', 'hello')
    expect([await kept(alice), await kept(bob)]).toEqual([[], []])
  })

  it('has the message once it is accepted, for both, delivered or not', async () => {
    const { village, kept } = await open()
    const acceptedAt = village.world.now()
    await (await village.ready('alice')).send('bob', 'hello')
    const [sent] = await kept(alice)
    expect(sent).toMatchObject({ direction: 'sent', other: bob, acceptedAt, expiresAt: acceptedAt + 30 * day })
    expect(new TextDecoder().decode(sent!.content!)).toBe('hello')
    expect(await kept(bob)).toMatchObject([{ direction: 'received', other: alice, messageId: sent!.messageId }])
    expect(await (await village.ready('bob')).texts()).toEqual(['hello'])
    expect(await kept(bob)).toHaveLength(1)
  })

  it('CSP 5.5.2: keeps from each recipient who the others were', async () => {
    const { village, kept } = await open()
    await (await village.ready('alice')).send(['bob', 'carol'], 'hello')
    expect((await kept(alice)).map(({ other }) => other)).toEqual([bob, carol])
    expect(JSON.stringify(await kept(bob))).not.toContain('carol')
  })

  it('tells a sender who is not to notice a block the same as anybody, and the other nothing', async () => {
    const { village, kept } = await open({ 'history.days': 30, 'messages.hideBlock': true })
    const bobs = await village.ready('bob')
    const blockList = { addList: { userIds: [alice] } }
    expect(await bobs.code({ name: 'BlockEntityRequest', body: { blockList, blockListInUse: true } })).toBe(200)
    await (await village.ready('alice')).send(['bob', 'carol'], 'hello')
    expect((await kept(alice)).map(({ other }) => other)).toEqual([bob, carol])
    expect([await kept(bob), (await kept(carol)).length]).toEqual([[], 1])
  })

  it('knows a repeat, after a crash as well', async () => {
    const { village, kept } = await open()
    const phone = await village.ready('alice')
    const first = await phone.send('bob', 'hello', { id: '9' })
    expect(await phone.send('bob', 'hello', { id: '9' })).toEqual(first)
    village.restart()
    expect(await phone.send('bob', 'hello', { id: '9' })).toEqual(first)
    expect([await kept(alice), await kept(bob)]).toMatchObject([{ length: 1 }, { length: 1 }])
  })

  it('has of a refused message nothing, and of one that reached some only those', async () => {
    const { village, kept } = await open({ 'history.days': 30, 'messages.queueLimit': 1 })
    const phone = await village.ready('alice')
    await phone.send('bob', 'first', { id: '8' })
    await phone.send('bob', 'refused', { id: '9' })
    await phone.send(['bob', 'carol', 'nobody'], 'second', { id: '10' })
    expect((await kept(alice)).map(({ other }) => other)).toEqual([bob, carol])
    expect([await kept(bob), await kept(carol)]).toMatchObject([{ length: 1 }, { length: 1 }])
  })

  it('is kept for the days of the domain of each party', async () => {
    const config = {
      domains: 'example.com,kept.example,never.example',
      'history.days': 7,
      'history.domains': 'kept.example=365,never.example=0',
    }
    const [kim, nils] = ['wv:kim@kept.example', 'wv:nils@never.example']
    const { village, kept } = await open(config, ['alice', kim, nils])
    const phone = await village.ready('alice')
    await phone.send([kim, nils], 'hello')
    const at = village.world.now()
    expect((await kept(alice)).map(({ other, expiresAt }) => [other, expiresAt])).toEqual([
      [kim, at + 7 * day],
      [nils, at + 7 * day],
    ])
    expect(await kept(kim)).toMatchObject([{ expiresAt: at + 365 * day }])
    expect(await kept(nils)).toEqual([])
  })

  it('goes when its days are over, whatever the settings are by then', async () => {
    const { village, kept } = await open()
    const phone = await village.ready('alice')
    for (let count = 0; count < 250; count++) await phone.send('bob', `${count}`)
    await village.world.pass(30 * 86_400 - 1)
    await village.core.housekeeping.dropTraces()
    expect(await village.store.history.page(alice, 0, 1000, 1_000_000)).toHaveLength(250)
    await village.world.pass(1)
    await village.core.housekeeping.dropTraces()
    expect([await kept(alice), await kept(bob)]).toEqual([[], []])
  })
})
